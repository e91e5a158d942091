-- Who does not know whether a call began asks again with its reservation: it is one call. Without a reservation each start is a call, and a disabled agent is not called.
\i tests/fixtures/quota.sql
\i tests/fixtures/agents.sql
CALL test.open_chat();
CALL test.open_models();
CREATE FUNCTION test.error(p_statement text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace(test.outcome(p_statement), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g') $$;
SET ROLE service_role;
SELECT reservation_id AS r FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 10) \gset
SELECT public.start_agent_execution(test.chat(), 'droid', 'gpt-4', :'r') AS e \gset
SELECT public.append_chat_message(test.chat(), 'user', 'Are you there?') IS NOT NULL AS said;
SELECT public.start_agent_execution(test.chat(), 'droid', 'gpt-4', :'r') = :'e' AS same, (SELECT count(*) FROM public.agent_executions) AS calls;
-- Of another agent, model or chat it is another call.
INSERT INTO public.chat_sessions (id, user_id, org_id) VALUES ('20000000-0000-4000-8000-0000000000c2', test.id('A')::text, '20000000-0000-4000-8000-000000000001');
SELECT public.append_chat_message('20000000-0000-4000-8000-0000000000c2', 'user', 'Hello') IS NOT NULL AS said;
SELECT x.what, left(test.error(format('SELECT public.start_agent_execution(%L, %L, %L, %L)', x.chat, x.agent, x.model, :'r')), 5) AS outcome
  FROM (VALUES ('agent', test.chat(), 'ccrouter', NULL), ('model', test.chat(), 'droid', NULL), ('chat', '20000000-0000-4000-8000-0000000000c2', 'droid', 'gpt-4')) AS x (what, chat, agent, model);
SELECT public.finish_agent_execution(:'e', 'success', '{"prompt_tokens": 1, "completion_tokens": 1}') ->> 'status' AS status;
SELECT left(test.error(format('SELECT public.start_agent_execution(test.chat(), ''droid'', ''gpt-4'', %L)', :'r')), 5) AS ended;
-- Without a reservation.
SELECT count(DISTINCT public.start_agent_execution(test.chat(), 'droid', NULL)) AS calls FROM generate_series(1, 2);
-- Disabled.
UPDATE public.agents SET enabled = false WHERE name = 'droid';
SELECT test.error($$SELECT public.start_agent_execution(test.chat(), 'droid', NULL)$$) AS disabled;
UPDATE public.agents SET enabled = NULL WHERE name = 'droid';
SELECT left(test.error($$SELECT public.start_agent_execution(test.chat(), 'droid', NULL)$$), 5) AS disabled;
SELECT count(*) AS calls FROM public.agent_executions;
