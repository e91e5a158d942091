-- The views show what their reader may read: his own sessions; servers with their tokens to service_role only. Sessions that are over are not there.
\i tests/fixtures/tenancy.sql
INSERT INTO public.user_sessions (user_id, organization_id, workspace_path, created_at, expires_at) VALUES
    (test.id('A'), test.organization('One'), '/over', '2026-01-01', '2026-01-02'), (test.id('A'), test.organization('One'), '/goes/on', '2026-01-01', 'infinity'), (test.id('N'), test.organization('One'), '/over', '2026-01-01', '2026-01-02');
UPDATE public.mcp_configurations SET enabled = false WHERE user_id = test.id('N');
SELECT c.relname, c.reloptions, count(*) AS columns, string_agg(a.attname, ', ' ORDER BY a.attnum) AS names FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
 WHERE c.oid IN ('public.active_user_sessions'::regclass, 'public.effective_mcp_configurations'::regclass) GROUP BY c.oid, c.relname, c.reloptions ORDER BY c.relname COLLATE "C";
CREATE FUNCTION test.seen(p_person text, p_query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    seen text;
BEGIN
    PERFORM test.as_member(p_person);
    EXECUTE format('SELECT string_agg(q::text, ''; '' ORDER BY q::text COLLATE "C") FROM (%s) AS q', p_query) INTO seen;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = coalesce(seen, 'nothing');
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM; WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
\connect - authenticator
SELECT p.person, test.seen(p.person, 'SELECT workspace_path, email, role, organization_name, organization_slug FROM public.active_user_sessions') AS sessions,
       test.seen(p.person, 'SELECT name, bearer_token, env, organization_name, user_email, config_scope FROM public.effective_mcp_configurations') AS servers
  FROM unnest('{A,N,P,T,S,W,anon,service_role}'::text[]) WITH ORDINALITY AS p (person, place) ORDER BY p.place;
-- Nor by a detour: what is not readable is not in errors, in RETURNING or in conditions either.
SELECT what, test.seen('A', query) FROM (VALUES (1, 'a condition', $$SELECT id FROM public.mcp_configurations WHERE bearer_token LIKE 'secret%'$$), (2, 'the whole row', 'SELECT c FROM public.mcp_configurations AS c'),
    (3, 'as JSON', 'SELECT to_jsonb(c) FROM public.mcp_configurations AS c'), (4, 'what may be read', 'SELECT name, auth_type FROM public.mcp_configurations')) AS a (place, what, query) ORDER BY place;
SELECT what, test.reach('A', statement) FROM (VALUES (1, 'returning', $$UPDATE public.mcp_configurations SET enabled = true RETURNING bearer_token$$), (2, 'copied', $$UPDATE public.mcp_configurations SET name = bearer_token$$),
    (3, 'a rule broken', $$UPDATE public.mcp_configurations SET bearer_token = ' '$$), (4, 'written', $$UPDATE public.mcp_configurations SET bearer_token = 'mine'$$)) AS a (place, what, statement) ORDER BY place;
-- Expired sessions are cleaned up by the server, and by nobody else.
SELECT test.reach('P', 'SELECT public.cleanup_expired_sessions()') AS admin, test.reach('anon', 'SELECT public.cleanup_expired_sessions()') AS anon;
BEGIN;
SELECT test.as_member('service_role');
SELECT public.cleanup_expired_sessions() AS deleted;
SELECT public.cleanup_expired_sessions() AS again, (SELECT count(*) FROM public.user_sessions WHERE expires_at IS NULL OR expires_at > now()) AS kept, (SELECT count(*) FROM public.user_sessions) AS rows;
ROLLBACK;
