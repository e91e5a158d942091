-- An execution from start to finish: metrics, health and the settlement of its reservation in one transaction, once; what runs for too long is ended, and its usage is not lost.
\i tests/fixtures/quota.sql
\i tests/fixtures/agents.sql
CALL test.open_chat();
CALL test.open_models();
SELECT public.set_quota_limit('tokens', 'tokens', 'daily', 1000) > 0 AS set;
CREATE FUNCTION pg_temp.told(p_answer jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace((p_answer || jsonb_build_object('latency_ms', CASE WHEN p_answer ->> 'latency_ms' ~ '^\d+$' THEN 'some' END))::text, '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g') $$;
CREATE FUNCTION pg_temp.error(p_statement text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace(test.outcome(p_statement), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g') $$;
CREATE FUNCTION pg_temp.quota() RETURNS TABLE (used numeric, held numeric) LANGUAGE sql AS $$ SELECT s.used, s.held FROM public.get_quota_status(test.id('A')) AS s WHERE s.name = 'tokens' $$;
SET ROLE service_role;
SELECT public.acquire_agent('droid');
-- Success: what was held is settled.
SELECT reservation_id AS r FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 100, 100) \gset
SELECT public.start_agent_execution(test.chat(), 'droid', 'gpt-4', :'r') AS e \gset
SELECT e.status, m.content, a.name AS agent, o.name AS model, e.reservation_id = :'r' AS reserved, e.completed_at FROM public.agent_executions AS e JOIN public.chat_messages AS m ON m.id = e.message_id JOIN public.agents AS a ON a.id = e.agent_id JOIN public.models AS o ON o.id = e.model_id;
SELECT public.finish_agent_execution(:'e', 'success', '{"prompt_tokens": 90, "completion_tokens": 61}') AS answer \gset
SELECT pg_temp.told(:'answer');
SELECT * FROM pg_temp.quota();
SELECT status, input_tokens, output_tokens, total_tokens, latency_ms >= 0 AS latency, error_message, completed_at >= created_at AS completed, finish_answer = :'answer' AS answered FROM public.agent_executions;
SELECT * FROM test.agent('droid');
-- The same again: the first answer, and nothing is counted twice. Another outcome: PT409.
SELECT public.finish_agent_execution(:'e', 'success', '{"completion_tokens": 61, "prompt_tokens": 90}') = :'answer' AS same;
SELECT pg_temp.error(format('SELECT public.finish_agent_execution(%L, ''failed'', NULL)', :'e')) AS otherwise, pg_temp.error(format('SELECT public.finish_agent_execution(%L, ''success'', ''{"total_tokens": 152}'')', :'e')) AS other_usage;
SELECT * FROM pg_temp.quota();
SELECT * FROM test.agent('droid');
-- Failed without usage: released. Failed with usage: settled.
SELECT reservation_id AS r FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 300) \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, :'r') AS e \gset
SELECT pg_temp.error(format('SELECT public.start_agent_execution(test.chat(), ''ccrouter'', NULL, %L)', :'r')) AS in_use;
SELECT * FROM pg_temp.quota();
SELECT pg_temp.told(public.finish_agent_execution(:'e', 'failed', NULL, 'no answer'));
SELECT * FROM pg_temp.quota();
SELECT last_error FROM public.agent_health;
-- Its hold is gone, but another agent may use the reservation: usage is stored in full.
SELECT public.start_agent_execution(test.chat(), 'ccrouter', 'gemini-1.5-pro', :'r') AS e \gset
SELECT pg_temp.told(public.finish_agent_execution(:'e', 'failed', '{"input_tokens": 10, "output_tokens": 0}', 'half an answer'));
SELECT * FROM pg_temp.quota();
SELECT pg_temp.error(format('SELECT public.start_agent_execution(test.chat(), ''ccrouter'', NULL, %L)', :'r')) AS settled;
SELECT * FROM test.agent('droid') UNION ALL SELECT * FROM test.agent('ccrouter');
-- Without reservation, and without usage.
SELECT pg_temp.told(test.call_agent('droid'));
SELECT pg_temp.told(test.call_agent('droid', 'success', '{"prompt_tokens": 1, "completion_tokens": 2}'));
SELECT * FROM test.agent('droid');
SELECT name, health_status, model_count, requests_today, avg_latency_ms IS NOT NULL AS latency FROM public.v_agent_status ORDER BY name;
-- A mistake leaves everything as it was.
SELECT reservation_id AS r FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 50) \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, :'r') AS e \gset
SELECT x.what, pg_temp.error(x.statement) AS error FROM (VALUES
    (1, 'no usage', format('SELECT public.finish_agent_execution(%L, ''success'', NULL)', :'e')), (2, 'bad usage', format('SELECT public.finish_agent_execution(%L, ''success'', ''{}'')', :'e')),
    (3, 'status', format('SELECT public.finish_agent_execution(%L, ''running'', NULL)', :'e')), (4, 'no status', format('SELECT public.finish_agent_execution(%L, NULL, NULL)', :'e')),
    (5, 'unknown', 'SELECT public.finish_agent_execution(gen_random_uuid(), ''failed'', NULL)'), (6, 'unknown session', 'SELECT public.start_agent_execution(gen_random_uuid(), ''droid'', NULL)'),
    (7, 'unknown agent', 'SELECT public.start_agent_execution(test.chat(), ''nobody'', NULL)'), (8, 'unknown model', 'SELECT public.start_agent_execution(test.chat(), ''droid'', ''gemini-1.5-pro'')'),
    (9, 'unknown reservation', 'SELECT public.start_agent_execution(test.chat(), ''droid'', NULL, gen_random_uuid())'), (10, 'acquire', 'SELECT public.acquire_agent(''nobody'')'),
    (11, 'acquire NULL', 'SELECT public.acquire_agent(NULL)'), (12, 'batch', 'SELECT public.expire_agent_executions(0)'), (13, 'candidates', 'SELECT public.pick_agent(NULL)')) AS x (place, what, statement) ORDER BY x.place;
