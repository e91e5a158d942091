-- uninstall() takes the rules away and opens nothing; with drop_data the tables go after closed backups; then the
-- extension can be dropped, and install() starts anew.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
DROP EXTENSION model_access;
SELECT object, action FROM model_access.uninstall() ORDER BY object COLLATE "C";
SELECT relname, relrowsecurity, has_table_privilege('authenticated', oid, 'SELECT') AS client_may_ask FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND (NOT relispartition OR relname = 'ai_usage_other') ORDER BY relname COLLATE "C";
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT (SELECT count(*) FROM public.model_access) AS models, (SELECT count(*) FROM public.profiles) AS profiles;
ROLLBACK;
SELECT object, action FROM model_access.uninstall() ORDER BY object COLLATE "C";
SELECT DISTINCT action FROM model_access.install() ORDER BY action;
SELECT * FROM model_access.verify() WHERE NOT ok;
SELECT model_id FROM public.get_user_allowed_models_v2(test.id('A'));
-- With the data.
SELECT object, action FROM model_access.uninstall(drop_data => true) WHERE object LIKE 'table %' ORDER BY object COLLATE "C";
SELECT relname, relrowsecurity, relacl IS NULL OR NOT has_table_privilege('anon', oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER') AS closed
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND (NOT relispartition OR relname = 'ai_usage_other') ORDER BY relname COLLATE "C";
SELECT count(*) AS rows_kept FROM public.model_access_new_backup;
SELECT count(*) AS people FROM public.profiles;
DROP EXTENSION model_access;
CREATE EXTENSION model_access;
SELECT public.get_user_allowed_models_v2(test.id('A'));
SELECT test.outcome('SELECT * FROM model_access.get_user_allowed_models_v2()');
SELECT DISTINCT action FROM model_access.install() ORDER BY action;
SELECT * FROM model_access.verify() WHERE NOT ok;
-- A backup is never overwritten.
SELECT test.outcome('SELECT * FROM model_access.uninstall(drop_data => true)');
SELECT count(*) AS rows_kept FROM public.model_access_new_backup;
-- A module goes with those that need it, and without those that it needs.
SELECT string_agg(format('public.%I', relname), ', ') AS backups FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname LIKE '%\_new\_backup' \gset
DROP TABLE :backups;
SELECT DISTINCT module FROM model_access.uninstall(ARRAY['catalogue']) ORDER BY module;
SELECT DISTINCT module FROM model_access.verify() WHERE NOT ok;
SELECT DISTINCT module FROM model_access.install(ARRAY['settings']) ORDER BY module;
SELECT DISTINCT module FROM model_access.uninstall(ARRAY['settings']) ORDER BY module;
SELECT DISTINCT action FROM model_access.install() ORDER BY action;
