-- A reservation is that of one call that can still tell what it used: no other call begins with it, and none is answered with the usage of another.
\i tests/fixtures/quota.sql
\i tests/fixtures/agents.sql
CALL test.open_chat();
CALL test.open_models();
CREATE FUNCTION test.error(p_statement text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace(test.outcome(p_statement), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g') $$;
CREATE FUNCTION test.start(p_agent text, p_reservation uuid) RETURNS text LANGUAGE sql AS $$ SELECT test.error(format('SELECT public.start_agent_execution(test.chat(), %L, NULL, %L)', p_agent, p_reservation)) $$;
-- One that timed out may still tell: its reservation waits for it.
SELECT reservation_id AS r FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 10) \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, :'r') AS e1 \gset
SELECT test.start('ccrouter', :'r') AS while_it_runs;
UPDATE public.agent_executions SET created_at = created_at - interval '601 seconds' WHERE id = :'e1';
SELECT public.expire_agent_executions() AS expired;
SELECT test.start('ccrouter', :'r') AS after_it_timed_out, test.start('droid', :'r') AS again;
SELECT public.finish_agent_execution(:'e1', 'success', '{"prompt_tokens": 5, "completion_tokens": 5}') ->> 'usage_id' IS NOT NULL AS charged_late;
SELECT test.start('ccrouter', :'r') AS after_it_told;
-- One that timed out and used nothing leaves it to another.
SELECT reservation_id AS r FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 20, 10) \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, :'r') AS e1 \gset
UPDATE public.agent_executions SET created_at = created_at - interval '601 seconds' WHERE id = :'e1';
SELECT public.expire_agent_executions() AS expired;
SELECT public.finish_agent_execution(:'e1', 'failed', NULL) ->> 'timed_out' AS timed_out;
SELECT public.start_agent_execution(test.chat(), 'ccrouter', NULL, :'r') AS e2 \gset
SELECT public.finish_agent_execution(:'e2', 'success', '{"prompt_tokens": 6, "completion_tokens": 6}') ->> 'usage_id' IS NOT NULL AS charged;
-- Of a call that the application wrote itself with a reservation of another: nobody is answered with the other's usage, though it is the same.
INSERT INTO public.agent_executions (session_id, message_id, status, reservation_id) SELECT e.session_id, e.message_id, 'running', e.reservation_id FROM public.agent_executions AS e WHERE e.id = :'e2' RETURNING id AS e3 \gset
SELECT test.error(format('SELECT public.finish_agent_execution(%L, ''success'', ''{"prompt_tokens": 6, "completion_tokens": 6}'')', :'e3')) AS of_another;
-- What the application settled by hand while the call ran is that call's.
SELECT reservation_id AS r FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 30, 10) \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, :'r') AS e4 \gset
SELECT usage_id AS u FROM public.settle_model_quota(:'r', '{"prompt_tokens": 7, "completion_tokens": 7}') \gset
SELECT public.finish_agent_execution(:'e4', 'success', '{"prompt_tokens": 7, "completion_tokens": 7}') ->> 'usage_id' = :'u' AS by_hand;
SELECT count(*) AS bills, sum(u.tokens_used) AS tokens, (SELECT count(*) FROM public.verify_quota()) AS wrong FROM public.ai_usage AS u;
