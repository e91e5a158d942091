-- database: supabase
-- A database that has the seed's tables keeps its rows. They are as an application may have them: keys that delete, narrow tokens, types that may be NULL, rows that break rules, a function and an index of ours.
SET TimeZone = 'UTC';
CREATE EXTENSION model_access;
CREATE TABLE public.organizations (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, type text CHECK (type IN ('education', 'job')), pricing_plan text, token_quota_monthly integer, token_usage_current integer DEFAULT 0, token_reset_date timestamptz);
INSERT INTO public.organizations (id, name, type, pricing_plan, token_quota_monthly) VALUES ('10000000-0000-4000-8000-000000000001', 'One', 'education', 'free', 100), ('10000000-0000-4000-8000-000000000002', 'Two', NULL, NULL, NULL);
CREATE TABLE public.ai_models_system (id bigserial PRIMARY KEY, name text NOT NULL, role text NOT NULL, task jsonb, system_message text NOT NULL, api_key text NOT NULL, endpoint text NOT NULL, max_tokens integer NOT NULL DEFAULT 200, icon text,
    organization_types text[] DEFAULT '{}', required_plan text NOT NULL DEFAULT 'free' CONSTRAINT valid_required_plan CHECK (required_plan IN ('free', 'starter', 'pro', 'enterprise')), token_limit_period text, token_limit_amount integer, is_free boolean NOT NULL DEFAULT false,
    is_trial boolean NOT NULL DEFAULT false, trial_expires_days integer, is_active boolean NOT NULL DEFAULT true, is_featured boolean NOT NULL DEFAULT false, description text, tags text[] DEFAULT '{}', sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE public.org_system_model_config (id bigserial PRIMARY KEY, organization_id uuid NOT NULL REFERENCES public.organizations (id) ON DELETE CASCADE, system_model_id bigint NOT NULL REFERENCES public.ai_models_system (id) ON DELETE CASCADE,
    is_enabled_for_users boolean NOT NULL DEFAULT true, token_limit_per_user integer, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), UNIQUE (organization_id, system_model_id));
