-- database: supabase
-- PRV-10: tables that a superuser owns: nobody else may plant on them or replace them what then runs as the superuser.
\set SHOW_CONTEXT never
\connect - supabase_admin
SET client_min_messages = error;
CREATE EXTENSION model_access;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT c.relname, e.grantee::regrole AS may_plant_triggers FROM pg_class AS c, aclexplode(c.relacl) AS e
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S') AND e.grantee <> c.relowner AND e.privilege_type = 'TRIGGER' ORDER BY c.relname COLLATE "C";
-- Neither a client nor the developer, who is no superuser here either.
\connect - postgres
CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE WARNING 'ran as a superuser: %', (SELECT rolsuper FROM pg_roles WHERE rolname = current_user);
    RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT ON public.model_sync_log FOR EACH STATEMENT EXECUTE FUNCTION public.note();
SET ROLE authenticated;
CREATE TRIGGER note AFTER INSERT ON public.model_access FOR EACH STATEMENT EXECUTE FUNCTION public.note();
CREATE RULE note AS ON INSERT TO public.model_sync_log DO ALSO SELECT 1;
RESET ROLE;
SET ROLE service_role;
SELECT answer ->> 'error' AS error FROM public.sync_openrouter_models('[]') AS answer;
RESET ROLE;
-- Whoever owns the schema can put a table of his own in the place of ours: the engine does not write into it.
DROP TABLE public.model_sync_log;
CREATE TABLE public.model_sync_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), sync_started_at timestamptz, sync_completed_at timestamptz, total_openrouter_models integer, models_added integer, models_updated integer,
    models_marked_inactive integer, sync_status varchar(20), error_message text, error_details jsonb, duration_ms integer, created_at timestamptz NOT NULL DEFAULT now(),
    models_unchanged integer, models_reactivated integer, models_rejected integer, models_duplicate integer);
CREATE TRIGGER note AFTER INSERT ON public.model_sync_log FOR EACH STATEMENT EXECUTE FUNCTION public.note();
SET ROLE service_role;
SELECT answer ->> 'error' AS error FROM public.sync_openrouter_models('[]') AS answer;
