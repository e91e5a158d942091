-- Who may do what with the tables of agents: rows reached, or the SQLSTATE. Chats are their owner's alone, in his organisation; agents are the platform's.
-- Organisation 1: A, whose chat it is, B, another member, and P, its admin. Organisation 2: T. S administers the platform. N is no member.
INSERT INTO public.organizations (id, name) VALUES ('20000000-0000-4000-8000-000000000001', 'One'), ('20000000-0000-4000-8000-000000000002', 'Two');
INSERT INTO public.users (id, email, organization_id, role) VALUES
    (test.id('A'), 'a@example.test', '20000000-0000-4000-8000-000000000001', 'user'), (test.id('B'), 'b@example.test', '20000000-0000-4000-8000-000000000001', 'user'),
    (test.id('P'), 'p@example.test', '20000000-0000-4000-8000-000000000001', 'admin'), (test.id('T'), 't@example.test', '20000000-0000-4000-8000-000000000002', 'admin');
INSERT INTO public.platform_admins (workos_user_id, email) VALUES (test.id('S')::text, 's@example.test');
INSERT INTO public.chat_sessions (id, user_id, org_id) VALUES ('20000000-0000-4000-8000-0000000000c1', test.id('A')::text, '20000000-0000-4000-8000-000000000001');
INSERT INTO public.chat_messages (id, session_id, role, content) VALUES ('20000000-0000-4000-8000-0000000000d1', '20000000-0000-4000-8000-0000000000c1', 'user', 'secret');
INSERT INTO public.agent_executions (session_id, message_id, status, agent_id) SELECT '20000000-0000-4000-8000-0000000000c1', '20000000-0000-4000-8000-0000000000d1', 'success', a.id FROM public.agents AS a WHERE a.name = 'droid';
INSERT INTO public.agent_health (agent_id, status) SELECT a.id, 'healthy' FROM public.agents AS a WHERE a.name = 'droid';
INSERT INTO public.agent_metrics (agent_id, date) SELECT a.id, '2026-01-01' FROM public.agents AS a WHERE a.name = 'droid';
INSERT INTO public.circuit_breaker_state (agent_id, state) SELECT a.id, 'closed' FROM public.agents AS a WHERE a.name = 'droid';
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
INSERT INTO test.attempt (what, statement)
SELECT format('%s: %s', t.name, c.command), CASE c.command WHEN 'select' THEN format('SELECT id FROM public.%I', t.name) WHEN 'update' THEN format('UPDATE public.%I SET id = id WHERE true', t.name)
       WHEN 'delete' THEN format('DELETE FROM public.%I WHERE true', t.name) ELSE 'INSERT INTO public.' || t.new END
  FROM (VALUES (1, 'agents', $$agents (name, type) VALUES ('x', 'custom')$$), (2, 'models', $$models (agent_id, name) SELECT a.id, 'x' FROM public.agents AS a WHERE a.name = 'droid'$$),
               (3, 'chat_sessions', $$chat_sessions (user_id, org_id) VALUES (coalesce(model_access.app_current_user_id()::text, 'nobody'), coalesce(model_access.app_current_org_id()::text, 'none'))$$),
               (4, 'chat_messages', $$chat_messages (session_id, role, content) VALUES ('20000000-0000-4000-8000-0000000000c1', 'user', 'x')$$),
               (5, 'agent_executions', $$agent_executions (session_id, message_id, status) VALUES ('20000000-0000-4000-8000-0000000000c1', '20000000-0000-4000-8000-0000000000d1', 'running')$$),
               (6, 'agent_health', $$agent_health (agent_id, status) SELECT a.id, 'healthy' FROM public.agents AS a WHERE a.name = 'ccrouter'$$),
               (7, 'agent_metrics', $$agent_metrics (agent_id, date) SELECT a.id, '2026-01-02' FROM public.agents AS a WHERE a.name = 'droid'$$),
               (8, 'circuit_breaker_state', $$circuit_breaker_state (agent_id, state) SELECT a.id, 'open' FROM public.agents AS a WHERE a.name = 'ccrouter'$$)) AS t (place, name, new),
       unnest('{select,insert,update,delete}'::text[]) WITH ORDINALITY AS c (command, step)
 ORDER BY t.place, c.step;
INSERT INTO test.attempt (what, statement) VALUES
    ('agents: config', 'SELECT config FROM public.agents'), ('agents: by config', $$SELECT id FROM public.agents WHERE config ->> 'provider' = 'openrouter'$$), ('agents: select *', 'SELECT * FROM public.agents'),
    ('models: config', 'SELECT config FROM public.models'), ('health: last_error', 'SELECT last_error FROM public.agent_health'),
    ('sessions: for somebody else', $$INSERT INTO public.chat_sessions (user_id, org_id) VALUES (test.id('B')::text, '20000000-0000-4000-8000-000000000001')$$),
    ('sessions: in another organisation', $$INSERT INTO public.chat_sessions (user_id, org_id) VALUES (model_access.app_current_user_id()::text, '20000000-0000-4000-8000-000000000002')$$),
    ('sessions: give away', $$UPDATE public.chat_sessions SET user_id = test.id('B')::text WHERE true$$),
    ('messages: append', $$SELECT public.append_chat_message('20000000-0000-4000-8000-0000000000c1', 'user', 'x')$$),
    ('recent sessions', 'SELECT * FROM public.v_recent_sessions'), ('agent status', 'SELECT * FROM public.v_agent_status'),
    ('acquire', $$SELECT public.acquire_agent('droid')$$), ('pick', $$SELECT public.pick_agent('{droid}')$$), ('start', $$SELECT public.start_agent_execution('20000000-0000-4000-8000-0000000000c1', 'droid', NULL)$$),
    ('finish', $$SELECT public.finish_agent_execution('20000000-0000-4000-8000-0000000000c1', 'failed', NULL)$$), ('expire', 'SELECT public.expire_agent_executions()');
\connect - authenticator
SELECT a.what, test.reach('authenticated', 'A', a.statement) AS owner, test.reach('authenticated', 'B', a.statement) AS member, test.reach('authenticated', 'P', a.statement) AS org_admin,
       test.reach('authenticated', 'T', a.statement) AS other_org, test.reach('authenticated', 'S', a.statement) AS platform_admin, test.reach('authenticated', 'N', a.statement) AS nobody,
       test.reach('anon', NULL, a.statement) AS anon, test.reach('service_role', NULL, a.statement) AS service_role
  FROM test.attempt AS a ORDER BY a.place;
-- Who changes his organisation leaves his chats there; who is no member any more has none.
\connect - postgres
UPDATE public.users SET organization_id = '20000000-0000-4000-8000-000000000002' WHERE id = test.id('A');
\connect - authenticator
SELECT a.what, test.reach('authenticated', 'A', a.statement) AS moved FROM test.attempt AS a WHERE a.what IN ('chat_sessions: select', 'chat_messages: select', 'chat_messages: insert', 'agent_executions: select', 'messages: append') ORDER BY a.place;
