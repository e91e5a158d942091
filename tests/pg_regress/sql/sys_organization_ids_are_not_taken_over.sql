-- ADM-09: who lets clients delete and make organisations gives them no quota, plan or trial back: none makes one under an id that something knows, however he writes it. One of his own he makes.
\i tests/fixtures/organizations.sql
UPDATE public.organizations SET token_quota_monthly = 100, pricing_plan = 'free' WHERE name = 'one';
GRANT INSERT, UPDATE, DELETE ON public.organizations TO authenticated;
CREATE POLICY "the application's" ON public.organizations TO authenticated USING (true) WITH CHECK (true);
SELECT a ->> 'recorded' AS recorded FROM public.record_token_usage(test.id('A'), 1001, 100) AS a;
SELECT a ->> 'reason' AS reason FROM public.record_token_usage(test.id('A'), 1001, 1) AS a;
CREATE TABLE test.ways (n integer GENERATED ALWAYS AS IDENTITY, statement text);
INSERT INTO test.ways (statement) VALUES
    ('INSERT INTO public.organizations (id, name) VALUES (%1$L, ''one'')'), ('INSERT INTO public.organizations (id, name) SELECT x, ''one'' FROM unnest(ARRAY[gen_random_uuid(), %1$L]) AS x'),
    ('INSERT INTO public.organizations (id, name) VALUES (%1$L, ''one'') ON CONFLICT DO NOTHING'), ('INSERT INTO public.organizations (id, name) VALUES (%1$L, ''one'') ON CONFLICT (id) DO UPDATE SET name = excluded.name'),
    ('MERGE INTO public.organizations AS o USING (SELECT %1$L::uuid AS id) AS n ON o.id = n.id WHEN MATCHED THEN UPDATE SET name = ''one'' WHEN NOT MATCHED THEN INSERT (id, name) VALUES (n.id, ''one'')'),
    ('UPDATE public.organizations SET id = %1$L WHERE name = ''two''');
GRANT SELECT ON test.ways TO authenticated;
\connect - authenticator
-- His own, while it stands: what makes none of these is no matter of the guard.
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT w.n, split_part(test.outcome(format(w.statement, '00000000-0000-4000-8000-0000000000f1')), E'\n', 1) AS it_stands FROM test.ways AS w ORDER BY w.n;
-- Deleted and made again, in one transaction.
DELETE FROM public.organizations WHERE id = '00000000-0000-4000-8000-0000000000f1';
SELECT test.outcome('INSERT INTO public.organizations (id, name) VALUES (''00000000-0000-4000-8000-0000000000f1'', ''one'')') AS made_again;
SELECT w.n, split_part(test.outcome(format(w.statement, '00000000-0000-4000-8000-0000000000f1')), E'\n', 1) AS it_is_gone FROM test.ways AS w ORDER BY w.n;
COMMIT;
-- In another one, under a snapshot that is older.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT test.request('authenticated', 'P');
SELECT split_part(test.outcome('INSERT INTO public.organizations (id, name) VALUES (''00000000-0000-4000-8000-0000000000f1'', ''one'')'), E'\n', 1) AS made_again_later;
ROLLBACK;
BEGIN;
SELECT test.request('service_role');
SELECT a ->> 'reason' AS without_it FROM public.record_token_usage(test.id('A'), 1001, 1) AS a;
SELECT a ->> 'reason' AS admin_without_it FROM public.record_token_usage(test.id('P'), 1001, 1) AS a;
COMMIT;
-- Who signs up makes his own: with an id of the server or of the client, by an upsert too.
BEGIN;
SELECT test.request('authenticated', 'N');
SELECT test.outcome('INSERT INTO public.organizations (name) VALUES (''mine'')') AS by_default, test.outcome('INSERT INTO public.organizations (id, name) VALUES (''20000000-0000-4000-8000-000000000001'', ''mine'')') AS own_id,
       test.outcome('INSERT INTO public.organizations (id, name) VALUES (''20000000-0000-4000-8000-000000000002'', ''mine'') ON CONFLICT (id) DO UPDATE SET name = excluded.name') AS upsert,
       test.outcome('INSERT INTO public.organizations (id, name) VALUES (''20000000-0000-4000-8000-000000000002'', ''ours'') ON CONFLICT (id) DO UPDATE SET name = excluded.name') AS upsert_again;
