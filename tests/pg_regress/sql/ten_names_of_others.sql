-- database: supabase
-- Tables, views and types of the application that have a name of tenancy's and another shape are refused before anything is changed; what does without the module is installed beside them, asks them nothing, and takes nothing of them away.
CREATE EXTENSION model_access;
CREATE VIEW public.state AS SELECT c.oid, c.relname, c.relfilenode, c.relrowsecurity, coalesce(c.relacl::text, '') AS acl, c.relnatts, c.relhastriggers FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i');
CREATE FUNCTION public.refused() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    PERFORM model_access.install();
    RETURN 'installed';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, detail, hint);
END $$;
-- Tables and types that have the names only.
CREATE TABLE public.users (id integer PRIMARY KEY, name text);
INSERT INTO public.users VALUES (1, 'theirs');
CREATE TEMP TABLE before AS SELECT * FROM public.state;
SELECT public.refused();
(TABLE before EXCEPT TABLE public.state) UNION ALL (TABLE public.state EXCEPT TABLE before);
-- What does without them is installed, completed and taken away beside them, and asks them nothing.
SELECT count(*) > 0 AS installed FROM model_access.install(ARRAY['catalogue', 'usage', 'quota', 'system_models']);
SELECT count(*) > 0 AS completed FROM model_access.install(ARRAY['catalogue']);
SELECT public.refused() LIKE '55000 %' AS still_refused;
SELECT count(*) AS wrong FROM model_access.verify(ARRAY['catalogue', 'usage', 'quota', 'system_models']) WHERE NOT ok;
SELECT model_access.organizations_of_caller(), model_access.app_current_org_id() AS organization, model_access.app_is_platform_admin() AS platform FROM set_config('app.user_id', '00000000-0000-4000-8000-00000000000a', false);
SELECT set_config('app.user_id', '', false);
SELECT count(*) > 0 AS away FROM model_access.uninstall(drop_data => true);
SELECT * FROM public.users;
DROP TABLE public.users;
CREATE TABLE public.users (id uuid PRIMARY KEY, email text, role text, full_name text);
SELECT public.refused();
DROP TABLE public.users;
CREATE VIEW public.users AS SELECT 1 AS id;
SELECT public.refused();
DROP VIEW public.users;
CREATE TYPE public.user_role AS ENUM ('owner', 'member');
SELECT public.refused();
DROP TYPE public.user_role;
CREATE TABLE public.users (id uuid DEFAULT gen_random_uuid(), email text NOT NULL, organization_id uuid NOT NULL);
SELECT public.refused();
DROP TABLE public.users;
