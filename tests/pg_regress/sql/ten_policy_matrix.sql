-- Who may do what with the tables of tenancy, over two organisations: rows reached, or the SQLSTATE. By a request's claims and by app.user_id alike. Nothing crosses.
\i tests/fixtures/tenancy.sql
CREATE TABLE test.attempt (place integer GENERATED ALWAYS AS IDENTITY, what text, of_one boolean DEFAULT true, statement text);
GRANT SELECT ON test.attempt TO authenticator;
\set one '00000000-0000-4000-8000-0000000000f1'
\set two '00000000-0000-4000-8000-0000000000f2'
INSERT INTO test.attempt (what, of_one, statement) VALUES
    ('organizations: select One', true, format('SELECT * FROM public.organizations WHERE id = %L', :'one')),
    ('organizations: select all', false, 'SELECT * FROM public.organizations'),
    ('organizations: insert', false, $$INSERT INTO public.organizations (name) VALUES ('x')$$),
    ('organizations: rename One', true, format('UPDATE public.organizations SET name = %L WHERE id = %L', 'x', :'one')),
    ('organizations: plan of One', true, format('UPDATE public.organizations SET pricing_plan = %L WHERE id = %L', 'enterprise', :'one')),
    ('organizations: delete One', true, format('DELETE FROM public.organizations WHERE id = %L', :'one')),
    ('users: select of One', true, format('SELECT * FROM public.users WHERE organization_id = %L', :'one')),
    ('users: insert into One', true, format('INSERT INTO public.users (id, email, organization_id) VALUES (%L, %L, %L)', test.id('S'), 'x@example.test', :'one')),
    ('users: insert an admin of One', true, format('INSERT INTO public.users (email, organization_id, role) VALUES (%L, %L, %L)', 'x@example.test', :'one', 'admin')),
    ('users: address of A', true, format('UPDATE public.users SET email = %L WHERE id = %L', 'x@example.test', test.id('A'))),
    ('users: every address', false, $$UPDATE public.users SET email = 'x' || email$$),
    ('users: A an admin', true, format('UPDATE public.users SET role = %L WHERE id = %L', 'admin', test.id('A'))),
    ('users: A inactive', true, format('UPDATE public.users SET is_active = false WHERE id = %L', test.id('A'))),
    ('users: A to Two', true, format('UPDATE public.users SET organization_id = %L WHERE id = %L', :'two', test.id('A'))),
    ('users: delete A', true, format('DELETE FROM public.users WHERE id = %L', test.id('A'))),
    ('sessions: select of One', true, format('SELECT * FROM public.user_sessions WHERE organization_id = %L', :'one')),
    ('sessions: insert for A', true, format('INSERT INTO public.user_sessions (user_id, organization_id, workspace_path) VALUES (%L, %L, %L)', test.id('A'), :'one', '/x')),
    ('sessions: update of A', true, format('UPDATE public.user_sessions SET workspace_path = %L WHERE user_id = %L', '/x', test.id('A'))),
    ('sessions: update all', false, $$UPDATE public.user_sessions SET workspace_path = '/x'$$),
    ('sessions: give to A', true, format('UPDATE public.user_sessions SET user_id = %L WHERE user_id <> %1$L', test.id('A'))),
    ('sessions: delete of A', true, format('DELETE FROM public.user_sessions WHERE user_id = %L', test.id('A'))),
    ('servers of A: select', true, format('SELECT id, name FROM public.mcp_configurations WHERE user_id = %L', test.id('A'))),
    ('servers of A: select the token', true, format('SELECT bearer_token FROM public.mcp_configurations WHERE user_id = %L', test.id('A'))),
    ('servers of A: select the environment', true, format('SELECT env FROM public.mcp_configurations WHERE user_id = %L', test.id('A'))),
    ('servers of A: insert', true, format('INSERT INTO public.mcp_configurations (organization_id, user_id, name, type, command) VALUES (%L, %L, %L, %L, %L)', :'one', test.id('A'), 'x', 'stdio', 'x')),
    ('servers of A: write the token', true, format('UPDATE public.mcp_configurations SET bearer_token = %L, env = %L WHERE user_id = %L', 'x', '{}', test.id('A'))),
    ('servers of A: delete', true, format('DELETE FROM public.mcp_configurations WHERE user_id = %L', test.id('A'))),
    ('servers of One: select', true, format('SELECT id, name FROM public.mcp_configurations WHERE organization_id = %L AND user_id IS NULL', :'one')),
    ('servers of One: insert', true, format('INSERT INTO public.mcp_configurations (organization_id, name, type, command) VALUES (%L, %L, %L, %L)', :'one', 'x', 'stdio', 'x')),
    ('servers of One: own in it', false, format('INSERT INTO public.mcp_configurations (organization_id, user_id, name, type, command) VALUES (%L, model_access.app_current_user_id(), %L, %L, %L)', :'one', 'x', 'stdio', 'x')),
    ('servers of One: update', true, format('UPDATE public.mcp_configurations SET enabled = false WHERE organization_id = %L AND user_id IS NULL', :'one')),
    ('servers of One: make A''s the organisation''s', true, format('UPDATE public.mcp_configurations SET user_id = NULL WHERE user_id = %L', test.id('A'))),
    ('servers of One: delete', true, format('DELETE FROM public.mcp_configurations WHERE organization_id = %L AND user_id IS NULL', :'one')),
    ('prompts of A: select', true, format('SELECT * FROM public.system_prompts WHERE user_id = %L', test.id('A'))),
    ('prompts of A: insert', true, format('INSERT INTO public.system_prompts (scope, organization_id, user_id, content) VALUES (%L, %L, %L, %L)', 'user', :'one', test.id('A'), 'x')),
    ('prompts of A: insert in P''s name', true, format('INSERT INTO public.system_prompts (scope, organization_id, user_id, content, created_by) VALUES (%L, %L, %L, %L, %L)', 'user', :'one', test.id('A'), 'x', test.id('P'))),
    ('prompts of A: update', true, format('UPDATE public.system_prompts SET content = %L WHERE user_id = %L', 'x', test.id('A'))),
    ('prompts of A: make it everybody''s', true, format('UPDATE public.system_prompts SET scope = %L, organization_id = NULL, user_id = NULL WHERE user_id = %L', 'global', test.id('A'))),
    ('prompts of A: delete', true, format('DELETE FROM public.system_prompts WHERE user_id = %L', test.id('A'))),
    ('prompts of One: select', true, format('SELECT * FROM public.system_prompts WHERE organization_id = %L AND scope = %L', :'one', 'organization')),
    ('prompts of One: insert', true, format('INSERT INTO public.system_prompts (scope, organization_id, content) VALUES (%L, %L, %L)', 'organization', :'one', 'x')),
    ('prompts of One: update', true, format('UPDATE public.system_prompts SET content = %L WHERE organization_id = %L AND scope = %L', 'x', :'one', 'organization')),
    ('prompts of One: delete', true, format('DELETE FROM public.system_prompts WHERE organization_id = %L AND scope = %L', :'one', 'organization')),
    ('prompts of everybody: select', false, $$SELECT * FROM public.system_prompts WHERE scope = 'global'$$),
    ('prompts of everybody: insert', false, $$INSERT INTO public.system_prompts (scope, content) VALUES ('global', 'x')$$),
    ('prompts of everybody: update', false, $$UPDATE public.system_prompts SET content = 'x' WHERE scope = 'global'$$),
    ('prompts of everybody: delete', false, $$DELETE FROM public.system_prompts WHERE scope = 'global'$$),
    ('platform admins: select', false, 'SELECT * FROM public.platform_admins'),
    ('platform admins: insert', false, $$INSERT INTO public.platform_admins (workos_user_id, email, added_by) VALUES ('user_X', 'x@example.test', model_access.app_platform_admin_id())$$),
    ('platform admins: by nobody', false, $$INSERT INTO public.platform_admins (workos_user_id, email) VALUES ('user_X', 'x@example.test')$$),
    ('platform admins: update', false, 'UPDATE public.platform_admins SET is_active = false'),
    ('platform admins: another subject', false, $$UPDATE public.platform_admins SET workos_user_id = 'x' || workos_user_id$$),
    ('platform admins: delete', false, 'DELETE FROM public.platform_admins'),
    ('log of admins: select', false, 'SELECT * FROM public.admin_audit_log'),
    ('log of admins: insert', false, $$INSERT INTO public.admin_audit_log (admin_id, action) VALUES ('00000000-0000-4000-8000-0000000000e1', 'x')$$),
    ('log of admins: insert in another''s name', false, $$INSERT INTO public.admin_audit_log (admin_id, action) VALUES ('00000000-0000-4000-8000-0000000000e2', 'x')$$),
    ('log of admins: update', false, $$UPDATE public.admin_audit_log SET action = 'x'$$),
    ('log of admins: delete', false, 'DELETE FROM public.admin_audit_log');
