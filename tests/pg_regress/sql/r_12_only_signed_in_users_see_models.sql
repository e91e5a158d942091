-- R-12: what stands behind /api/models asks for a signed-in user and keeps to his tier: anon may call nothing and sees no row.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
SELECT public.update_model_tier_access('acme/m1', true, NULL, NULL, 'active') ->> 'success' AS m1,
       public.update_model_tier_access('acme/m2', NULL, true, NULL, 'active') ->> 'success' AS m2;
BEGIN;
SELECT test.request('anon');
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2()');
SELECT test.outcome('SELECT public.can_user_use_model(NULL, ''acme/m1'')');
SELECT test.outcome('SELECT * FROM public.model_access');
ROLLBACK;
-- Where the application granted it: no policy, no row.
GRANT SELECT ON public.model_access TO anon;
BEGIN;
SELECT test.request('anon');
SELECT count(*) AS rows_for_anon FROM public.model_access;
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT model_id FROM public.get_user_allowed_models_v2() ORDER BY model_id;
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2(test.id(''B''))');
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT model_id FROM public.get_user_allowed_models_v2() ORDER BY model_id;
ROLLBACK;
