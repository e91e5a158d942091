-- IDN-14: the developer role, as psql and pg_cron have it (no SET ROLE, no claims), administers.
SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser, current_setting('request.jwt.claims', true) IS NULL AS no_claims;
SELECT answer ->> 'success' AS success, answer ->> 'models_added' AS added FROM public.sync_openrouter_models(test.feed(3)) AS answer;
SELECT answer ->> 'success' AS success, answer ->> 'models_marked_inactive' AS inactive FROM public.force_sync_openrouter_models(test.feed(2)) AS answer;
SELECT public.update_model_tier_access('acme/m1', true, true, true, 'active') ->> 'success' AS success;
SELECT model_id FROM public.get_user_allowed_models_v2(test.id('A'));
SELECT count(*) > 0 AS checked, bool_and(ok) AS ok FROM model_access.verify();
SELECT public.model_access_is_admin() AS a_signed_in_admin;
-- Also with claims left behind, and in the role that a server has.
SET request.jwt.claims = '{"role": "anon"}';
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_unchanged' AS unchanged;
SET ROLE service_role;
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_unchanged' AS unchanged;
SET ROLE authenticated;
SELECT test.outcome('SELECT public.sync_openrouter_models(test.feed(2))');
