-- database: plain
-- INS-01, INS-03: on a PostgreSQL that is no Supabase the extension installs; install() says what is missing and by which file it comes, and leaves nothing behind.
CREATE EXTENSION model_access;
SELECT extname, nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE extname = 'model_access';
SELECT count(*) AS schema_auth FROM pg_namespace WHERE nspname = 'auth';
\set VERBOSITY default
SELECT * FROM model_access.install();
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) AS objects_in_public FROM pg_class WHERE relnamespace = 'public'::regnamespace;
SELECT count(*) AS functions_in_public FROM pg_proc WHERE pronamespace = 'public'::regnamespace;
-- Nor does anything work before it, or crash.
SELECT * FROM model_access.get_user_allowed_models_v2();
\echo :LAST_ERROR_SQLSTATE
SELECT model_access.sync_openrouter_models('[]');
\echo :LAST_ERROR_SQLSTATE
SELECT model_access.model_access_is_admin();
SELECT count(*) > 0 AS rows, bool_or(ok) AS any_ok FROM model_access.verify() WHERE check_name LIKE 'table %';
DROP EXTENSION model_access;
SELECT count(*) AS functions_left FROM pg_proc WHERE pronamespace = 'model_access'::regnamespace;
