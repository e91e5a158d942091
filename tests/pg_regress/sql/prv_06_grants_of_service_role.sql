-- PRV-06: everything that service_role needs is granted by name; BYPASSRLS is no grant, and the functions do not need it.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
SELECT p.oid::regprocedure AS wrapper, EXISTS (SELECT FROM aclexplode(p.proacl) AS e WHERE e.grantee = 'service_role'::regrole AND e.privilege_type = 'EXECUTE') AS by_name,
       EXISTS (SELECT FROM pg_proc AS n, aclexplode(n.proacl) AS e WHERE n.pronamespace = 'model_access'::regnamespace AND n.proname = p.proname AND e.grantee = 'service_role'::regrole) AS behind_it
  FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.oid::regprocedure::text COLLATE "C";
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT (SELECT count(*) FROM public.model_access) AS models, (SELECT count(*) FROM public.profiles) AS profiles, (SELECT count(*) FROM public.model_sync_log) AS runs,
       (SELECT count(*) FROM public.model_price_history) AS prices, (SELECT count(*) FROM public.model_review_items) AS reviews, (SELECT count(*) FROM public.model_access_settings) AS settings,
       (SELECT count(*) FROM public.model_catalogue_version) AS version, (SELECT count(*) FROM public.user_activity_log) AS activity;
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'success' AS sync, public.force_sync_openrouter_models(test.feed(3)) ->> 'success' AS forced,
       public.update_model_tier_access('acme/m1', true, NULL, NULL, 'active') ->> 'success' AS tiers;
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS may;
-- Settings and limits are its to write; prices and the installation are not.
SELECT what, left(test.outcome(what), 8) FROM unnest(ARRAY[
    'UPDATE public.model_access_settings SET max_inactive_percent = 40 WHERE singleton', 'UPDATE public.model_access SET daily_limit = 5 WHERE model_id = ''acme/m1''',
    'INSERT INTO public.user_activity_log (user_id, action) VALUES (test.id(''A''), ''x'')', 'UPDATE public.model_price_history SET pricing = ''{}''', 'DELETE FROM public.model_access_settings',
    'INSERT INTO public.model_access_settings DEFAULT VALUES', 'UPDATE public.model_catalogue_version SET version = 1', 'TRUNCATE public.model_access', 'SELECT * FROM model_access.install()',
    'SELECT * FROM model_access.uninstall(drop_data => true)', 'SELECT model_access.make_wrapper(''can_user_use_model'')']) AS what;
ROLLBACK;
-- Without BYPASSRLS the functions work the same.
\connect - supabase_admin
BEGIN;
CREATE ROLE regress_server NOLOGIN NOBYPASSRLS IN ROLE service_role;
SET ROLE regress_server;
SELECT count(*) AS rows_seen FROM public.model_access;
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'success' AS sync, public.can_user_use_model(test.id('B'), 'acme/m1') IS NOT NULL AS answered;
ROLLBACK;
