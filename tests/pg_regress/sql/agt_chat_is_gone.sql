-- A call outlives its chat: who deletes the chat while the call runs pays for it all the same, its agent's metrics, health and breaker count it, and what is left of it is removed when nobody asks for it any more.
\i tests/fixtures/quota.sql
\i tests/fixtures/agents.sql
CALL test.open_chat();
CALL test.open_models();
SELECT public.set_quota_limit('tokens', 'tokens', 'daily', 1000) > 0 AS set;
CREATE FUNCTION test.left_over() RETURNS TABLE (chat boolean, message boolean, status text, tokens integer) LANGUAGE sql AS $$ SELECT session_id IS NOT NULL, message_id IS NOT NULL, status, total_tokens FROM public.agent_executions ORDER BY created_at $$;
-- Three calls run: one will finish, one will time out, one has ended before.
SELECT public.finish_agent_execution(public.start_agent_execution(test.chat(), 'droid', NULL, (public.reserve_model_quota(test.id('A'), 'acme/m1', 5, 5)).reservation_id), 'success', '{"prompt_tokens": 1, "completion_tokens": 1}') ->> 'status' AS ended;
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, (public.reserve_model_quota(test.id('A'), 'acme/m1', 100, 100)).reservation_id) AS e1 \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, (public.reserve_model_quota(test.id('A'), 'acme/m1', 30, 30)).reservation_id) AS e2 \gset
SELECT * FROM test.quota();
-- Its owner deletes the chat, and sees nothing of it any more.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
DELETE FROM public.chat_sessions WHERE true;
SELECT count(*) AS seen FROM public.agent_executions;
COMMIT;
\connect - postgres
SELECT * FROM test.left_over();
SELECT * FROM test.quota();
SET ROLE service_role;
-- What finishes is settled; a retry gets the first answer.
SELECT public.finish_agent_execution(:'e1', 'success', '{"prompt_tokens": 90, "completion_tokens": 10}') AS answer \gset
SELECT :'answer'::jsonb ->> 'status' AS status, :'answer'::jsonb ->> 'usage_id' IS NOT NULL AS charged, public.finish_agent_execution(:'e1', 'success', '{"prompt_tokens": 90, "completion_tokens": 10}') = :'answer' AS same;
SELECT * FROM test.quota();
-- What times out gives back what it holds, and its usage is not lost when it comes.
RESET ROLE;
UPDATE public.agent_executions SET created_at = created_at - interval '601 seconds' WHERE status = 'running';
SET ROLE service_role;
SELECT public.expire_agent_executions() AS expired;
SELECT * FROM test.quota();
SELECT * FROM test.agent('droid');
-- Removed: an hour after the end what was told; what may still be told stays for as long as reservations do.
RESET ROLE;
UPDATE public.agent_executions SET completed_at = completed_at - interval '61 minutes' WHERE true;
SET ROLE service_role;
SELECT public.expire_agent_executions() AS expired;
SELECT * FROM test.left_over();
SELECT public.finish_agent_execution(:'e2', 'success', '{"prompt_tokens": 20, "completion_tokens": 2}') ->> 'usage_id' IS NOT NULL AS charged;
SELECT public.expire_agent_executions() AS expired;
SELECT * FROM test.left_over();
SELECT * FROM test.quota();
SELECT count(*) AS wrong FROM public.verify_quota();
-- A timed out call of which nobody tells more goes with its reservation.
RESET ROLE;
INSERT INTO public.agent_executions (status, completed_at, finish_answer) SELECT 'failed', now() - d, '{}' FROM unnest('{34 days,36 days}'::interval[]) AS d;
SELECT public.expire_agent_executions() AS expired, public.expire_agent_executions(1) AS again;
SELECT count(*) AS waits FROM public.agent_executions;
-- Where only the message is gone, the same holds. Of a chat that stands nothing is removed.
INSERT INTO public.chat_sessions (id, user_id, org_id) VALUES (test.chat(), test.id('A')::text, '20000000-0000-4000-8000-000000000001');
SELECT public.append_chat_message(test.chat(), 'user', 'Hello') AS m \gset
SELECT test.call_agent('ccrouter') ->> 'status' AS status;
SELECT public.append_chat_message(test.chat(), 'user', 'Again') IS NOT NULL AS appended;
SELECT test.call_agent('ccrouter') ->> 'status' AS status;
UPDATE public.agent_executions SET completed_at = completed_at - interval '2 hours' WHERE session_id IS NOT NULL;
DELETE FROM public.chat_messages WHERE id = :'m';
SELECT public.expire_agent_executions() AS expired;
SELECT * FROM test.left_over() WHERE chat;
