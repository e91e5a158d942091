-- Who may do what with the tables of OAuth, over two organisations: rows reached, or the SQLSTATE. Each sees his own, and nobody a secret.
-- Organisation 1: members A and B, admin P. Organisation 2: admin T. Platform admin S. A has a state and two tokens; B, P and T one of each.
INSERT INTO public.organizations (id, name) VALUES ('10000000-0000-4000-8000-000000000001', 'One'), ('10000000-0000-4000-8000-000000000002', 'Two');
INSERT INTO public.users (id, email, organization_id, role)
SELECT test.id(p), p || '@example.test', ('10000000-0000-4000-8000-00000000000' || o)::uuid, r::public.user_role FROM (VALUES ('A', 1, 'user'), ('B', 1, 'user'), ('P', 1, 'admin'), ('T', 2, 'admin')) AS u (p, o, r);
INSERT INTO public.platform_admins (workos_user_id, email) VALUES (test.id('S')::text, 's@example.test');
INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri) SELECT u.id, 'state of ' || u.email, 'verifier', 'provider', 'server', 'https://example.test' FROM public.users AS u;
INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token, refresh_token) SELECT u.id, u.organization_id, 'server', 'provider', 'token', 'refresh' FROM public.users AS u;
INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token) VALUES (test.id('A'), '10000000-0000-4000-8000-000000000001', 'server', 'another', 'token');
-- What a person reaches with a statement; it is undone, his role and claims too. "setting" is A without claims, by app.user_id; "empty" is that setting as a pool leaves it.
CREATE FUNCTION test.reach(p_person text, p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    reached bigint;
BEGIN
    PERFORM CASE WHEN p_person IN ('anon', 'service_role') THEN test.request(p_person) WHEN p_person IN ('setting', 'empty') THEN test.request('authenticated') ELSE test.request('authenticated', p_person) END;
    IF p_person IN ('setting', 'empty') THEN
        PERFORM set_config('request.jwt.claims', '', true), set_config('app.user_id', CASE p_person WHEN 'setting' THEN test.id('A')::text ELSE '' END, true);
    END IF;
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
    ('states: select', 'SELECT id FROM public.oauth_states'),
    ('states: select what is open', 'SELECT id, user_id, provider, mcp_name, redirect_uri, created_at, expires_at, used FROM public.oauth_states'),
    ('states: select as *', 'SELECT * FROM public.oauth_states'),
    ('states: state', 'SELECT state FROM public.oauth_states'),
    ('states: state in a condition', $$SELECT id FROM public.oauth_states WHERE state LIKE 'state%'$$),
    ('states: code_verifier', 'SELECT code_verifier FROM public.oauth_states'),
    ('states: insert own', $$INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri) VALUES (test.id('A'), 's', 'x', 'x', 'x', 'x')$$),
    ('states: update used', 'UPDATE public.oauth_states SET used = false WHERE true'),
    ('states: update expires_at', $$UPDATE public.oauth_states SET expires_at = 'infinity' WHERE true$$),
    ('states: update redirect_uri', $$UPDATE public.oauth_states SET redirect_uri = 'https://evil.test' WHERE true$$),
    ('states: delete', 'DELETE FROM public.oauth_states WHERE true'),
    ('states: delete returning', 'DELETE FROM public.oauth_states WHERE true RETURNING code_verifier'),
    ('tokens: select', 'SELECT id FROM public.mcp_oauth_tokens'),
    ('tokens: select what is open', 'SELECT id, user_id, organization_id, mcp_name, oauth_provider, expires_at, token_type, scope, created_at, updated_at FROM public.mcp_oauth_tokens'),
    ('tokens: select as *', 'SELECT * FROM public.mcp_oauth_tokens'),
    ('tokens: access_token', 'SELECT access_token FROM public.mcp_oauth_tokens'),
    ('tokens: refresh_token', 'SELECT length(refresh_token) FROM public.mcp_oauth_tokens'),
    ('tokens: order by', 'SELECT id FROM public.mcp_oauth_tokens ORDER BY access_token'),
    ('tokens: row as text', 'SELECT t::text FROM public.mcp_oauth_tokens AS t'),
    ('tokens: insert own', $$INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token) VALUES (test.id('A'), '10000000-0000-4000-8000-000000000001', 'x', 'x', 'x')$$),
    ('tokens: update', $$UPDATE public.mcp_oauth_tokens SET access_token = 'x' WHERE true$$),
    ('tokens: update scope', $$UPDATE public.mcp_oauth_tokens SET scope = 'everything' WHERE true$$),
    ('tokens: delete', 'DELETE FROM public.mcp_oauth_tokens WHERE true'),
    ('tokens: truncate', 'TRUNCATE public.mcp_oauth_tokens'),
    ('statistics', $$SELECT most_common_vals FROM pg_stats WHERE tablename IN ('oauth_states', 'mcp_oauth_tokens') AND attname IN ('state', 'code_verifier', 'access_token', 'refresh_token')$$),
    ('encrypt_token', $$SELECT public.encrypt_token('t', 'k')$$), ('decrypt_token', $$SELECT public.decrypt_token('t', 'k')$$),
    ('consume_oauth_state', $$SELECT public.consume_oauth_state('no such state')$$),
    ('cleanups', 'SELECT public.cleanup_expired_oauth_states(), public.cleanup_expired_oauth_tokens()'),
    ('consume_oauth_state of model_access', $$SELECT model_access.consume_oauth_state('no such state')$$);
