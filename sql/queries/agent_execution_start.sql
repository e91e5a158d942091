-- What a call of an agent named $2 with a model named $3 in a session ($1) is about: the session, its latest message of a user,
-- the agent and its model. NULL where there is none.
SELECT (SELECT s.id FROM public.chat_sessions AS s WHERE s.id OPERATOR(pg_catalog.=) $1),
       (SELECT m.id FROM public.chat_messages AS m
         WHERE m.session_id OPERATOR(pg_catalog.=) $1 AND m.role::pg_catalog.text OPERATOR(pg_catalog.=) 'user'
         ORDER BY m.created_at USING OPERATOR(pg_catalog.>) NULLS LAST, m.id USING OPERATOR(pg_catalog.>)
         LIMIT 1),
       a.id,
       (SELECT m.id FROM public.models AS m
         WHERE m.agent_id OPERATOR(pg_catalog.=) a.id AND m.name::pg_catalog.text OPERATOR(pg_catalog.=) $3 AND m.enabled),
       ARRAY(SELECT m.name::pg_catalog.text FROM public.models AS m
              WHERE m.agent_id OPERATOR(pg_catalog.=) a.id AND m.enabled
              ORDER BY m.name::pg_catalog.text USING OPERATOR(pg_catalog.<)
              LIMIT 20)
  FROM (VALUES (1)) AS one (row)
  LEFT JOIN public.agents AS a ON a.name::pg_catalog.text OPERATOR(pg_catalog.=) $2
