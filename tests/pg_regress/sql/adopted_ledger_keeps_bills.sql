-- database: supabase
-- The guide's ledger with rows and policies is adopted: a deleted account leaves its bills, costs are exact or NULL, verify() finds nothing wrong; uninstall() ends where it began.
\set SHOW_CONTEXT never
SET TimeZone = 'UTC';
CREATE TABLE public.user_profiles (id uuid PRIMARY KEY, username text, role text DEFAULT 'user');
GRANT SELECT ON public.user_profiles TO authenticated;
ALTER TABLE public.user_profiles ENABLE ROW LEVEL SECURITY;
-- Migration 003 as it is written.
BEGIN;
CREATE TABLE IF NOT EXISTS public.ai_usage (
    id UUID DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES auth.users(id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    tokens_used INTEGER NOT NULL DEFAULT 0,
    cost_usd DECIMAL(10, 6) NOT NULL DEFAULT 0,
    markup_usd DECIMAL(10, 6) NOT NULL DEFAULT 0,
    total_usd DECIMAL(10, 6) NOT NULL DEFAULT 0,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT timezone('utc'::text, now()) NOT NULL
);
CREATE INDEX IF NOT EXISTS ai_usage_user_id_idx ON public.ai_usage(user_id);
CREATE INDEX IF NOT EXISTS ai_usage_created_at_idx ON public.ai_usage(created_at DESC);
CREATE INDEX IF NOT EXISTS ai_usage_user_created_idx ON public.ai_usage(user_id, created_at DESC);
ALTER TABLE public.ai_usage ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users can view their own usage" ON public.ai_usage FOR SELECT USING (auth.uid() = user_id);
CREATE POLICY "Service can insert usage records" ON public.ai_usage FOR INSERT WITH CHECK (true);
CREATE POLICY "Admins can view all usage" ON public.ai_usage FOR SELECT
    USING (EXISTS (SELECT 1 FROM public.user_profiles WHERE user_profiles.id = auth.uid() AND user_profiles.role = 'admin'));
COMMENT ON TABLE public.ai_usage IS 'Tracks AI API usage for billing and analytics';
COMMENT ON COLUMN public.ai_usage.cost_usd IS 'Base API cost in USD';
COMMIT;
COMMENT ON CONSTRAINT ai_usage_user_id_fkey ON public.ai_usage IS 'Accounts take their bills along.';
INSERT INTO auth.users (id) SELECT format('00000000-0000-4000-8000-00000000000%s', n)::uuid FROM generate_series(1, 2) AS n;
INSERT INTO public.ai_usage (id, user_id, model, tokens_used, cost_usd, markup_usd, total_usd, created_at)
    SELECT format('00000000-0000-4000-8000-0000000000a%s', n)::uuid, format('00000000-0000-4000-8000-00000000000%s', n % 2 + 1)::uuid, 'acme/m1', 100, 0.000123, 0.000025, 0.000148, '2025-06-01 12:00+00' FROM generate_series(1, 4) AS n;
CREATE TEMP TABLE rows_before AS TABLE public.ai_usage;
CREATE VIEW public.state AS
    SELECT 'column' AS kind, a.attname::text AS name, concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END, pg_get_expr(d.adbin, d.adrelid)) AS what
      FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = 'public.ai_usage'::regclass AND a.attname IN ('id', 'user_id', 'model', 'tokens_used', 'cost_usd', 'markup_usd', 'total_usd', 'created_at')
    UNION ALL SELECT 'policy', p.policyname, concat_ws(' ', p.cmd, p.roles, regexp_replace(p.qual, '\s+', ' ', 'g'), p.with_check) FROM pg_policies AS p WHERE p.tablename = 'ai_usage'
    UNION ALL SELECT 'constraint', k.conname, concat_ws(' -- ', pg_get_constraintdef(k.oid), obj_description(k.oid, 'pg_constraint')) FROM pg_constraint AS k WHERE k.conrelid = 'public.ai_usage'::regclass AND k.contype <> 'n'
    UNION ALL SELECT 'comment', 'table', obj_description('public.ai_usage'::regclass, 'pg_class')
    UNION ALL SELECT 'privilege', e.grantee::regrole::text, e.privilege_type FROM pg_class AS c, aclexplode(c.relacl) AS e WHERE c.oid = 'public.ai_usage'::regclass AND e.grantee <> c.relowner;
