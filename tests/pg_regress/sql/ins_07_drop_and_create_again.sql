-- INS-07: the extension is dropped by its developer and created again, twice and once with CASCADE; roles, tables and data stay, and nothing is open in between.
\set VERBOSITY terse
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
SELECT test.catalogue_hash() AS hash \gset
-- While wrappers, policies and triggers use it, it does not go, and nothing of it does.
DROP EXTENSION model_access;
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) > 0 AS uninstalled FROM model_access.uninstall();
DROP EXTENSION model_access;
SELECT count(*) AS functions_left FROM pg_proc WHERE pronamespace = 'model_access'::regnamespace;
-- In between.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT (SELECT count(*) FROM public.model_access) AS models, (SELECT count(*) FROM public.profiles) AS profiles, left(test.outcome('UPDATE public.profiles SET role = ''superadmin'''), 8) AS raise;
ROLLBACK;
\connect - postgres
CREATE EXTENSION model_access;
SELECT array_agg(DISTINCT action ORDER BY action) AS actions FROM model_access.install();
SELECT count(*) AS not_ok FROM model_access.verify() WHERE NOT ok;
SELECT test.catalogue_hash() = :'hash' AS data_kept;
SELECT count(*) > 0 AS uninstalled FROM model_access.uninstall();
DROP EXTENSION model_access;
CREATE EXTENSION model_access;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_unchanged' AS unchanged;
SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated', 'service_role') ORDER BY rolname;
-- A session that had the old one goes on with the new one; so it does after CASCADE, which opens no table.
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS may;
SET client_min_messages = warning;
DROP EXTENSION model_access CASCADE;
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relrowsecurity;
CREATE EXTENSION model_access;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT count(*) AS not_ok FROM model_access.verify() WHERE NOT ok;
SELECT test.catalogue_hash() = :'hash' AS data_kept;