SELECT status FROM public.agent_executions WHERE id = :'e';
SELECT * FROM pg_temp.quota();
-- It runs for too long: ended, its hold is gone, and it counts as a failure.
SELECT public.expire_agent_executions() AS expired;
RESET ROLE;
UPDATE public.agent_executions SET created_at = created_at - interval '601 seconds' WHERE status = 'running';
SET ROLE service_role;
SELECT public.expire_agent_executions() AS expired, public.expire_agent_executions() AS again;
SELECT status, error_message, latency_ms, completed_at IS NOT NULL AS completed FROM public.agent_executions WHERE id = :'e';
SELECT * FROM pg_temp.quota();
SELECT total, good, bad, in_a_row FROM test.agent('droid');
-- Its usage comes late: settled, in the metrics' tokens, and it stays failed. The breaker has counted it already.
SELECT public.finish_agent_execution(:'e', 'success', '{"prompt_tokens": 5, "completion_tokens": 5}') AS answer \gset
SELECT pg_temp.told(:'answer');
SELECT public.finish_agent_execution(:'e', 'success', '{"prompt_tokens": 5, "completion_tokens": 5}') = :'answer' AS same;
SELECT pg_temp.error(format('SELECT public.finish_agent_execution(%L, ''failed'', NULL)', :'e')) AS otherwise;
SELECT status, error_message, total_tokens FROM public.agent_executions WHERE id = :'e';
SELECT * FROM pg_temp.quota();
SELECT total, good, bad, in_a_row, means FROM test.agent('droid');
SELECT count(*) AS wrong FROM public.verify_quota();
-- The day is that of its start, in UTC whatever the session's zone is.
RESET ROLE;
SET TimeZone = 'Pacific/Kiritimati';
SELECT public.start_agent_execution(test.chat(), 'ccrouter', NULL) AS e \gset
UPDATE public.agent_executions SET created_at = '2026-01-31 23:59:59.999999Z' WHERE id = :'e';
SELECT public.finish_agent_execution(:'e', 'success', NULL) ->> 'latency_ms' AS more_than_a_day;
SELECT date, total_requests, successful_requests, avg_latency_ms FROM public.agent_metrics WHERE date = '2026-01-31';
-- Agents and models may go; executions stay, and end.
SELECT public.start_agent_execution(test.chat(), 'ccrouter', 'gemini-1.5-flash') AS e \gset
DELETE FROM public.agents WHERE name = 'ccrouter';
SELECT pg_temp.told(public.finish_agent_execution(:'e', 'success', NULL));
-- Messages in their order, by their owner and nobody else.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT public.append_chat_message(test.chat(), 'assistant', 'Hi', 3, NULL) IS NOT NULL AS appended, public.append_chat_message(test.chat(), 'user', 'And?', NULL, NULL, '{"n": 1.0}') IS NOT NULL AS again;
SELECT role, content, tokens_in, tokens_out, tokens_total, metadata FROM public.chat_messages ORDER BY created_at;
SELECT s.last_message_at = m.at AS noted, v.message_count FROM public.chat_sessions AS s, public.v_recent_sessions AS v, (SELECT max(created_at) AS at FROM public.chat_messages) AS m;
SELECT test.outcome(x.statement) FROM (VALUES (1, $$SELECT public.append_chat_message(test.chat(), 'tool', 'x')$$), (2, $$SELECT public.append_chat_message(test.chat(), 'user', NULL)$$), (3, $$SELECT public.append_chat_message(test.chat(), 'user', 'x', -1)$$),
    (4, $$SELECT public.append_chat_message(test.chat(), 'user', 'x', 2147483647, 1)$$), (5, $$SELECT public.append_chat_message(test.chat(), 'user', 'x', p_metadata => '[]')$$)) AS x (place, statement) ORDER BY x.place;
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'B');
SELECT test.outcome('SELECT public.append_chat_message(test.chat(), ''user'', ''x'')') AS others;
SELECT count(*) AS seen FROM public.chat_messages;
COMMIT;
