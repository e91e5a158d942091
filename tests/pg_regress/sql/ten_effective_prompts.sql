-- get_effective_system_prompts: a member's, his organisation's, everybody's; the highest priority first, then the newest; with the caller's own rights.
\i tests/fixtures/tenancy.sql
DELETE FROM public.system_prompts WHERE true;
INSERT INTO public.system_prompts (scope, organization_id, user_id, content, priority, enabled, created_at, template)
SELECT s.scope::public.prompt_scope, test.organization(s.organization), test.id(s.person), s.content, s.priority, s.enabled, s.created_at::timestamptz, s.template
  FROM (VALUES ('global', NULL, NULL, 'global 5', 5, true, '2026-01-01', NULL), ('global', NULL, NULL, 'global 1, older', 1, true, '2026-01-01', NULL), ('global', NULL, NULL, 'global 1, newer', 1, true, '2026-01-02', 'named'),
               ('global', NULL, NULL, 'global, off', 9, false, '2026-01-01', NULL), ('organization', 'One', NULL, 'One 0', 0, true, '2026-01-01', NULL), ('organization', 'One', NULL, 'One 9', 9, true, '2026-01-01', NULL),
               ('organization', 'One', NULL, 'One, off', 9, false, '2026-01-01', NULL), ('organization', 'Two', NULL, 'Two 1', 1, true, '2026-01-01', NULL), ('user', 'One', 'A', 'A -1', -1, true, '2026-01-01', NULL),
               ('user', 'One', 'A', 'A 3', 3, true, '2026-01-01', NULL), ('user', 'Two', 'A', 'A in Two', 3, true, '2026-01-01', NULL), ('user', 'One', 'N', 'N 3', 3, true, '2026-01-01', NULL)) AS s (scope, organization, person, content, priority, enabled, created_at, template);
SELECT scope, content, priority, template FROM public.get_effective_system_prompts(test.id('A'), test.organization('One'));
SELECT string_agg(content, ', ') AS of_a_in_two FROM public.get_effective_system_prompts(p_user_id => test.id('A'), p_organization_id => test.organization('Two'));
SELECT string_agg(content, ', ') AS of_one FROM public.get_effective_system_prompts(NULL, test.organization('One'));
SELECT string_agg(content, ', ') AS of_everybody FROM public.get_effective_system_prompts(test.id('A'), NULL);
SELECT pg_get_function_result('public.get_effective_system_prompts(uuid, uuid)'::regprocedure) AS result, provolatile, prosecdef FROM pg_proc WHERE oid = 'model_access.get_effective_system_prompts(uuid, uuid)'::regprocedure;
CREATE FUNCTION test.prompts(p_asks text, p_of text, p_organization text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    seen text;
BEGIN
    PERFORM test.as_member(p_asks);
    SELECT string_agg(p.content, ', ') INTO seen FROM public.get_effective_system_prompts(test.id(p_of), test.organization(p_organization)) AS p;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = coalesce(seen, 'nothing');
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM; WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
\connect - authenticator
SELECT a.asks, a.of, a.organization, test.prompts(a.asks, a.of, a.organization)
  FROM (VALUES (1, 'A', 'A', 'One'), (2, 'A', 'N', 'One'), (3, 'A', 'A', 'Two'), (4, 'P', 'A', 'One'), (5, 'T', 'A', 'One'), (6, 'T', 'T', 'Two'), (7, 'W', 'A', 'One'), (8, 'S', 'A', 'One'), (9, 'anon', 'A', 'One'), (10, 'service_role', 'A', 'One')) AS a (place, asks, of, organization) ORDER BY a.place;
