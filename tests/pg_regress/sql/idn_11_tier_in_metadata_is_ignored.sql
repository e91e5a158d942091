-- IDN-11: the tier is the one of profiles; what a user can write into the token's or the account's metadata is ignored.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
\connect - supabase_admin
ALTER TABLE auth.users ADD COLUMN raw_user_meta_data jsonb, ADD COLUMN subscription_tier text;
UPDATE auth.users SET raw_user_meta_data = '{"tier": "enterprise", "subscription_tier": "enterprise"}', subscription_tier = 'enterprise' WHERE id IN (test.id('A'), test.id('N'));
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A', '{"user_metadata": {"tier": "enterprise", "subscription_tier": "enterprise"}, "app_metadata": {"tier": "enterprise", "role": "superadmin"}, "subscription_tier": "enterprise"}');
SELECT model_id FROM public.get_user_allowed_models_v2();
SELECT public.can_user_use_model(NULL, 'acme/m2') AS m2, public.model_access_is_admin() AS admin;
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'N', '{"user_metadata": {"tier": "enterprise"}}');
SELECT model_id FROM public.get_user_allowed_models_v2();
ROLLBACK;
\connect - postgres
UPDATE public.profiles SET subscription_tier = 'enterprise' WHERE id = test.id('A');
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT model_id FROM public.get_user_allowed_models_v2();
ROLLBACK;
