-- What servers and applications write by hand, or wrote before, breaks no call: executions of which nobody knows when they began, probes at no instant, reservations that are kept no longer, chats whose last message is to come.
\i tests/fixtures/quota.sql
\i tests/fixtures/agents.sql
CALL test.open_chat();
CALL test.open_models();
CREATE FUNCTION test.error(p_statement text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace(test.outcome(p_statement), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g') $$;
-- Nobody knows when they began: they end, count for breaker and health, have no latency and no day.
INSERT INTO public.agent_executions (session_id, agent_id, status, created_at) SELECT test.chat(), a.id, 'running', NULL FROM public.agents AS a WHERE a.name = 'droid' RETURNING id AS e \gset
SELECT a ->> 'status' AS status, a ->> 'timed_out' AS timed_out, a ->> 'latency_ms' AS latency, a ->> 'health' AS health FROM public.finish_agent_execution(:'e', 'success', '{"prompt_tokens": 1, "completion_tokens": 1}') AS a;
SELECT status, latency_ms, error_message FROM public.agent_executions;
SELECT count(*) AS days FROM public.agent_metrics;
INSERT INTO public.agent_executions (session_id, agent_id, status, created_at) SELECT test.chat(), a.id, 'pending', NULL FROM public.agents AS a WHERE a.name = 'droid' RETURNING id AS e \gset
SELECT public.expire_agent_executions() AS expired;
SELECT status, error_message, (SELECT count(*) FROM public.agent_metrics) AS days, (SELECT in_a_row FROM test.agent('droid')) AS failures FROM public.agent_executions WHERE id = :'e';
SELECT a ->> 'status' AS status, a ->> 'timed_out' AS timed_out FROM public.finish_agent_execution(:'e', 'success', '{"prompt_tokens": 1, "completion_tokens": 1}') AS a;
SELECT count(*) AS days FROM public.agent_metrics;
SELECT test.call_agent('droid', 'success', '{"prompt_tokens": 1, "completion_tokens": 1}') ->> 'health' AS health;
SELECT total, good, bad FROM test.agent('droid');
-- Probes at no instant are refused, and where they stand already, are none.
SET ROLE service_role;
SELECT x.what, split_part(test.error(format('UPDATE public.circuit_breaker_state SET state = ''half_open'', probe_times = %L, probe_executions = %L, probe_ids = %2$L WHERE true', x.times, x.ids)), E'\n', 1) AS outcome
  FROM (VALUES ('infinity', '{infinity}', '{NULL}'), ('-infinity', '{now,-infinity}', '{NULL,NULL}'), ('nothing', '{NULL}', '{NULL}'), ('far away', '{294276-12-31 23:59:59.999999+00,4713-01-01 00:00:00+00 BC}', '{NULL,NULL}')) AS x (what, times, ids);
RESET ROLE;
SELECT x ->> 'allowed' AS allowed, x ->> 'reason' AS reason, x ->> 'retry_after_seconds' AS wait FROM public.acquire_agent('droid') AS x;
ALTER TABLE public.circuit_breaker_state DROP CONSTRAINT circuit_breaker_state_finite_probes_check;
UPDATE public.circuit_breaker_state SET state = 'half_open', probe_times = '{infinity,NULL,-infinity}', probe_executions = '{NULL,NULL,NULL}', probe_ids = '{NULL,NULL,NULL}' WHERE true;
SELECT public.pick_agent('{droid}') AS picked, public.acquire_agent('droid') ->> 'allowed' AS allowed;
SELECT test.call_agent('droid') ->> 'breaker' AS breaker, cardinality(probe_times) AS probes FROM public.circuit_breaker_state;
-- The reservation is kept no longer: what failed without usage is done, what used something is for record_model_usage().
SELECT reservation_id AS r FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 10) \gset
SELECT public.start_agent_execution(test.chat(), 'ccrouter', NULL, :'r') AS e \gset
UPDATE public.agent_executions SET created_at = created_at - interval '601 seconds' WHERE id = :'e';
SELECT public.expire_agent_executions() AS expired;
DELETE FROM public.quota_reservations WHERE reservation_id = :'r';
SELECT test.error(format('SELECT public.finish_agent_execution(%L, ''success'', ''{"total_tokens": 5}'')', :'e')) AS with_usage;
SELECT a ->> 'status' AS status, a ->> 'timed_out' AS timed_out FROM public.finish_agent_execution(:'e', 'failed', NULL) AS a;
-- Messages follow one another, whatever the clock does: it was set back by minutes or hours. What a client writes far into the future is not followed.
CREATE FUNCTION test.said() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(m.content, ', ' ORDER BY m.created_at, m.id) FROM public.chat_messages AS m WHERE m.session_id = test.chat() $$;
UPDATE public.chat_messages SET created_at = created_at + interval '5 hours' WHERE true;
UPDATE public.chat_sessions SET last_message_at = last_message_at + interval '5 hours' WHERE true;
SELECT count(public.append_chat_message(test.chat(), 'user', x.word)) AS said FROM (VALUES ('what'), ('now')) AS x (word);
SELECT test.said();
SELECT count(*) AS steps FROM (SELECT created_at - lag(created_at) OVER (ORDER BY created_at) AS step FROM public.chat_messages) AS x WHERE x.step = interval '1 microsecond';
UPDATE public.chat_sessions SET last_message_at = 'infinity' WHERE true;
SELECT public.append_chat_message(test.chat(), 'user', 'after infinity') IS NOT NULL AS said;
SELECT last_message_at < now() + interval '1 minute' AS now FROM public.chat_sessions;
