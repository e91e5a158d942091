-- Locks an execution ($1) and reads it as it is then, with its agent's name and config.
SELECT e.status::pg_catalog.text, e.agent_id, e.created_at, e.completed_at, e.reservation_id, e.finish_fingerprint, e.finish_answer,
       (SELECT a.name::pg_catalog.text FROM public.agents AS a WHERE a.id OPERATOR(pg_catalog.=) e.agent_id),
       (SELECT a.config::pg_catalog.jsonb FROM public.agents AS a WHERE a.id OPERATOR(pg_catalog.=) e.agent_id),
       e.latency_ms::pg_catalog.int8, e.error_message
  FROM public.agent_executions AS e
 WHERE e.id OPERATOR(pg_catalog.=) $1
   FOR NO KEY UPDATE OF e