-- He may take it back and make it again while nobody knows it.
SELECT test.outcome('DELETE FROM public.organizations WHERE id = ''20000000-0000-4000-8000-000000000001''') AS deleted, test.outcome('INSERT INTO public.organizations (id, name) VALUES (''20000000-0000-4000-8000-000000000001'', ''mine'')') AS made;
COMMIT;
\connect - postgres
-- Whatever knows an id alone.
INSERT INTO public.ai_usage (user_id, organization_id, model, tokens_used) VALUES (test.id('X'), '30000000-0000-4000-8000-000000000002', 'x', 1);
INSERT INTO public.ai_usage_folded (month, user_id, organization_id, model, ledger_rows, requests, tokens_used, quota_cost_usd, cost_usd, markup_usd, total_usd, folded_at) VALUES ('2020-01-01', test.id('X'), '30000000-0000-4000-8000-000000000003', 'x', 1, 1, 1, 0, 0, 0, 0, now());
INSERT INTO public.ai_model_usage (user_id, organization_id, model_id, model_type, tokens_used, period_start, period_end, period_type) VALUES (test.id('X'), '30000000-0000-4000-8000-000000000004', 1, 'system', 1, now(), now() + interval '1 day', 'daily');
INSERT INTO public.quota_usage (subject, source, limit_id, window_start, window_end) VALUES ('30000000-0000-4000-8000-000000000005', 'organization', 0, now(), 'infinity');
SELECT public.set_quota_limit('x', 'tokens', 'monthly', 1, 'organization', '30000000-0000-4000-8000-000000000006') > 0 AS set;
INSERT INTO public.system_model_trials (organization_id, system_model_id, started_at) VALUES ('30000000-0000-4000-8000-000000000007', 1, now());
INSERT INTO public.audit_log_heads (chain_id, last_position, last_hash) VALUES ('30000000-0000-4000-8000-000000000008', 1, sha256(''));
UPDATE public.profiles SET organization_id = '30000000-0000-4000-8000-000000000001' WHERE id = test.id('T');
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT n, left(test.outcome(format('INSERT INTO public.organizations (id, name) VALUES (''30000000-0000-4000-8000-%s'', ''x'')', lpad(n::text, 12, '0'))), 5) AS known FROM generate_series(1, 9) AS n;
ROLLBACK;
-- COPY is for tables without row level security.
\connect - postgres
ALTER TABLE public.organizations DISABLE ROW LEVEL SECURITY;
SET ROLE authenticated;
COPY public.organizations (id, name) FROM STDIN;
00000000-0000-4000-8000-0000000000f1	one
\.
COPY public.organizations (id, name) FROM STDIN;
20000000-0000-4000-8000-000000000003	copied
\.
RESET ROLE;
ALTER TABLE public.organizations ENABLE ROW LEVEL SECURITY;
-- Without the modules that know ids there is less to ask.
BEGIN;
UPDATE public.profiles SET organization_id = NULL WHERE id IN (test.id('A'), test.id('P'));
SELECT count(*) > 0 AS uninstalled FROM model_access.uninstall('{system_models,quota,usage,tenancy}', true);
SET LOCAL ROLE authenticated;
SELECT left(test.outcome('INSERT INTO public.organizations (id, name) VALUES (''30000000-0000-4000-8000-000000000001'', ''x'')'), 5) AS of_people, test.outcome('INSERT INTO public.organizations (id, name) VALUES (''30000000-0000-4000-8000-000000000002'', ''x'')') AS of_a_ledger_that_is_gone;
ROLLBACK;
-- service_role brings one back, and the owner; what was used and tried stays so.
INSERT INTO public.system_model_trials (organization_id, system_model_id, started_at) SELECT '00000000-0000-4000-8000-0000000000f1', m.id, now() - interval '31 days' FROM public.ai_models_system AS m WHERE m.name = 'Education Tutor (Trial)';
BEGIN;
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'one');
ROLLBACK;
SET ROLE service_role;
INSERT INTO public.organizations (id, name, type, token_quota_monthly) VALUES ('00000000-0000-4000-8000-0000000000f1', 'one', 'education', 100);
INSERT INTO public.org_system_model_config (organization_id, system_model_id) SELECT '00000000-0000-4000-8000-0000000000f1', m.id FROM public.ai_models_system AS m WHERE m.id = 1001 OR m.name = 'Education Tutor (Trial)';
SELECT a ->> 'reason' AS reason, a ->> 'current_usage' AS used FROM public.record_token_usage(test.id('A'), 1001, 1) AS a;
SELECT c.reason AS trial FROM public.ai_models_system AS m, public.get_system_model_for_call(test.id('P'), m.id) AS c WHERE m.name = 'Education Tutor (Trial)';
