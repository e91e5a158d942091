-- forget_user() takes a person's chats with what was said in them, and nothing leads from a call of his to whom stands for him; the calls that run are paid for all the same. An application's own table of the name is none of ours.
\i tests/fixtures/quota.sql
\i tests/fixtures/agents.sql
CALL test.open_chat();
CALL test.open_models();
INSERT INTO public.chat_sessions (id, user_id, org_id) VALUES ('20000000-0000-4000-8000-0000000000c2', test.id('B')::text, '20000000-0000-4000-8000-000000000001');
SELECT public.append_chat_message('20000000-0000-4000-8000-0000000000c2', 'user', 'I am B') IS NOT NULL AS said;
SET ROLE service_role;
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, (public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 10)).reservation_id) AS ended \gset
SELECT public.finish_agent_execution(:'ended', 'failed', '{"prompt_tokens": 5, "completion_tokens": 5}', 'cannot answer A') ->> 'status' AS status;
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, (public.reserve_model_quota(test.id('A'), 'acme/m1', 20, 20)).reservation_id) AS runs \gset
SELECT public.start_agent_execution(test.chat(), 'droid', NULL, (public.reserve_model_quota(test.id('A'), 'acme/m1', 30, 30)).reservation_id) AS late \gset
SELECT public.start_agent_execution('20000000-0000-4000-8000-0000000000c2', 'droid', NULL, (public.reserve_model_quota(test.id('B'), 'acme/m1', 1, 1)).reservation_id) AS of_b \gset
RESET ROLE;
UPDATE public.agent_executions SET response_content = 'A, as you said', metadata = '{"name": "A"}' WHERE true;
UPDATE public.agent_executions SET created_at = created_at - interval '601 seconds' WHERE id = :'late';
SELECT public.expire_agent_executions() AS expired;
-- A chat that he had deleted before has a call that runs, too.
INSERT INTO public.agent_executions (status, response_content, reservation_id) SELECT 'running', 'A again', r.reservation_id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 40, 40) AS r RETURNING id AS orphan \gset
SET ROLE service_role;
SELECT key, value FROM jsonb_each(public.forget_user(test.id('A'))) WHERE key ~ '^(agent|chat)|reservations' ORDER BY key;
SELECT key, value FROM jsonb_each(public.forget_user(test.id('A'))) WHERE value <> '0';
RESET ROLE;
SELECT s.user_id = test.id('B')::text AS of_b, m.content FROM public.chat_sessions AS s JOIN public.chat_messages AS m ON m.session_id = s.id;
SELECT x.call, e.status, e.session_id IS NOT NULL OR e.message_id IS NOT NULL AS linked, e.response_content, e.error_message, e.metadata FROM public.agent_executions AS e JOIN (VALUES ('runs', :'runs'::uuid), ('late', :'late'), ('of B', :'of_b'), ('orphan', :'orphan'), ('ended', :'ended')) AS x (call, id) ON x.id = e.id ORDER BY x.call COLLATE "C";
SELECT count(*) AS named FROM public.agent_executions AS e JOIN public.quota_reservations AS r USING (reservation_id) WHERE r.user_id = test.id('A');
-- What runs is paid for, under the stranger's name.
SET ROLE service_role;
SELECT e.id = :'of_b' AS of_b, public.finish_agent_execution(e.id, 'success', '{"prompt_tokens": 7, "completion_tokens": 7}') ->> 'usage_id' IS NOT NULL AS charged FROM public.agent_executions AS e WHERE e.reservation_id IS NOT NULL ORDER BY 1;
RESET ROLE;
SELECT u.user_id IN (test.id('A'), test.id('B')) AS known, count(*) AS bills, sum(u.tokens_used) AS tokens FROM public.ai_usage AS u GROUP BY 1 ORDER BY 1;
SELECT count(*) AS wrong FROM public.verify_quota();
-- Uninstalled, the tables are the application's.
SELECT count(*) > 0 AS uninstalled FROM model_access.uninstall('{agents}', drop_data => true);
CREATE TABLE public.chat_sessions (id uuid DEFAULT gen_random_uuid(), user_id text);
INSERT INTO public.chat_sessions (user_id) VALUES (test.id('B')::text);
SELECT count(*) AS steps FROM jsonb_object_keys(public.forget_user(test.id('B'))) AS k WHERE k ~ '^(agent|chat)';
SELECT count(*) AS theirs FROM public.chat_sessions;