ANALYZE public.oauth_states, public.mcp_oauth_tokens;
CREATE VIEW test.matrix AS
SELECT a.place, a.what, test.reach('A', a.statement) AS owner, test.reach('setting', a.statement) AS owner_by_setting, test.reach('empty', a.statement) AS empty_setting, test.reach('B', a.statement) AS member,
       test.reach('P', a.statement) AS admin, test.reach('T', a.statement) AS foreign_admin, test.reach('S', a.statement) AS platform_admin, test.reach('N', a.statement) AS nobody, test.reach('anon', a.statement) AS anon
  FROM test.attempt AS a;
ALTER VIEW test.matrix SET (security_invoker = true);
GRANT SELECT ON test.matrix TO authenticator;
\connect - authenticator
SELECT m.what, m.owner, m.owner_by_setting, m.empty_setting, m.member, m.admin, m.foreign_admin, m.platform_admin, m.nobody, m.anon FROM test.matrix AS m ORDER BY m.place;
SELECT a.what, test.reach('service_role', a.statement) AS service_role FROM test.attempt AS a WHERE a.what NOT LIKE '%_token' ORDER BY a.place;
-- The policies alone, as if a later grant had opened the columns: still nothing of anybody else.
\connect - postgres
GRANT SELECT, INSERT, UPDATE, DELETE ON public.oauth_states, public.mcp_oauth_tokens TO authenticated, anon;
TRUNCATE test.attempt;
INSERT INTO test.attempt (what, statement) VALUES
    ('states: select', 'SELECT * FROM public.oauth_states'),
    ('states: insert for A', $$INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri) VALUES (test.id('A'), 's', 'x', 'x', 'x', 'x')$$),
    ('states: insert for P', $$INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri) VALUES (test.id('P'), 's', 'x', 'x', 'x', 'x')$$),
    ('states: update', 'UPDATE public.oauth_states SET used = true WHERE true'),
    ('states: give to T', $$UPDATE public.oauth_states SET user_id = test.id('T') WHERE user_id <> test.id('T')$$),
    ('states: delete', 'DELETE FROM public.oauth_states WHERE true'),
    ('tokens: select', 'SELECT * FROM public.mcp_oauth_tokens'),
    ('tokens: insert for A', $$INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token) VALUES (test.id('A'), '10000000-0000-4000-8000-000000000001', 'x', 'x', 'x')$$),
    ('tokens: insert for A in 2', $$INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token) VALUES (test.id('A'), '10000000-0000-4000-8000-000000000002', 'x', 'x', 'x')$$),
    ('tokens: insert for T', $$INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token) VALUES (test.id('T'), '10000000-0000-4000-8000-000000000002', 'x', 'x', 'x')$$),
    ('tokens: update', $$UPDATE public.mcp_oauth_tokens SET access_token = 'x' WHERE true$$),
    ('tokens: give to B', $$UPDATE public.mcp_oauth_tokens SET user_id = test.id('B'), mcp_name = 'y' WHERE user_id <> test.id('B')$$),
    ('tokens: move to 2', $$UPDATE public.mcp_oauth_tokens SET organization_id = '10000000-0000-4000-8000-000000000002' WHERE organization_id <> '10000000-0000-4000-8000-000000000002'$$),
    ('tokens: delete', 'DELETE FROM public.mcp_oauth_tokens WHERE true');
\connect - authenticator
SELECT m.what, m.owner, m.owner_by_setting, m.empty_setting, m.member, m.admin, m.foreign_admin, m.platform_admin, m.nobody, m.anon FROM test.matrix AS m ORDER BY m.place;
-- Who is a member no longer has no tokens here.
\connect - postgres
UPDATE public.users SET is_active = false WHERE id = test.id('A');
\connect - authenticator
SELECT test.reach('A', 'SELECT id FROM public.mcp_oauth_tokens') AS sees, test.reach('A', 'DELETE FROM public.mcp_oauth_tokens WHERE true') AS deletes;
