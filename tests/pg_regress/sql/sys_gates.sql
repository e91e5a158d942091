-- The gates of a system model through get_system_model_for_call(): plans, types, the admin's switch, activity, in order; only superadmins skip the middle ones. P is admin, A user, S superadmin.
INSERT INTO public.organizations (id, name, type, pricing_plan) VALUES ('10000000-0000-4000-8000-000000000001', 'One', 'finance', 'pro');
UPDATE public.profiles SET organization_id = '10000000-0000-4000-8000-000000000001' WHERE id IN (test.id('P'), test.id('A'), test.id('S'));
INSERT INTO public.ai_models_system (name, role, system_message, api_key, endpoint) VALUES ('Gate', 'test', 'prompt', 'key', 'https://example.test/v1') RETURNING id > 6 AS added;
CREATE FUNCTION test.gate(p_person text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(c.reason, 'allowed') FROM public.get_system_model_for_call(test.id(p_person), (SELECT m.id FROM public.ai_models_system AS m WHERE m.name = 'Gate')) AS c
$$;
-- Each plan against each required plan, for the admin; and for the superadmin, who needs none.
CREATE FUNCTION test.plans() RETURNS TABLE (has text, needs_free text, needs_starter text, needs_pro text, needs_enterprise text) LANGUAGE plpgsql AS $$
DECLARE
    needs text;
    answers text[];
BEGIN
    FOREACH has IN ARRAY ARRAY['free', 'starter', 'pro', 'enterprise'] LOOP
        answers := '{}';
        FOREACH needs IN ARRAY ARRAY['free', 'starter', 'pro', 'enterprise'] LOOP
            UPDATE public.organizations AS o SET pricing_plan = has WHERE true;
            UPDATE public.ai_models_system AS m SET required_plan = needs WHERE m.name = 'Gate';
            answers := answers || format('%s, superadmin %s', test.gate('P'), test.gate('S'));
        END LOOP;
        needs_free := answers[1]; needs_starter := answers[2]; needs_pro := answers[3]; needs_enterprise := answers[4];
        RETURN NEXT;
    END LOOP;
END $$;
SELECT * FROM test.plans();
UPDATE public.organizations SET pricing_plan = 'pro' WHERE true;
UPDATE public.ai_models_system SET required_plan = 'free' WHERE name = 'Gate';
-- Types: none is all of them, else one must be the organisation's, letter by letter.
CREATE FUNCTION test.types() RETURNS TABLE (types text[], admin text, superadmin text) LANGUAGE plpgsql AS $$
BEGIN
    FOR types IN SELECT x::text[] FROM unnest('{"{}","{finance}","{education,finance}","{education}","{Finance}","{NULL,education}","{{education,finance}}"}'::text[]) WITH ORDINALITY AS u (x, place) ORDER BY place LOOP
        UPDATE public.ai_models_system AS m SET organization_types = types WHERE m.name = 'Gate';
        admin := test.gate('P'); superadmin := test.gate('S');
        RETURN NEXT;
    END LOOP;
END $$;
SELECT * FROM test.types();
UPDATE public.ai_models_system SET organization_types = '{}' WHERE name = 'Gate';
-- The switch is for users: without a row it is off.
SELECT test.gate('A') AS no_row, test.gate('P') AS admin, test.gate('S') AS superadmin;
INSERT INTO public.org_system_model_config (organization_id, system_model_id) SELECT o.id, m.id FROM public.organizations AS o, public.ai_models_system AS m WHERE m.name = 'Gate';
SELECT test.gate('A') AS row_as_it_comes;
UPDATE public.org_system_model_config SET is_enabled_for_users = false WHERE true;
SELECT test.gate('A') AS switched_off, test.gate('P') AS admin, test.gate('S') AS superadmin;
UPDATE public.org_system_model_config SET is_enabled_for_users = true WHERE true;
-- A free model passes the same gates: free is what it costs.
UPDATE public.ai_models_system SET is_free = true, required_plan = 'enterprise' WHERE name = 'Gate';
SELECT test.gate('A') AS free_beyond_the_plan, test.gate('S') AS superadmin;
UPDATE public.ai_models_system SET required_plan = 'free' WHERE name = 'Gate';
SELECT test.gate('A') AS free;
-- An inactive model is for nobody, and who has no organisation calls none: superadmins too.
UPDATE public.ai_models_system SET is_active = false WHERE name = 'Gate';
SELECT test.gate('A') AS inactive, test.gate('P') AS admin, test.gate('S') AS superadmin, test.gate('N') AS nobody;
UPDATE public.ai_models_system SET is_active = true WHERE name = 'Gate';
SELECT test.gate('B') AS no_organization, test.gate('N') AS no_profile, test.gate('X') AS unknown;
UPDATE public.profiles SET organization_id = NULL WHERE id = test.id('S');
SELECT test.gate('S') AS superadmin_without_organization;
UPDATE public.profiles SET organization_id = '20000000-0000-4000-8000-000000000009' WHERE id = test.id('B');
SELECT test.gate('B') AS organization_that_is_not_there;
-- The first gate that fails is named.
UPDATE public.ai_models_system SET is_active = false, organization_types = '{education}', required_plan = 'enterprise' WHERE name = 'Gate';
UPDATE public.org_system_model_config SET is_enabled_for_users = false WHERE true;
SELECT test.gate('A') AS first;
UPDATE public.ai_models_system SET is_active = true WHERE name = 'Gate';
SELECT test.gate('A') AS second;
UPDATE public.ai_models_system SET organization_types = '{}' WHERE name = 'Gate';
SELECT test.gate('A') AS third;
UPDATE public.ai_models_system SET required_plan = 'free' WHERE name = 'Gate';
SELECT test.gate('A') AS fourth;
-- What a refusal tells: the reason, and nothing of the model. What the arguments must be.
SELECT * FROM public.get_system_model_for_call(test.id('A'), (SELECT id FROM public.ai_models_system WHERE name = 'Gate') ) AS c (allowed, reason, has_id) WHERE c.reason = 'not_enabled' AND c.has_id LIKE 'system/%' AND num_nonnulls(c.name, c.endpoint, c.api_key, c.max_tokens, c.system_message, c.task, c.task_message) > 0;
SELECT * FROM public.get_system_model_for_call(test.id('A'), -1);
SELECT test.outcome('SELECT * FROM public.get_system_model_for_call(NULL, 1)') AS no_user, test.outcome('SELECT * FROM public.get_system_model_for_call(test.id(''A''), NULL)') AS no_model;
-- Tasks: their prompt comes along; one that is not there is an error that names those that are.
SELECT c.allowed, c.model_id LIKE 'system/%' AS model_id, c.name, c.endpoint, c.api_key, c.max_tokens, length(c.system_message) > 40 AS prompt, c.task, length(c.task_message) > 40 AS task_prompt
  FROM public.ai_models_system AS m, (VALUES (NULL), ('Summarize Information')) AS t (task), public.get_system_model_for_call(test.id('P'), m.id, t.task) AS c WHERE m.name = 'Basic Assistant' ORDER BY t.task NULLS FIRST;
SELECT test.outcome(format('SELECT * FROM public.get_system_model_for_call(test.id(''P''), %s, ''summarize information'')', m.id)) AS unknown_task FROM public.ai_models_system AS m WHERE m.name = 'Basic Assistant';
SELECT test.outcome(format('SELECT * FROM public.get_system_model_for_call(test.id(''P''), %s, ''x'')', m.id)) AS model_without_tasks FROM public.ai_models_system AS m WHERE m.name = 'Gate';
UPDATE public.ai_models_system SET task = '[1, {"system_message": "no name"}, {"name": "bare"}, {"name": 5}, null]' WHERE name = 'Gate';
SELECT c.allowed, c.task, c.task_message FROM public.ai_models_system AS m, public.get_system_model_for_call(test.id('P'), m.id, 'bare') AS c WHERE m.name = 'Gate';
UPDATE public.ai_models_system SET task = '{"name": "bare"}' WHERE name = 'Gate';
SELECT test.outcome(format('SELECT * FROM public.get_system_model_for_call(test.id(''P''), %s, ''bare'')', m.id)) AS tasks_that_are_none FROM public.ai_models_system AS m WHERE m.name = 'Gate';
-- Plans as functions.
SELECT plan, public.plan_level(plan) FROM unnest('{free,starter,pro,enterprise,gold,Free,NULL}'::text[]) WITH ORDINALITY AS p (plan, place) ORDER BY place;
SELECT has, string_agg(public.plan_level_sufficient(has, needs)::text, ' ' ORDER BY n.place) AS "free starter pro enterprise gold NULL"
  FROM unnest('{free,starter,pro,enterprise,gold,NULL}'::text[]) WITH ORDINALITY AS h (has, place), unnest('{free,starter,pro,enterprise,gold,NULL}'::text[]) WITH ORDINALITY AS n (needs, place) GROUP BY h.place, has ORDER BY h.place;
-- Who is who, for the signed-in user only.
CREATE FUNCTION test.who(p_person text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    told text;
BEGIN
    PERFORM test.request('authenticated', p_person);
    SELECT format('superadmin %s, admin %s, either %s, role %s, organization %s', public.is_superadmin(), public.is_admin(), public.is_admin_or_superadmin(), public.get_user_role(), coalesce(public.get_user_organization_id()::text, 'none')) INTO told;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = told;
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM;
END $$;
UPDATE public.profiles SET role = NULL WHERE id = test.id('B');
\connect - authenticator
SELECT person, test.who(person) FROM unnest('{S,P,A,B,N,T,NULL}'::text[]) WITH ORDINALITY AS p (person, place) ORDER BY place;