CREATE TEMP TABLE before AS TABLE public.state;
CREATE EXTENSION model_access;
-- What depends on a column that is to be widened is named; nothing is changed.
CREATE FUNCTION pg_temp.refused(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text; hint text;
BEGIN
    EXECUTE p_statement;
    PERFORM model_access.install();
    RETURN 'installed';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(E'\n', SQLSTATE || ' ' || SQLERRM, detail, hint);
END $$;
SELECT pg_temp.refused('CREATE VIEW public.bills AS SELECT u.user_id, sum(u.total_usd) AS owed FROM public.ai_usage AS u GROUP BY 1');
SELECT pg_temp.refused('CREATE POLICY "Cheap calls" ON public.ai_usage FOR SELECT USING (cost_usd = 0)');
SELECT pg_temp.refused('CREATE VIEW public.tokens AS SELECT u.tokens_used FROM public.ai_usage AS u');
SELECT pg_temp.refused('ALTER TABLE public.ai_usage ADD kilotokens integer GENERATED ALWAYS AS (tokens_used / 1000) STORED');
SELECT pg_temp.refused('ALTER TABLE public.ai_usage ALTER cost_usd DROP DEFAULT, ALTER cost_usd TYPE money USING cost_usd::money');
SELECT pg_temp.refused('ALTER TABLE public.ai_usage DROP COLUMN total_usd');
SELECT pg_temp.refused('ALTER TABLE public.ai_usage DROP COLUMN total_usd, ADD total_usd numeric GENERATED ALWAYS AS (cost_usd + markup_usd) STORED');
SELECT pg_temp.refused('ALTER TABLE public.ai_usage ADD session_id uuid NOT NULL DEFAULT gen_random_uuid(), ADD place text NOT NULL DEFAULT '''', ADD "tier" text NOT NULL DEFAULT ''free'', ADD n bigint GENERATED ALWAYS AS IDENTITY; ALTER TABLE public.ai_usage ALTER session_id DROP DEFAULT');
SELECT pg_temp.refused('ALTER TABLE public.user_profiles DROP COLUMN IF EXISTS role CASCADE, ADD role text GENERATED ALWAYS AS (''user'') STORED');
(TABLE before EXCEPT TABLE public.state) UNION ALL (TABLE public.state EXCEPT TABLE before);
-- Installed, twice.
SELECT object, action FROM model_access.install() WHERE action = 'changed' AND object ~ 'ai_usage' AND object !~ 'privileges' ORDER BY object COLLATE "C";
SELECT count(*) AS changed FROM model_access.install() WHERE action <> 'kept';
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
SELECT kind, name, what FROM public.state WHERE kind IN ('column', 'constraint') ORDER BY kind, name COLLATE "C";
(SELECT id, user_id, model, tokens_used, cost_usd, markup_usd, total_usd, created_at FROM public.ai_usage EXCEPT TABLE rows_before) UNION ALL (TABLE rows_before EXCEPT SELECT id, user_id, model, tokens_used, cost_usd, markup_usd, total_usd, created_at FROM public.ai_usage);
SELECT DISTINCT cost_source, markup_percent, computed_usd, occurred_at = created_at AS instant, requests FROM public.ai_usage;
INSERT INTO public.ai_usage (user_id, model, tokens_used, cost_usd) VALUES ('00000000-0000-4000-8000-000000000001', 'acme/m2', 3000000000, 0.00000012345678901234) RETURNING tokens_used, cost_usd, total_usd, cost_source;
-- Accounts go, bills stay.
DELETE FROM auth.users WHERE id = '00000000-0000-4000-8000-000000000002';
SELECT user_id, count(*) AS bills, sum(cost_usd) AS cost FROM public.ai_usage GROUP BY user_id ORDER BY user_id;
-- A key of that kind that comes later is seen, taken off and kept as well.
ALTER TABLE public.ai_usage ADD CONSTRAINT later FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE NOT VALID;
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
-- Back: what rows break is told, and tried again.
SELECT object, action FROM model_access.uninstall() WHERE object LIKE '%public.ai_usage' AND object LIKE 'table %' ORDER BY action COLLATE "C";
(SELECT '-', * FROM before EXCEPT ALL SELECT '-', * FROM public.state) UNION ALL (SELECT '+', * FROM public.state EXCEPT ALL SELECT '+', * FROM before) ORDER BY 1, 2, 3;
DELETE FROM public.ai_usage WHERE user_id = '00000000-0000-4000-8000-000000000002' OR markup_usd IS NULL;
SELECT object, action FROM model_access.uninstall() WHERE object LIKE '%public.ai_usage' ORDER BY action COLLATE "C";
(SELECT '-', * FROM before EXCEPT ALL SELECT '-', * FROM public.state) UNION ALL (SELECT '+', * FROM public.state EXCEPT ALL SELECT '+', * FROM before) ORDER BY 1, 2, 3;
DELETE FROM auth.users WHERE id = '00000000-0000-4000-8000-000000000001';
SELECT count(*) AS bills FROM public.ai_usage;
-- The seed's broken policy stood: the right one takes its place, and the broken one does not come back.
ALTER TABLE public.ai_usage DROP CONSTRAINT later;
DROP POLICY "Admins can view all usage" ON public.ai_usage;
CREATE POLICY "Admins can view all usage" ON public.ai_usage FOR SELECT USING (EXISTS (SELECT 1 FROM public.profiles WHERE profiles.id = auth.uid() AND profiles.role = 'admin'));
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
SELECT object, action FROM model_access.uninstall() WHERE object LIKE '%Admins can%';
SELECT policyname FROM pg_policies WHERE tablename = 'ai_usage' ORDER BY policyname COLLATE "C";
-- Where clients may not read the roles, they are told: their own usage would be refused.
REVOKE ALL ON public.user_profiles FROM authenticated;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
-- With the data: the whole ledger goes into a closed backup first.
DROP VIEW public.state;
INSERT INTO public.ai_usage (user_id, model) VALUES ('00000000-0000-4000-8000-000000000009', 'acme/last');
SELECT object, action FROM model_access.uninstall('{usage}', drop_data => true) WHERE object LIKE 'table public.ai_usage%' ORDER BY object COLLATE "C";
SELECT model FROM public.ai_usage_new_backup;
SELECT has_table_privilege('service_role', 'public.ai_usage_new_backup', 'SELECT') AS open;
