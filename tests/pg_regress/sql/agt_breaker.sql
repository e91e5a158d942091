-- The breaker of an agent: opens after failures in a row, lets probes through after a cool-down, closes after successes; and which agent is picked.
\i tests/fixtures/quota.sql
\i tests/fixtures/agents.sql
CALL test.open_chat();
UPDATE public.agents SET config = '{"breaker": {"failures": 2, "cool_down_seconds": 60, "successes": 2, "probes": 2, "probe_timeout_seconds": 30}}' WHERE name = 'droid';
SET ROLE service_role;
CREATE FUNCTION pg_temp.acquired() RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', x ->> 'allowed', x ->> 'state', x ->> 'reason', CASE WHEN (x ->> 'retry_after_seconds')::integer BETWEEN 1 AND 60 THEN 'later' END) FROM public.acquire_agent('droid') AS x $$;
SELECT pg_temp.acquired(), test.call_agent('droid', 'failed') ->> 'breaker' AS breaker, test.call_agent('droid') ->> 'health' AS health, test.call_agent('droid', 'failed') ->> 'health' AS again;
SELECT * FROM test.agent('droid');
SELECT public.pick_agent('{droid}') AS picked, public.pick_agent('{}') AS nobody, public.pick_agent('{x,NULL}') AS unknown;
SELECT x ->> 'breaker' AS breaker, x ->> 'health' AS health FROM test.call_agent('droid', 'failed') AS x;
SELECT pg_temp.acquired(), public.pick_agent('{droid}') AS picked, public.pick_agent('{droid,ccrouter}') AS other;
SELECT * FROM test.agent('droid');
-- Results of calls that began before change nothing while it is open.
SELECT test.call_agent('droid') ->> 'breaker' AS breaker;
-- The cool-down is over: two probes, and no third.
RESET ROLE;
CALL test.let_pass('60 seconds');
SET ROLE service_role;
SELECT public.pick_agent('{droid}') AS picked;
SELECT pg_temp.acquired(), pg_temp.acquired() AS second, pg_temp.acquired() AS third;
SELECT public.pick_agent('{droid}') AS picked;
SELECT public.start_agent_execution(test.chat(), 'droid', NULL) AS p1 \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL) AS p2 \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL) AS p3 \gset
-- Who was not let through has no say; a probe that succeeds makes room; one that fails opens it.
SELECT public.finish_agent_execution(:'p3', 'failed', NULL) ->> 'breaker' AS not_a_probe, pg_temp.acquired();
SELECT public.finish_agent_execution(:'p1', 'success', NULL) ->> 'breaker' AS first_success, pg_temp.acquired();
SELECT * FROM test.agent('droid');
SELECT public.finish_agent_execution(:'p2', 'failed', NULL) ->> 'breaker' AS failure, pg_temp.acquired();
SELECT * FROM test.agent('droid');
-- Again; a probe that never begins is replaced soon, one that runs is not, slow as it is.
RESET ROLE;
CALL test.let_pass('60 seconds');
SET ROLE service_role;
SELECT pg_temp.acquired(), pg_temp.acquired() AS second;
SELECT public.start_agent_execution(test.chat(), 'droid', NULL) AS p1 \gset
RESET ROLE;
CALL test.let_pass('30 seconds');
SET ROLE service_role;
SELECT pg_temp.acquired(), pg_temp.acquired() AS second;
SELECT public.finish_agent_execution(:'p1', 'success', NULL) ->> 'breaker' AS slow;
SELECT successes FROM test.agent('droid');
-- One that runs for longer than it may is replaced, and when it reports, it is too late; so is one that nobody replaced, unless it failed.
SELECT public.start_agent_execution(test.chat(), 'droid', NULL) AS p2 \gset
RESET ROLE;
CALL test.let_pass('600 seconds');
SET ROLE service_role;
SELECT pg_temp.acquired(), pg_temp.acquired() AS second, pg_temp.acquired() AS third;
SELECT public.finish_agent_execution(:'p2', 'failed', NULL) ->> 'breaker' AS too_late;
SELECT public.start_agent_execution(test.chat(), 'droid', NULL) AS p3 \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL) AS p4 \gset
RESET ROLE;
CALL test.let_pass('600 seconds');
SET ROLE service_role;
SELECT public.finish_agent_execution(:'p3', 'success', NULL) ->> 'breaker' AS too_late;
SELECT pg_temp.acquired(), public.finish_agent_execution(public.start_agent_execution(test.chat(), 'droid', NULL), 'success', NULL) ->> 'breaker' AS second_success;
-- A call that did not ask does not take the place of one that asked too long ago.
RESET ROLE;
UPDATE public.circuit_breaker_state SET state = 'open', success_count = 1, opened_at = now() - interval '1 hour' WHERE true;
SELECT pg_temp.acquired();
CALL test.let_pass('30 seconds');
SELECT public.finish_agent_execution(public.start_agent_execution(test.chat(), 'droid', NULL), 'success', NULL) ->> 'breaker' AS did_not_ask;
SELECT * FROM test.agent('droid');
-- Who names his probe gets it, also from a call that began before it and did not ask; one that is over is nobody's.
UPDATE public.circuit_breaker_state SET state = 'open', success_count = 1, opened_at = now() - interval '1 hour' WHERE true;
SELECT public.acquire_agent('droid') ->> 'probe_id' AS probe \gset
SELECT public.acquire_agent('droid') ->> 'probe_id' AS other \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL) AS unasked \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, p_probe_id => :'probe') AS asked \gset
SELECT public.finish_agent_execution(:'unasked', 'failed', NULL) ->> 'breaker' AS unasked, public.finish_agent_execution(:'asked', 'success', NULL) ->> 'breaker' AS asked;
CALL test.let_pass('30 seconds');
SELECT public.finish_agent_execution(public.start_agent_execution(test.chat(), 'droid', NULL, NULL, :'other'), 'failed', NULL) ->> 'breaker' AS over;
SELECT public.acquire_agent('ccrouter') -> 'probe_id' AS closed;
-- One that times out has failed.
RESET ROLE;
UPDATE public.circuit_breaker_state SET state = 'open', opened_at = now() - interval '1 hour' WHERE true;
SELECT pg_temp.acquired();
SELECT public.start_agent_execution(test.chat(), 'droid', NULL) AS p1 \gset
UPDATE public.agent_executions SET created_at = created_at - interval '1 hour' WHERE id = :'p1';
SELECT public.expire_agent_executions() AS expired, pg_temp.acquired();
SELECT * FROM test.agent('droid');
-- A disabled agent is none to call.
UPDATE public.agents SET enabled = false WHERE name = 'droid';
SELECT pg_temp.acquired(), public.pick_agent('{droid,ccrouter}') AS picked;
-- Picked by latency and load: of two the quicker one, until it has more to do than it is quicker; a new one is tried.
UPDATE public.circuit_breaker_state SET state = 'closed' WHERE true;
DELETE FROM public.agent_executions WHERE true;
INSERT INTO public.agents (name, type) VALUES ('quick', 'custom'), ('slow', 'custom'), ('new', 'custom');
CREATE FUNCTION pg_temp.run(p_agent text, p_status text, p_latency integer, p_ago interval DEFAULT '1 minute') RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.agent_executions (session_id, message_id, agent_id, status, latency_ms, created_at) SELECT test.chat(), m.id, a.id, p_status, p_latency, now() - p_ago FROM public.chat_messages AS m, public.agents AS a WHERE a.name = p_agent $$;
SELECT pg_temp.run('slow', 'success', 300), pg_temp.run('quick', 'success', 100), pg_temp.run('quick', 'failed', 9999), pg_temp.run('slow', 'success', 1, '2 hours');
SELECT public.pick_agent('{slow,quick}') AS idle;
SELECT pg_temp.run('quick', 'running', NULL), pg_temp.run('quick', 'pending', NULL);
SELECT public.pick_agent('{slow,quick}') AS with_fewer_of_equals;
SELECT pg_temp.run('slow', 'running', NULL);
SELECT public.pick_agent('{slow,quick}') AS quicker_again, public.pick_agent('{slow,quick,new}') AS new_one, public.pick_agent('{new,ccrouter}') AS first_of_equals;
