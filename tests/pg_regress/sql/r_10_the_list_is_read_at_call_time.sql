-- R-10: a list depends on tier and table alone, as they are at the call: in the same transaction and in a plan made before.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
PREPARE listed AS SELECT coalesce(string_agg(l.model_id, ' ' ORDER BY l.model_id), 'none') AS listed FROM public.get_user_allowed_models_v2(test.id('A')) AS l;
EXECUTE listed;
BEGIN;
SELECT public.update_model_tier_access('acme/m1', p_is_free => true, p_status => 'active') ->> 'success' AS opened;
EXECUTE listed;
ROLLBACK;
EXECUTE listed;
SELECT public.update_model_tier_access('acme/m2', p_is_pro => true, p_status => 'active') ->> 'success' AS opened;
EXECUTE listed;
UPDATE public.profiles SET subscription_tier = 'pro' WHERE id = test.id('A');
EXECUTE listed;
UPDATE public.model_access SET status = 'disabled' WHERE model_id = 'acme/m2';
EXECUTE listed;
