-- database: supabase
-- ESC-06: names that hold quotes and statements, of everything that adoption touches or names, are names: what stands on adopted tables goes and comes back, and nothing is run.
\set SHOW_CONTEXT never
\pset footer off
CREATE TABLE public.canary (id integer);
CREATE ROLE "r""; DROP TABLE public.canary; --" NOLOGIN;
CREATE TABLE public.profiles (id uuid PRIMARY KEY, email text, "allowed_models" text[] DEFAULT '{"x''; DROP TABLE public.canary; --"}');
COMMENT ON COLUMN public.profiles.allowed_models IS $$It's "a"; DROP TABLE public.canary; --$$;
CREATE INDEX "i""; DROP TABLE public.canary; --" ON public.profiles USING gin (allowed_models);
GRANT SELECT ON public.profiles TO authenticated, "r""; DROP TABLE public.canary; --";
CREATE TABLE public.ai_usage (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, user_id uuid NOT NULL CONSTRAINT "c""; DROP TABLE public.canary; --" REFERENCES auth.users (id) ON DELETE CASCADE, model text NOT NULL,
    tokens_used integer NOT NULL DEFAULT 0, cost_usd numeric(10, 6) NOT NULL DEFAULT 0, markup_usd numeric(10, 6) NOT NULL DEFAULT 0, total_usd numeric(10, 6) NOT NULL DEFAULT 0, created_at timestamptz DEFAULT timezone('utc'::text, now()) NOT NULL);
COMMENT ON CONSTRAINT "c""; DROP TABLE public.canary; --" ON public.ai_usage IS $$'; DROP TABLE public.canary; --$$;
ALTER TABLE public.ai_usage ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users can view their own usage" ON public.ai_usage FOR SELECT TO "r""; DROP TABLE public.canary; --" USING (model <> '''; DROP TABLE public.canary; --');
CREATE VIEW public."v""; DROP TABLE public.canary; --" AS SELECT u.tokens_used FROM public.ai_usage AS u;
CREATE FUNCTION public.jsonb_deep_merge(a jsonb, b jsonb) RETURNS jsonb LANGUAGE plpgsql AS $body$ BEGIN RETURN $${"x": "'; DROP TABLE public.canary; --"}$$::jsonb; END $body$;
COMMENT ON FUNCTION public.jsonb_deep_merge IS $$'; DROP TABLE public.canary; --$$;
GRANT EXECUTE ON FUNCTION public.jsonb_deep_merge TO "r""; DROP TABLE public.canary; --";
CREATE EXTENSION model_access;
-- Refused, with the name as it is.
SELECT model_access.install();
DROP VIEW public."v""; DROP TABLE public.canary; --";
CREATE TEMP TABLE before AS
SELECT 'constraint' AS kind, k.conname::text AS name, pg_get_constraintdef(k.oid) || coalesce(obj_description(k.oid, 'pg_constraint'), '') AS what FROM pg_constraint AS k WHERE k.conrelid = 'public.ai_usage'::regclass AND k.contype = 'f'
UNION ALL SELECT 'index', x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid) FROM pg_index AS x WHERE x.indrelid = 'public.profiles'::regclass
UNION ALL SELECT 'policy', p.policyname, concat(p.roles, p.qual) FROM pg_policies AS p WHERE p.tablename = 'ai_usage'
UNION ALL SELECT 'column', a.attname, pg_get_expr(d.adbin, d.adrelid) || col_description(a.attrelid, a.attnum) FROM pg_attribute AS a JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = 'public.profiles'::regclass
UNION ALL SELECT 'function', p.proname, concat(pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc'), has_function_privilege('r"; DROP TABLE public.canary; --', p.oid, 'EXECUTE')) FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND p.proname = 'jsonb_deep_merge';
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT conname FROM pg_constraint WHERE conrelid = 'public.ai_usage'::regclass AND contype = 'f';
SELECT action FROM model_access.cut_over() WHERE object LIKE '%jsonb_deep_merge%';
SELECT count(*) AS is_wrapper FROM pg_proc WHERE proname = 'jsonb_deep_merge' AND prosqlbody IS NOT NULL;
SELECT action FROM model_access.cut_back() WHERE object LIKE '%jsonb_deep_merge%';
SELECT count(*) > 0 AS verified FROM model_access.verify();
SELECT object, action FROM model_access.uninstall() WHERE action LIKE 'not put back%' OR action LIKE 'left as it is%';
SELECT b.kind, b.name FROM before AS b WHERE NOT EXISTS (
    SELECT FROM pg_constraint AS k WHERE b.kind = 'constraint' AND k.conname = b.name AND b.what = pg_get_constraintdef(k.oid) || coalesce(obj_description(k.oid, 'pg_constraint'), '')
    UNION ALL SELECT FROM pg_index AS x WHERE b.kind = 'index' AND b.what = pg_get_indexdef(x.indexrelid)
    UNION ALL SELECT FROM pg_policies AS p WHERE b.kind = 'policy' AND p.policyname = b.name AND b.what = concat(p.roles, p.qual)
    UNION ALL SELECT FROM pg_attribute AS a JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE b.kind = 'column' AND a.attname = b.name AND b.what = pg_get_expr(d.adbin, d.adrelid) || col_description(a.attrelid, a.attnum)
    UNION ALL SELECT FROM pg_proc AS p WHERE b.kind = 'function' AND p.proname = b.name AND b.what = concat(pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc'), has_function_privilege('r"; DROP TABLE public.canary; --', p.oid, 'EXECUTE'))) ORDER BY b.kind, b.name;
SELECT count(*) AS canary FROM pg_class WHERE relname = 'canary';
-- A partition whose name is one.
SELECT count(*) > 0 AS installed FROM model_access.uninstall(drop_data => true);
SELECT count(*) > 0 AS installed FROM model_access.install();
CREATE TABLE public."p""; DROP TABLE public.canary; --" PARTITION OF public.ai_usage FOR VALUES FROM ('2001-01-01') TO ('2001-02-01');
SELECT l ->> 'partition' AS partition FROM jsonb_array_elements(model_access.maintain_usage_partitions('3 months')) AS l WHERE l ->> 'action' = 'dropped';
SELECT count(*) AS canary FROM pg_class WHERE relname = 'canary';
\connect - supabase_admin
DROP OWNED BY "r""; DROP TABLE public.canary; --";
DROP ROLE "r""; DROP TABLE public.canary; --";
