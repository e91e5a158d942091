-- Tables, views, rules and rows of agents are what seed 003 says: counts of columns and indexes, value lists, two agents, four models.
\pset footer off
\set mine '''agents,models,chat_sessions,chat_messages,agent_executions,agent_health,agent_metrics,circuit_breaker_state'''
SELECT t.name, count(*) FILTER (WHERE a.attname <> ALL ('{reservation_id,finish_fingerprint,finish_answer,sum_latency_ms,sum_tokens_in,sum_tokens_out,counted_requests,probe_times,probe_executions,probe_ids}')) AS of_the_seed, count(*) AS columns
  FROM unnest(string_to_array(:mine, ',')) WITH ORDINALITY AS t (name, place) JOIN pg_attribute AS a ON a.attrelid = ('public.' || t.name)::regclass AND a.attnum > 0 AND NOT a.attisdropped GROUP BY t.name, t.place ORDER BY t.place;
SELECT c.relname AS view, count(*) AS columns FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.oid IN ('public.v_recent_sessions'::regclass, 'public.v_agent_status'::regclass) GROUP BY 1 ORDER BY 1;
SELECT x.tablename, x.indexname FROM pg_indexes AS x WHERE x.tablename = ANY (string_to_array(:mine, ',')) AND x.indexname LIKE 'idx%' ORDER BY x.tablename COLLATE "C", x.indexname COLLATE "C";
SELECT p.tablename, p.policyname, p.cmd, p.roles FROM pg_policies AS p WHERE p.tablename = ANY (string_to_array(:mine, ',')) ORDER BY p.tablename COLLATE "C", p.policyname COLLATE "C";
SELECT t.tgrelid::regclass, t.tgname, t.tgfoid::regproc FROM pg_trigger AS t WHERE t.tgrelid::regclass::text = ANY (string_to_array(:mine, ',')) AND NOT t.tgisinternal ORDER BY t.tgname COLLATE "C";
SELECT a.name, a.type, a.enabled, a.config, m.name AS model, m.display_name, m.provider, m.model_id, m.enabled AS model_enabled FROM public.agents AS a JOIN public.models AS m ON m.agent_id = a.id ORDER BY a.name, m.name COLLATE "C";
SELECT v.check_name, v.expected, v.actual, v.ok FROM model_access.verify('{agents}') AS v WHERE v.check_name IN ('agents of the seed', 'models of the seed''s agents', 'views of agents') ORDER BY 1;
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
-- Values that make no sense are refused where they are set.
INSERT INTO public.organizations (id, name) VALUES ('20000000-0000-4000-8000-000000000001', 'One');
INSERT INTO public.chat_sessions (id, user_id, org_id) VALUES ('20000000-0000-4000-8000-0000000000c1', test.id('A')::text, '20000000-0000-4000-8000-000000000001');
SELECT x.what, split_part(test.outcome(x.statement), E'\n', 1) AS outcome FROM (VALUES
    (1, 'type', $$UPDATE public.agents SET type = 'other' WHERE true$$),
    (2, 'config no object', $$UPDATE public.agents SET config = '[1]' WHERE true$$),
    (3, 'breaker no object', $$UPDATE public.agents SET config = '{"breaker": 5}' WHERE true$$),
    (4, 'no failures', $$UPDATE public.agents SET config = '{"breaker": {"failures": 0}}' WHERE true$$),
    (5, 'half a probe', $$UPDATE public.agents SET config = '{"breaker": {"probes": 1.5}}' WHERE true$$),
    (6, 'words', $$UPDATE public.agents SET config = '{"breaker": {"cool_down_seconds": "60"}}' WHERE true$$),
    (7, 'a list', $$UPDATE public.agents SET config = '{"breaker": {"successes": [2]}}' WHERE true$$),
    (8, 'too long', $$UPDATE public.agents SET config = '{"execution_timeout_seconds": 86401}' WHERE true$$),
    (9, 'sense', $$UPDATE public.agents SET config = '{"breaker": {"failures": 1, "probes": 86400}, "execution_timeout_seconds": 1, "else": []}' WHERE true$$),
    (10, 'none', $$UPDATE public.agents SET config = NULL WHERE true$$),
    (11, 'role', $$INSERT INTO public.chat_messages (session_id, role, content) VALUES ('20000000-0000-4000-8000-0000000000c1', 'tool', 'x')$$),
    (12, 'status', $$INSERT INTO public.agent_health (agent_id, status) SELECT id, 'ill' FROM public.agents$$),
    (13, 'state', $$INSERT INTO public.circuit_breaker_state (agent_id, state) SELECT id, 'ajar' FROM public.agents$$),
    (14, 'probes', $$INSERT INTO public.circuit_breaker_state (agent_id, state, probe_times) SELECT id, 'open', ARRAY[now()] FROM public.agents$$),
    (15, 'probes without ids', $$INSERT INTO public.circuit_breaker_state (agent_id, state, probe_times, probe_executions) SELECT id, 'open', ARRAY[now()], ARRAY[NULL::uuid] FROM public.agents$$)
  ) AS x (place, what, statement) ORDER BY x.place;
-- A second installation changes nothing, brings back what is missing, and leaves what stands.
UPDATE public.agents SET description = 'mine', enabled = false WHERE name = 'droid';
DELETE FROM public.models WHERE name = 'gpt-4';
SELECT count(*) FILTER (WHERE action <> 'kept') AS changed FROM model_access.install();
SELECT a.name, a.description = 'mine' AS mine, a.enabled, a.updated_at > a.created_at AS touched, (SELECT count(*) FROM public.models AS m WHERE m.agent_id = a.id) AS models FROM public.agents AS a ORDER BY a.name;
