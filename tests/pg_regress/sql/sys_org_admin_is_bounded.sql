-- An organisation's admin decides about his users and no further: not about plan, quota, type or reset date, not for another organisation, not about ids, not even where the application lets him write his organisation.
INSERT INTO public.organizations (id, name, type, pricing_plan, token_quota_monthly) VALUES ('10000000-0000-4000-8000-000000000001', 'One', 'education', 'free', 1000), ('10000000-0000-4000-8000-000000000002', 'Two', 'education', 'free', 1000);
UPDATE public.profiles SET organization_id = '10000000-0000-4000-8000-000000000001' WHERE id IN (test.id('P'), test.id('A'));
UPDATE public.profiles SET organization_id = '10000000-0000-4000-8000-000000000002' WHERE id = test.id('B');
INSERT INTO public.org_system_model_config (organization_id, system_model_id) SELECT '10000000-0000-4000-8000-000000000002', m.id FROM public.ai_models_system AS m WHERE m.name = 'Basic Assistant';
GRANT INSERT, UPDATE, DELETE ON public.organizations TO authenticated;
CREATE POLICY "the application's" ON public.organizations TO authenticated USING (true) WITH CHECK (true);
CREATE FUNCTION test.tries(p_person text, p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reached bigint;
BEGIN
    PERFORM test.request('authenticated', p_person);
    EXECUTE p_statement;
    GET DIAGNOSTICS reached = ROW_COUNT;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = reached::text;
EXCEPTION
    WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM || ' rows';
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TABLE test.attempt (place integer GENERATED ALWAYS AS IDENTITY, statement text);
GRANT SELECT ON test.attempt TO authenticator;
-- What decides about rights in his organisation: each column, and what is free beside them.
INSERT INTO test.attempt (statement)
SELECT format('UPDATE public.organizations SET %s WHERE id = ''10000000-0000-4000-8000-000000000001''', x)
  FROM unnest(ARRAY['pricing_plan = ''enterprise''', 'token_quota_monthly = 1000000', 'token_quota_monthly = NULL', 'token_usage_current = 5', 'token_reset_date = ''2001-01-01''',
                    'token_reset_anchor = ''2001-01-31''', 'type = ''solicitor''', 'quota_slots = 2', 'id = ''30000000-0000-4000-8000-000000000003''', 'name = ''New name'' ']) WITH ORDINALITY AS u (x, place) ORDER BY place;
INSERT INTO test.attempt (statement) VALUES
    ('INSERT INTO public.organizations (name, pricing_plan) VALUES (''x'', ''enterprise'')'),
    ('INSERT INTO public.organizations (name, token_quota_monthly) VALUES (''x'', 1)'),
    ('INSERT INTO public.organizations (name) VALUES (''x'')'),
    ('UPDATE public.profiles SET role = ''superadmin'' WHERE id = auth.uid()'),
    ('UPDATE public.profiles SET organization_id = ''10000000-0000-4000-8000-000000000002'' WHERE id = auth.uid()');
-- Config rows: his own, others', keys.
INSERT INTO test.attempt (statement)
SELECT format(x, (SELECT m.id FROM public.ai_models_system AS m WHERE m.name = 'Education Tutor (Trial)'))
  FROM unnest(ARRAY['INSERT INTO public.org_system_model_config (organization_id, system_model_id, is_enabled_for_users, token_limit_per_user) VALUES (''10000000-0000-4000-8000-000000000001'', %s, true, 500)',
                    'INSERT INTO public.org_system_model_config (organization_id, system_model_id, token_limit_per_user) VALUES (''10000000-0000-4000-8000-000000000001'', %s, 0)',
                    'INSERT INTO public.org_system_model_config (organization_id, system_model_id) VALUES (''10000000-0000-4000-8000-000000000002'', %s)',
                    'INSERT INTO public.org_system_model_config (id, organization_id, system_model_id) VALUES (100, ''10000000-0000-4000-8000-000000000001'', %s)',
                    'INSERT INTO public.org_system_model_config (organization_id, system_model_id, updated_at) VALUES (''10000000-0000-4000-8000-000000000001'', %s, now())',
                    'UPDATE public.org_system_model_config SET id = 100 WHERE true', 'UPDATE public.org_system_model_config SET is_enabled_for_users = false WHERE true',
                    'UPDATE public.org_system_model_config SET organization_id = ''10000000-0000-4000-8000-000000000001'' WHERE true', 'DELETE FROM public.org_system_model_config WHERE true',
                    'SELECT setval(''public.org_system_model_config_id_seq'', 1)', 'SELECT setval(''public.ai_models_system_id_seq'', 1)', 'SELECT nextval(''public.ai_model_usage_id_seq'')',
                    'TRUNCATE public.org_system_model_config', 'TRUNCATE public.ai_model_usage']) WITH ORDINALITY AS u (x, place) ORDER BY place;
\connect - authenticator
SELECT a.statement, test.tries('P', a.statement) AS admin, CASE WHEN a.statement LIKE '%org_system_model_config (%' THEN test.tries('A', a.statement) END AS "user" FROM test.attempt AS a ORDER BY a.place;
-- What nobody may reach stands as it was.
\connect - postgres
SELECT name, type, pricing_plan, token_quota_monthly, token_usage_current, token_reset_date IS NULL AS no_date, token_reset_anchor FROM public.organizations ORDER BY name;
SELECT organization_id, is_enabled_for_users, token_limit_per_user FROM public.org_system_model_config;
-- An override is the limit that holds: larger or smaller, and monthly where the model has no period.
SELECT id AS basic FROM public.ai_models_system WHERE name = 'Basic Assistant' \gset
UPDATE public.ai_models_system SET is_free = false WHERE id = :basic;
CREATE FUNCTION test.limits() RETURNS TABLE (amount integer, period text, override integer, is_free boolean, limit_amount bigint, limit_period text) LANGUAGE plpgsql AS $$
BEGIN
    FOR amount, period, override, is_free IN VALUES (NULL::integer, NULL, NULL::integer, false), (100, 'daily', NULL, false), (100, 'daily', 500, false), (100, 'weekly', 5, false), (NULL, NULL, 5, false), (NULL, 'daily', NULL, false), (100, NULL, NULL, false), (100, 'daily', 5, true) LOOP
        UPDATE public.ai_models_system AS m SET token_limit_amount = amount, token_limit_period = period, is_free = limits.is_free WHERE m.name = 'Basic Assistant';
        UPDATE public.org_system_model_config AS c SET token_limit_per_user = override WHERE true;
        SELECT l.token_limit_amount, l.token_limit_period INTO limit_amount, limit_period FROM public.get_available_system_models(test.id('B')) AS l WHERE l.name = 'Basic Assistant';
        RETURN NEXT;
    END LOOP;
END $$;
SELECT * FROM test.limits();
