-- Who may do what with the tables of system models, over two organisations: rows reached, or the SQLSTATE. Nothing crosses, and nobody but a superadmin changes a model.
-- Organisation 1: admin P, user A. Organisation 2: admin T, user B. Superadmin S, without an organisation.
INSERT INTO public.organizations (id, name, type, pricing_plan) VALUES
    ('10000000-0000-4000-8000-000000000001', 'One', 'realestate', 'starter'), ('10000000-0000-4000-8000-000000000002', 'Two', 'education', 'free');
UPDATE public.profiles SET organization_id = '10000000-0000-4000-8000-000000000001' WHERE id IN (test.id('P'), test.id('A'));
UPDATE public.profiles SET organization_id = '10000000-0000-4000-8000-000000000002' WHERE id IN (test.id('T'), test.id('B'));
UPDATE public.profiles SET role = 'admin' WHERE id = test.id('T');
SELECT set_config('test.basic', id::text, false) > '' AS set FROM public.ai_models_system WHERE name = 'Basic Assistant';
INSERT INTO public.org_system_model_config (organization_id, system_model_id)
SELECT o.id, m.id FROM public.organizations AS o, public.ai_models_system AS m WHERE m.name IN ('Basic Assistant', 'Property Listing Writer', 'Education Tutor (Trial)') ORDER BY o.name, m.sort_order;
INSERT INTO public.ai_model_usage (user_id, organization_id, model_id, model_type, model_name, tokens_used, period_start, period_end, period_type)
SELECT p.id, p.organization_id, current_setting('test.basic')::bigint, 'system', 'Basic Assistant', 10, '2026-01-01', '2026-02-01', 'monthly' FROM public.profiles AS p WHERE p.organization_id IS NOT NULL;
-- What a person reaches with a statement; it is undone, his role and claims too.
CREATE FUNCTION test.reach(p_role text, p_person text, p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reached bigint;
BEGIN
    PERFORM test.request(p_role, p_person);
    EXECUTE p_statement;
    GET DIAGNOSTICS reached = ROW_COUNT;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = reached::text;
EXCEPTION
    WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM;
    WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
CREATE TABLE test.attempt (place integer GENERATED ALWAYS AS IDENTITY, what text, statement text);
GRANT SELECT ON test.attempt TO authenticator;
INSERT INTO test.attempt (what, statement) VALUES
    ('models: select', 'SELECT id FROM public.ai_models_system'),
    ('models: select as *', 'SELECT * FROM public.ai_models_system'),
    ('models: insert', $$INSERT INTO public.ai_models_system (name, role, system_message, api_key, endpoint) VALUES ('x', 'x', 'x', 'x', 'x')$$),
    ('models: update', 'UPDATE public.ai_models_system SET sort_order = 1 WHERE true'),
    ('models: delete', 'DELETE FROM public.ai_models_system WHERE true');
-- Of each organisation: what one of the other may reach must be none.
INSERT INTO test.attempt (what, statement)
SELECT format('%s of %s', x.what, o.name), format(x.statement, o.id, m.id)
  FROM (VALUES
      (1, 'configs: select', 'SELECT * FROM public.org_system_model_config WHERE organization_id = %1$L'),
      (2, 'configs: insert', 'INSERT INTO public.org_system_model_config (organization_id, system_model_id, is_enabled_for_users, token_limit_per_user) VALUES (%1$L, %2$s, false, 5)'),
      (3, 'configs: update', 'UPDATE public.org_system_model_config SET is_enabled_for_users = false, token_limit_per_user = 7 WHERE organization_id = %1$L'),
      (4, 'configs: take every row to', 'UPDATE public.org_system_model_config SET organization_id = %1$L WHERE organization_id <> %1$L'),
      (5, 'configs: delete', 'DELETE FROM public.org_system_model_config WHERE organization_id = %1$L'),
      (6, 'usage: select', 'SELECT * FROM public.ai_model_usage WHERE organization_id = %1$L'),
      (7, 'usage: insert', 'INSERT INTO public.ai_model_usage (user_id, organization_id, model_id, model_type, tokens_used, period_start, period_end, period_type) VALUES (auth.uid(), %1$L, %2$s, ''system'', 1, ''2026-01-01'', ''2026-02-01'', ''monthly'')'),
      (8, 'usage: update', 'UPDATE public.ai_model_usage SET tokens_used = 1 WHERE organization_id = %1$L'),
      (9, 'usage: delete', 'DELETE FROM public.ai_model_usage WHERE organization_id = %1$L'),
      (10, 'trials: select', 'SELECT * FROM public.system_model_trials WHERE organization_id = %1$L'),
      (11, 'trials: insert', 'INSERT INTO public.system_model_trials (organization_id, system_model_id, started_at) VALUES (%1$L, %2$s, now())'),
      (12, 'trials: update', 'UPDATE public.system_model_trials SET started_at = now() WHERE organization_id = %1$L'),
      (13, 'trials: delete', 'DELETE FROM public.system_model_trials WHERE organization_id = %1$L'),
      (14, 'organizations: select', 'SELECT * FROM public.organizations WHERE id = %1$L'),
      (15, 'organizations: update of pricing_plan', 'UPDATE public.organizations SET pricing_plan = ''enterprise'' WHERE id = %1$L'),
      (16, 'organizations: update of quota_slots', 'UPDATE public.organizations SET quota_slots = 64 WHERE id = %1$L'),
      (17, 'organizations: update of type', 'UPDATE public.organizations SET type = ''legal'' WHERE id = %1$L'),
      (18, 'organizations: update of token_quota_monthly', 'UPDATE public.organizations SET token_quota_monthly = 5 WHERE id = %1$L'),
      (19, 'organizations: update of token_usage_current', 'UPDATE public.organizations SET token_usage_current = 5 WHERE id = %1$L'),
      (20, 'organizations: update of token_reset_date', 'UPDATE public.organizations SET token_reset_date = ''2026-01-01'' WHERE id = %1$L'),
      (21, 'organizations: update of token_reset_anchor', 'UPDATE public.organizations SET token_reset_anchor = ''2026-01-01'' WHERE id = %1$L'),
      (22, 'organizations: update of name', 'UPDATE public.organizations SET name = ''x'' WHERE id = %1$L'),
      (23, 'organizations: delete', 'DELETE FROM public.organizations WHERE id = %1$L')) AS x (place, what, statement),
      public.organizations AS o, public.ai_models_system AS m
 WHERE m.name = 'Legal Document Analyst' ORDER BY x.place, o.name;
INSERT INTO test.attempt (what, statement) VALUES ('organizations: insert', $$INSERT INTO public.organizations (name) VALUES ('x')$$);
\connect - authenticator
SELECT a.what, test.reach('authenticated', 'S', a.statement) AS superadmin, test.reach('authenticated', 'P', a.statement) AS admin_of_1, test.reach('authenticated', 'A', a.statement) AS user_of_1,
       test.reach('authenticated', 'T', a.statement) AS admin_of_2, test.reach('authenticated', 'B', a.statement) AS user_of_2, test.reach('authenticated', 'N', a.statement) AS nobody,
       test.reach('anon', NULL, a.statement) AS anon, test.reach('service_role', NULL, a.statement) AS service_role
  FROM test.attempt AS a ORDER BY a.place;
-- Where an application lets clients write organisations, the trigger guards the same columns, each by itself; those that are guarded are those that were tried.
\connect - postgres
SELECT string_agg(a.name, ', ') AS guarded_and_not_tried FROM unnest(string_to_array((SELECT encode(t.tgargs, 'escape') FROM pg_trigger AS t WHERE t.tgname = 'organizations_guard_privileged_columns'), '\000')) AS a (name)
 WHERE a.name <> '' AND NOT EXISTS (SELECT FROM test.attempt AS tried WHERE tried.what LIKE format('organizations: update of %s of %%', a.name));
GRANT UPDATE ON public.organizations TO authenticated;
CREATE POLICY theirs ON public.organizations FOR ALL TO authenticated USING (true) WITH CHECK (true);
\connect - authenticator
SELECT a.what, test.reach('authenticated', 'S', a.statement) AS superadmin, test.reach('authenticated', 'P', a.statement) AS admin_of_1, test.reach('authenticated', 'A', a.statement) AS user_of_1,
       test.reach('authenticated', 'T', a.statement) AS admin_of_2, test.reach('authenticated', 'B', a.statement) AS user_of_2, test.reach('authenticated', 'N', a.statement) AS nobody,
       test.reach('anon', NULL, a.statement) AS anon, test.reach('service_role', NULL, a.statement) AS service_role
  FROM test.attempt AS a WHERE a.what LIKE 'organizations: update%' ORDER BY a.place;
\connect - postgres
DROP POLICY theirs ON public.organizations;
REVOKE UPDATE ON public.organizations FROM authenticated;
GRANT UPDATE (name, slug, metadata) ON public.organizations TO authenticated;
-- Which models, by name: superadmins all, inactive ones too; the others what their gates let through, and the functions say the same.
\connect - postgres
UPDATE public.ai_models_system SET is_active = false WHERE name = 'Education Tutor (Trial)';
UPDATE public.org_system_model_config SET is_enabled_for_users = false WHERE system_model_id = (SELECT id FROM public.ai_models_system WHERE name = 'Basic Assistant');
CREATE FUNCTION test.models(p_person text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    seen text;
BEGIN
    PERFORM test.request('authenticated', p_person);
    SELECT format('reads %s; may call %s; %s', (SELECT string_agg(m.name, ', ' ORDER BY m.sort_order) FROM public.ai_models_system AS m),
                  (SELECT string_agg(m.name, ', ' ORDER BY m.sort_order) FROM public.get_available_system_models() AS m),
                  (SELECT CASE WHEN array_agg(m.id ORDER BY m.sort_order) IS NOT DISTINCT FROM nullif(model_access.open_system_models(), '{}') THEN 'same ids' ELSE 'OTHER ids' END FROM public.get_available_system_models() AS m)) INTO seen;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = seen;
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM;
END $$;
\connect - authenticator
SELECT p.person, test.models(p.person) FROM unnest('{S,P,A,T,B,N}'::text[]) WITH ORDINALITY AS p (person, place) ORDER BY p.place;
