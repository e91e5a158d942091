-- What a call of an agent named $2 with a model named $3 in a session ($1) is about, kept there until the transaction ends: the
-- session, its latest message of a user, the agent, whether it may be called and its config, and its model. NULL where there is none.
WITH session AS (
    SELECT s.id FROM public.chat_sessions AS s WHERE s.id OPERATOR(pg_catalog.=) $1 FOR KEY SHARE
), message AS (
    SELECT m.id FROM public.chat_messages AS m
     WHERE m.session_id OPERATOR(pg_catalog.=) $1 AND m.role::pg_catalog.text OPERATOR(pg_catalog.=) 'user'
     ORDER BY m.created_at USING OPERATOR(pg_catalog.>) NULLS LAST, m.id USING OPERATOR(pg_catalog.>)
     LIMIT 1
       FOR KEY SHARE
), agent AS (
    SELECT a.id, a.enabled, a.config::pg_catalog.jsonb AS config FROM public.agents AS a WHERE a.name::pg_catalog.text OPERATOR(pg_catalog.=) $2 FOR KEY SHARE
), model AS (
    SELECT m.id FROM public.models AS m
     WHERE m.agent_id OPERATOR(pg_catalog.=) (SELECT a.id FROM agent AS a)
       AND m.name::pg_catalog.text OPERATOR(pg_catalog.=) $3 AND m.enabled
       FOR KEY SHARE
)
SELECT (SELECT s.id FROM session AS s),
       (SELECT m.id FROM message AS m),
       (SELECT a.id FROM agent AS a),
       (SELECT m.id FROM model AS m),
       ARRAY(SELECT m.name::pg_catalog.text FROM public.models AS m
              WHERE m.agent_id OPERATOR(pg_catalog.=) (SELECT a.id FROM agent AS a) AND m.enabled
              ORDER BY m.name::pg_catalog.text USING OPERATOR(pg_catalog.<)
              LIMIT 20),
       (SELECT a.enabled FROM agent AS a),
       (SELECT a.config FROM agent AS a)
