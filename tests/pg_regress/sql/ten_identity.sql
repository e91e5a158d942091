-- Who is asking as a member: the request's subject, else app.user_id. Empty is nobody, garbage an error; who is not active has no rights; no policy asks its own table.
\i tests/fixtures/tenancy.sql
INSERT INTO public.platform_admins (workos_user_id, email, is_active) VALUES ('user_gone', 'gone@example.test', false), ('user_unsaid', 'unsaid@example.test', NULL);
CREATE FUNCTION test.who(p_claims text, p_setting text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    PERFORM set_config('request.jwt.claims', coalesce(p_claims, ''), true), set_config('app.user_id', coalesce(p_setting, ''), true), set_config('role', 'authenticated', true);
    SELECT format('user %s, organisation %s, administers %s, One %s, Two %s, none %s, platform %s', right(public.app_current_user_id()::text, 2), right(public.app_current_org_id()::text, 2),
                  right(model_access.app_administered_org_id()::text, 2), public.app_is_org_admin(test.organization('One')), public.app_is_org_admin(test.organization('Two')), public.app_is_org_admin(NULL),
                  public.app_is_platform_admin())
        || format('; sees %s organisations, %s users, %s sessions, %s servers, %s prompts, %s admins, %s entries', (SELECT count(*) FROM public.organizations), (SELECT count(*) FROM public.users),
                  (SELECT count(*) FROM public.user_sessions), (SELECT count(id) FROM public.mcp_configurations), (SELECT count(*) FROM public.system_prompts), (SELECT count(*) FROM public.platform_admins), (SELECT count(*) FROM public.admin_audit_log))
      INTO answer;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = answer;
EXCEPTION
    WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM;
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TABLE test.given (place integer GENERATED ALWAYS AS IDENTITY, what text, claims text, setting text);
GRANT SELECT ON test.given TO authenticator;
INSERT INTO test.given (what, claims, setting) VALUES
    ('nothing', NULL, NULL), ('both empty', '', ''), ('a setting', NULL, test.id('A')::text), ('a setting in capitals', NULL, upper(test.id('A')::text)), ('an admin by setting', NULL, test.id('P')::text), ('nobody by setting', NULL, test.id('S')::text),
    ('garbage', NULL, 'nobody'), ('claims win', jsonb_build_object('sub', test.id('T'))::text, test.id('A')::text), ('claims without a subject win', '{"role": "authenticated"}', test.id('A')::text), ('a null subject wins', '{"sub": null}', test.id('A')::text),
    ('a subject of another provider', '{"sub": "user_01H"}', test.id('A')::text), ('garbage beside claims', jsonb_build_object('sub', test.id('A'))::text, 'nobody'), ('claims that are none', '[]', test.id('A')::text), ('claims that are no JSON', 'sub', NULL),
    ('a platform admin', '{"sub": "user_W"}', NULL), ('a platform admin no more', '{"sub": "user_gone"}', NULL), ('one of whom nobody said it', '{"sub": "user_unsaid"}', NULL), ('in other letters', '{"sub": "USER_W"}', NULL), ('a role in the claims', jsonb_build_object('sub', test.id('A'), 'role', 'service_role', 'user_role', 'admin', 'org_id', test.organization('Two'))::text, NULL);
\connect - authenticator
SELECT g.what, test.who(g.claims, g.setting) FROM test.given AS g ORDER BY g.place;
\connect - postgres
-- What a pooled session is left with after a transaction harms nobody.
BEGIN; SET LOCAL app.user_id = '00000000-0000-4000-8000-00000000000a'; COMMIT;
SELECT current_setting('app.user_id', true) = '' AS left_empty, public.app_current_user_id() IS NULL AS is_nobody;
UPDATE public.users SET is_active = false WHERE id IN (test.id('A'), test.id('P'));
\connect - authenticator
SELECT p AS inactive, test.who(NULL, test.id(p)::text) FROM unnest('{A,P}'::text[]) AS p ORDER BY p;
SELECT p AS inactive, what, test.reach(p, statement) AS reached
  FROM unnest('{A,P}'::text[]) AS p, (VALUES (1, 'address', $$UPDATE public.users SET email = 'x@example.test'$$), (2, 'active again', 'UPDATE public.users SET is_active = true'), (3, 'sessions', 'DELETE FROM public.user_sessions'),
                                           (4, 'servers', 'UPDATE public.mcp_configurations SET enabled = false'), (5, 'prompts', 'DELETE FROM public.system_prompts')) AS a (place, what, statement) ORDER BY p, a.place;
-- No rights by a table of the application that only has the name.
\connect - postgres
SELECT count(*) > 0 AS away FROM model_access.uninstall('{tenancy}', true);
CREATE TABLE public.users (id integer, name text);
\connect - authenticator
SELECT test.reach('A', 'SELECT * FROM public.organizations') AS organizations, test.reach('P', $$UPDATE public.organizations SET name = 'x'$$) AS renamed;
