-- database: supabase
-- R-08: after the adoption of an application profiles.allowed_models is gone, nothing refers to it, and its lists are kept aside.
\set ECHO none
\i tests/fixtures/seed_database.sql
\i tests/fixtures/plpgsql_functions.sql
\set ECHO all
SELECT count(*) AS lists FROM public.profiles WHERE allowed_models <> '{}';
\set ECHO none
\o /dev/null
CREATE EXTENSION model_access;
SELECT * FROM model_access.install();
\i sql/cutover/functions.sql
\o
\set ECHO all
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = 'profiles' AND column_name = 'allowed_models' ORDER BY table_name;
SELECT p.oid::regprocedure AS refers FROM pg_proc AS p
 WHERE p.pronamespace = 'public'::regnamespace AND p.prosrc ~* '\yallowed_models\y' ORDER BY p.proname;
SELECT v.viewname AS refers FROM pg_views AS v
 WHERE v.schemaname = 'public' AND v.definition ~* '\yallowed_models\y' ORDER BY v.viewname;
SELECT p.policyname AS refers FROM pg_policies AS p
 WHERE p.schemaname = 'public' AND concat(p.qual, p.with_check) ~* '\yallowed_models\y' ORDER BY p.policyname;
SELECT count(*) AS users, count(*) FILTER (WHERE allowed_models <> '{}') AS lists FROM public.profiles_allowed_models_backup;
SELECT count(*) > 0 AS verify_tells, bool_and(ok) AS ok FROM model_access.verify() WHERE check_name ~ '\yallowed_models\y';
