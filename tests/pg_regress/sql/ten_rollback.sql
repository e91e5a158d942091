-- The module goes alone, twice, with and without its data, and comes back; the rest stands. Types go when nothing is made of them any more.
\i tests/fixtures/tenancy.sql
SELECT object, action FROM model_access.uninstall('{tenancy}') ORDER BY object COLLATE "C";
SELECT count(*) AS again FROM model_access.uninstall('{tenancy}');
SELECT check_name FROM model_access.verify('{people,catalogue,usage,quota,system_models}') WHERE NOT ok;
-- The tables stand closed: no policies, no function.
SELECT c.relname, c.relrowsecurity, (SELECT count(*) FROM pg_policy AS p WHERE p.polrelid = c.oid) AS policies, (SELECT count(*) FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('users', 'user_sessions', 'mcp_configurations', 'system_prompts', 'platform_admins', 'admin_audit_log') ORDER BY c.relname COLLATE "C";
SELECT test.reach(p, 'SELECT id FROM public.users') AS users, test.reach(p, 'SELECT id FROM public.system_prompts') AS prompts, test.reach(p, 'DELETE FROM public.user_sessions') AS sessions FROM unnest('{A,P,W}'::text[]) AS p ORDER BY p;
SELECT DISTINCT module, action FROM model_access.install('{tenancy}') WHERE action <> 'kept' ORDER BY 1, 2;
SELECT * FROM model_access.verify() WHERE NOT ok;
SELECT (SELECT count(*) FROM public.users) AS users, (SELECT count(*) FROM public.user_sessions) AS sessions;
-- With the data: a type that the application uses stays.
CREATE TABLE public.theirs (roles public.user_role[]);
SELECT object, action FROM model_access.uninstall('{tenancy}', true) WHERE object ~ '^(table|type)' ORDER BY object COLLATE "C", action;
SELECT count(*) AS again FROM model_access.uninstall('{tenancy}', true);
SELECT t.typname FROM pg_type AS t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e' ORDER BY t.typname COLLATE "C";
SELECT c.relname, c.relrowsecurity, has_table_privilege('authenticated', c.oid, 'SELECT,INSERT,UPDATE,DELETE') OR has_table_privilege('service_role', c.oid, 'SELECT,INSERT,UPDATE,DELETE') OR has_any_column_privilege('authenticated', c.oid, 'SELECT') AS open
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relname ~ '^(users|user_sessions|mcp_configurations|system_prompts|platform_admins|admin_audit_log)' AND c.relkind = 'r' ORDER BY c.relname COLLATE "C";
SELECT check_name FROM model_access.verify('{people,catalogue,usage,quota,system_models}') WHERE NOT ok;
SELECT test.reach('P', 'SELECT * FROM public.organizations') AS organizations, test.reach('W', 'SELECT 1') AS platform;
DROP TABLE public.user_sessions_new_backup, public.users_new_backup, public.mcp_configurations_new_backup, public.system_prompts_new_backup, public.platform_admins_new_backup, public.admin_audit_log_new_backup;
SELECT object, action FROM model_access.uninstall('{tenancy}') ORDER BY object COLLATE "C";
DROP TABLE public.theirs;
SELECT object, action FROM model_access.uninstall('{tenancy}') ORDER BY object COLLATE "C";
SELECT DISTINCT module, action FROM model_access.install() WHERE action <> 'kept' ORDER BY 1, 2;
SELECT * FROM model_access.verify() WHERE NOT ok;
-- A backup is never overwritten, and then nothing goes.
CREATE TABLE public.users_new_backup (id integer);
SELECT test.outcome($$SELECT * FROM model_access.uninstall('{tenancy}', true)$$);
SELECT * FROM model_access.verify() WHERE NOT ok;
SELECT count(*) > 0 AS away FROM model_access.uninstall();
SELECT to_regprocedure('public.update_updated_at_column()') IS NULL AS function_gone;
DROP EXTENSION model_access;
