-- API-14: the timeouts that PostgREST sets for a request, those of the API role, stop a function of ours and are the same after it.
\set SHOW_CONTEXT never
\pset footer off
-- None has settings of its own, which PostgREST would set for the request instead.
SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.pronamespace IN ('public'::regnamespace, 'model_access'::regnamespace) AND p.proconfig IS NOT NULL AND p.prorettype <> 'trigger'::regtype;
CREATE TABLE test.large AS SELECT test.feed(40000) AS feed;
GRANT SELECT ON test.large TO service_role;
\connect - authenticator
BEGIN; SELECT test.request('service_role');
SET LOCAL statement_timeout = '8s'; SET LOCAL lock_timeout = '8s';
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'success' AS synced, (SELECT d.reason FROM public.check_model_quota(test.id('A'), 'acme/m1') AS d) AS reason, (SELECT count(*) > 0 FROM public.get_engine_stats()) AS stats;
SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'search_path') ORDER BY name;
SAVEPOINT before; SET LOCAL statement_timeout = '50ms';
SELECT public.sync_openrouter_models(feed) ->> 'success' AS synced FROM test.large;
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO before;
SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'search_path') ORDER BY name;
SELECT (SELECT count(*) FROM public.model_access) AS models, current_user; COMMIT;
