-- database: supabase
-- A database that has seed 003's tables keeps its rows, and gets columns, rules, keys and policies that it lacks; rows that break them stay, with a WARNING. The way back.
CREATE EXTENSION model_access;
-- Tables as the seed's file leaves them, with rows that break rules, a key without an action, a default of another extension, and a function of their own that notes changes.
CREATE TYPE public.user_role AS ENUM ('admin', 'user');
CREATE TYPE public.prompt_scope AS ENUM ('global', 'organization', 'user');
CREATE TABLE public.organizations (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, slug text NOT NULL UNIQUE, metadata jsonb DEFAULT '{}', created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE FUNCTION public.random_id() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
CREATE TABLE public.users (id uuid PRIMARY KEY DEFAULT public.random_id(), email varchar(255) UNIQUE, organization_id uuid NOT NULL REFERENCES public.organizations (id), role public.user_role NOT NULL DEFAULT 'user', secret text, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
CREATE TABLE public.system_prompts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), scope public.prompt_scope NOT NULL, organization_id uuid REFERENCES public.organizations (id) ON DELETE CASCADE, user_id uuid, content text NOT NULL, priority integer NOT NULL DEFAULT 0, template text,
    enabled boolean NOT NULL DEFAULT true, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), created_by uuid);
-- A log without keys and rules.
CREATE TABLE public.audit_logs (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), timestamp timestamptz DEFAULT now(), user_id uuid, organization_id uuid, action text, resource_type text NOT NULL, success boolean DEFAULT true);
INSERT INTO public.audit_logs (user_id, action, resource_type) VALUES ('00000000-0000-4000-8000-00000000000f', 'by somebody who is gone', 'x'), (NULL, NULL, 'x'), (NULL, ' ', 'x');
CREATE FUNCTION public.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = NOW();
    RETURN NEW;
END;
$$;
CREATE TRIGGER update_users_updated_at BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
CREATE POLICY users_view_org ON public.users FOR SELECT USING (organization_id IN (SELECT u.organization_id FROM public.users AS u));
GRANT SELECT ON public.users TO authenticated;
ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
INSERT INTO public.organizations (id, name, slug) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One', 'one');
INSERT INTO public.users (id, email, organization_id, role, secret) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', 'x'), ('00000000-0000-4000-8000-00000000000b', 'no address', '00000000-0000-4000-8000-0000000000f1', 'user', 'y'),
    ('00000000-0000-4000-8000-00000000000c', NULL, '00000000-0000-4000-8000-0000000000f1', 'user', 'z');
INSERT INTO public.system_prompts (scope, organization_id, user_id, content) VALUES ('global', NULL, NULL, 'x'), ('user', '00000000-0000-4000-8000-0000000000f1', '00000000-0000-4000-8000-00000000000f', 'of somebody who is gone'), ('organization', NULL, NULL, ' ');
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT email, role, is_active, secret, metadata FROM public.users ORDER BY id;
SELECT count(*) AS prompts FROM public.system_prompts;
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
SELECT t.tgrelid::regclass, t.tgname FROM pg_trigger AS t WHERE t.tgfoid = 'public.update_updated_at_column()'::regprocedure ORDER BY t.tgrelid::regclass::text COLLATE "C";
SELECT has_table_privilege('authenticated', 'public.users', 'SELECT') AS whole, has_column_privilege('authenticated', 'public.users', 'secret', 'SELECT') AS secret, has_column_privilege('authenticated', 'public.users', 'email', 'SELECT') AS email;
-- Once mended, it is sound.
UPDATE public.users SET email = right(id::text, 1) || '@example.test' WHERE true;
DELETE FROM public.system_prompts WHERE content <> 'x';
ALTER TABLE public.audit_logs DISABLE TRIGGER keep_audit_log;
DELETE FROM public.audit_logs WHERE coalesce(action, ' ') = ' ' OR user_id IS NOT NULL;
ALTER TABLE public.audit_logs ENABLE ALWAYS TRIGGER keep_audit_log;
ALTER TABLE public.audit_logs VALIDATE CONSTRAINT audit_logs_action_check, VALIDATE CONSTRAINT audit_logs_user_id_fkey;
ALTER TABLE public.users VALIDATE CONSTRAINT users_email_check;
ALTER TABLE public.users DROP CONSTRAINT users_organization_id_fkey;
ALTER TABLE public.system_prompts VALIDATE CONSTRAINT system_prompts_content_check, VALIDATE CONSTRAINT system_prompts_organization_check, VALIDATE CONSTRAINT system_prompts_user_id_fkey;
SELECT count(*) > 0 AS again FROM model_access.install();
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
-- A function of that name that does something else, or belongs to somebody else, is nobody's but its owner's.
CREATE OR REPLACE FUNCTION public.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.usage_stats = now(); RETURN NEW; END';
DROP TRIGGER update_system_prompts_updated_at ON public.system_prompts;
SELECT count(*) > 0 AS again FROM model_access.install('{tenancy}');
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
-- The way back: policy and privilege of the application, its function and trigger, its rows.
SELECT object, action FROM model_access.uninstall('{tenancy}') WHERE object ~ '(users|system_prompts|type|trigger function)' ORDER BY object COLLATE "C", action;
SELECT p.polname, pg_get_expr(p.polqual, p.polrelid) AS rule FROM pg_policy AS p WHERE p.polrelid = 'public.users'::regclass;
SELECT has_table_privilege('authenticated', 'public.users', 'SELECT') AS whole, (SELECT string_agg(t.tgname, ', ' ORDER BY t.tgname) FROM pg_trigger AS t WHERE t.tgrelid = 'public.users'::regclass AND NOT t.tgisinternal) AS triggers, (SELECT count(*) FROM public.users) AS rows;
SELECT count(*) > 0 AS away FROM model_access.uninstall(drop_data => true);
SELECT (SELECT count(*) FROM public.users) AS users, (SELECT count(*) FROM public.system_prompts) AS prompts, to_regprocedure('public.update_updated_at_column()') IS NOT NULL AS function, to_regclass('public.user_sessions') IS NULL AS ours_gone,
       (SELECT string_agg(t.typname, ', ' ORDER BY t.typname COLLATE "C") FROM pg_type AS t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e') AS types;
