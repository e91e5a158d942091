-- database: supabase
-- ESC-01: what model_access_replaced holds is run with its owner's rights: nobody but the owner writes it, or has it run.
\set SHOW_CONTEXT never
-- A superuser's installation: his default privileges give the developer all of each new table.
\connect - supabase_admin
SET client_min_messages = error;
CREATE EXTENSION model_access;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT c.relname, e.grantee::regrole::text AS grantee, string_agg(e.privilege_type, ', ' ORDER BY e.privilege_type COLLATE "C") AS may
  FROM pg_class AS c, aclexplode(c.relacl) AS e
 WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('model_access_settings', 'model_access_replaced') AND e.grantee <> c.relowner AND e.privilege_type <> 'MAINTAIN'
 GROUP BY c.relname, e.grantee ORDER BY c.relname COLLATE "C", e.grantee::regrole::text COLLATE "C";
\connect - postgres
INSERT INTO public.model_access_replaced (kind, name, place, statement) VALUES ('function', 'jsonb_deep_merge', 1, 'ALTER ROLE postgres SUPERUSER');
UPDATE public.model_access_settings SET owner_role = 'postgres' WHERE singleton;
-- The developer may call these functions, but not in the superuser's name.
SELECT * FROM model_access.cut_back();
SELECT * FROM model_access.cut_over();
SELECT * FROM model_access.uninstall();
SELECT model_access.note_table('profiles');
SELECT model_access.set_aside_allowed_models();
-- Somebody gave the privilege away: nothing of the table is run any more, not even for the superuser.
\connect - supabase_admin
GRANT UPDATE (statement), INSERT ON public.model_access_replaced TO postgres;
\connect - postgres
INSERT INTO public.model_access_replaced (kind, name, place, statement) VALUES ('function', 'jsonb_deep_merge', 1, 'ALTER ROLE postgres SUPERUSER');
\connect - supabase_admin
SELECT * FROM model_access.cut_back();
SELECT * FROM model_access.uninstall();
SELECT rolsuper FROM pg_roles WHERE rolname = 'postgres';