CREATE TABLE public.ai_model_usage (id bigserial PRIMARY KEY, user_id uuid NOT NULL CONSTRAINT stays REFERENCES auth.users (id), organization_id uuid NOT NULL CONSTRAINT goes_along REFERENCES public.organizations (id) ON DELETE CASCADE, model_id bigint NOT NULL, model_type text NOT NULL, model_name text,
    tokens_used integer NOT NULL, requests_count integer NOT NULL DEFAULT 1, period_start timestamptz NOT NULL, period_end timestamptz NOT NULL, period_type text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE FUNCTION public.update_ai_models_system_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = NOW(); RETURN NEW; END; $$;
CREATE TRIGGER trigger_ai_models_system_updated_at BEFORE UPDATE ON public.ai_models_system FOR EACH ROW EXECUTE FUNCTION public.update_ai_models_system_updated_at();
CREATE POLICY "User read enabled system models" ON public.ai_models_system FOR SELECT USING (is_active);
GRANT SELECT ON public.ai_models_system TO authenticated;
INSERT INTO public.ai_models_system (name, role, system_message, api_key, endpoint, organization_types, max_tokens, is_free) VALUES ('Basic Assistant', 'theirs', 'theirs', 'sk-theirs', 'x', NULL, 0, true), ('Theirs', 'x', 'x', 'sk-theirs', 'x', '{education}', 100, false);
INSERT INTO public.org_system_model_config (organization_id, system_model_id, created_at) VALUES ('10000000-0000-4000-8000-000000000001', 1, '2026-01-05');
INSERT INTO auth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test');
INSERT INTO public.ai_model_usage (user_id, organization_id, model_id, model_type, tokens_used, period_start, period_end, period_type, created_at)
SELECT '00000000-0000-4000-8000-00000000000a', '10000000-0000-4000-8000-000000000001', m, 'system', 5, '2026-01-01', '2026-02-01', 'monthly', d FROM (VALUES (1, '2025-12-01'::timestamptz), (2, '2026-01-20'), (2, '2026-01-10')) AS u (m, d);
CREATE VIEW public.theirs AS SELECT tokens_used FROM public.ai_model_usage;
SELECT count(*) FROM model_access.install();
DROP VIEW public.theirs;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT name, type, pricing_plan, token_quota_monthly, token_usage_current, token_reset_date = date_trunc('month', now()) + interval '1 month' AS first_of_next FROM public.organizations ORDER BY name;
SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute AS a WHERE a.attrelid = 'public.organizations'::regclass AND a.attname IN ('type', 'token_quota_monthly', 'token_usage_current', 'token_reset_anchor') ORDER BY a.attname;
-- NULLs in what was there before open nothing.
INSERT INTO auth.users (id, email) SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, n || '@example.test' FROM unnest('{1,2}'::text[]) AS n;
INSERT INTO public.profiles (id, email, role, organization_id) SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, n || '@example.test', 'admin', ('10000000-0000-4000-8000-00000000000' || n)::uuid FROM unnest('{1,2}'::text[]) AS n;
SELECT n AS admin_of, (SELECT string_agg(m.name, ', ' ORDER BY m.sort_order, m.id) FROM public.get_available_system_models(('00000000-0000-4000-8000-00000000000' || n)::uuid) AS m) AS models FROM unnest('{1,2}'::text[]) AS n;
SELECT count(*) AS rows, count(*) FILTER (WHERE role = 'theirs' AND organization_types = '{}') AS theirs FROM public.ai_models_system;
SELECT system_model_id, started_at FROM public.system_model_trials ORDER BY system_model_id;
-- What a free model used was not counted by the seed, and is not now.
SELECT model_id, is_free FROM public.ai_model_usage ORDER BY id;
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
SELECT has_table_privilege('authenticated', 'public.ai_models_system', 'SELECT') AS all_columns, has_column_privilege('authenticated', 'public.ai_models_system', 'api_key', 'SELECT') AS keys;
-- The bill outlives user and organisation; the way back brings keys, policy and privilege.
UPDATE public.ai_models_system SET max_tokens = 10 WHERE max_tokens = 0;
ALTER TABLE public.ai_models_system VALIDATE CONSTRAINT ai_models_system_max_tokens_check;
DELETE FROM auth.users WHERE id = '00000000-0000-4000-8000-00000000000a';
DELETE FROM public.organizations WHERE id = '10000000-0000-4000-8000-000000000001';
SELECT count(*) AS bills, (SELECT count(*) FROM public.org_system_model_config) AS configs FROM public.ai_model_usage;
SELECT count(*) > 0 AS again FROM model_access.install();
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
SELECT object, action FROM model_access.uninstall('{system_models}') WHERE object LIKE 'table%' OR object LIKE 'trigger%' OR object LIKE '%goes_along%' OR object LIKE '%stays%' ORDER BY object COLLATE "C", action;
SELECT k.conname, k.convalidated FROM pg_constraint AS k WHERE k.conrelid = 'public.ai_model_usage'::regclass AND k.contype = 'f' ORDER BY k.conname;
SELECT t.tgname, t.tgenabled FROM pg_trigger AS t WHERE t.tgrelid IN ('public.ai_models_system'::regclass, 'public.org_system_model_config'::regclass) AND NOT t.tgisinternal ORDER BY t.tgname;
SELECT p.polname, pg_get_expr(p.polqual, p.polrelid) AS rule FROM pg_policy AS p WHERE p.polrelid = 'public.ai_models_system'::regclass;
SELECT has_table_privilege('authenticated', 'public.ai_models_system', 'SELECT') AS all_columns, count(*) AS models FROM public.ai_models_system;
SELECT count(*) > 0 AS away FROM model_access.uninstall();
DROP EXTENSION model_access;
-- What was the application's stands.
SELECT (SELECT count(*) FROM public.organizations) AS organizations, (SELECT count(*) FROM public.ai_models_system) AS models, to_regprocedure('public.update_ai_models_system_updated_at()') IS NOT NULL AS function;
