-- IDN-10: an anonymous sign-in (role authenticated, is_anonymous, no profile) has the free tier like anybody without a profile.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'N', '{"is_anonymous": true}');
SELECT model_id FROM public.get_user_allowed_models_v2();
SELECT public.can_user_use_model(NULL, 'acme/m1') AS m1, public.can_user_use_model(NULL, 'acme/m2') AS m2, public.model_access_is_admin() AS admin;
SELECT test.outcome(format('SELECT * FROM public.get_user_allowed_models_v2(%L)', test.id('B')));
ROLLBACK;
-- The claim takes nothing away from a user with a profile either.
BEGIN;
SELECT test.request('authenticated', 'B', '{"is_anonymous": true}');
SELECT model_id FROM public.get_user_allowed_models_v2();
ROLLBACK;