\connect - authenticator
SELECT a.what, test.reach('A', a.statement) AS owner, test.reach('N', a.statement) AS member, test.reach('P', a.statement) AS admin, test.reach('T', a.statement) AS admin_of_two, test.reach('B', a.statement) AS member_of_two,
       test.reach('S', a.statement) AS nobody, test.reach('W', a.statement) AS platform, test.reach('anon', a.statement) AS anon, test.reach('service_role', a.statement) AS service
  FROM test.attempt AS a ORDER BY a.place;
-- Who says who he is by app.user_id reaches the same. Platform admins are known by claims only.
SELECT a.what, p.person, test.reach(p.person, a.statement) AS by_claims, test.reach(p.person, a.statement, true) AS by_setting
  FROM test.attempt AS a, unnest('{A,N,P,T,B,S,anon,service_role}'::text[]) AS p (person)
 WHERE test.reach(p.person, a.statement) IS DISTINCT FROM test.reach(p.person, a.statement, true) ORDER BY a.place, p.person COLLATE "C";
-- Nothing of One is reached from Two, or by nobody.
SELECT a.what, p.person, test.reach(p.person, a.statement, by_setting) AS reached
  FROM test.attempt AS a, unnest('{T,B,S,W,anon}'::text[]) AS p (person), unnest('{f,t}'::boolean[]) AS by_setting
 WHERE a.of_one AND test.reach(p.person, a.statement, by_setting) NOT IN ('0', '42501') ORDER BY a.place, p.person COLLATE "C", by_setting;
