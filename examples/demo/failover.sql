-- Two agents may answer. The one that is asked breaks, its breaker opens, and the other one is called.
-- A call that is charged is reserved before it asks an agent: a refusal releases what was reserved, an answer cannot be given back.

INSERT INTO public.chat_sessions (user_id, org_id, title) VALUES (:'caller', 'demo', 'Failing over') RETURNING id AS session \gset
SELECT public.append_chat_message(:'session', 'user', 'Hello') AS message \gset

SELECT public.pick_agent('{droid,ccrouter}') AS agent \gset
SELECT public.acquire_agent(:'agent') ->> 'allowed' AS allowed \gset
\echo picked is :agent, and it may be called: :allowed

SELECT count(public.finish_agent_execution(public.start_agent_execution(:'session', :'agent', NULL), 'failed', NULL, 'connection refused')) AS calls
  FROM generate_series(1, 5) \gset
SELECT a ->> 'allowed' AS allowed, a ->> 'reason' AS reason FROM public.acquire_agent(:'agent') AS a \gset
\echo after :calls failures it may be called: :allowed, because :reason

SELECT public.pick_agent('{droid,ccrouter}') AS other \gset
SELECT coalesce(a ->> 'probe_id', '') AS probe FROM public.acquire_agent(:'other') AS a \gset
SELECT public.start_agent_execution(:'session', :'other', NULL, p_probe_id => nullif(:'probe', '')::uuid) AS execution \gset
SELECT public.finish_agent_execution(:'execution', 'success', '{"prompt_tokens": 9, "completion_tokens": 12}') ->> 'status' AS status \gset
\echo picked is :other, with :status

\echo '-- how they do'
SELECT name, health_status, requests_today FROM public.v_agent_status ORDER BY name;
