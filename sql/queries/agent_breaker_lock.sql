-- Locks the breaker of an agent ($1) and reads it as it is then. Instants of probes come as microseconds since 2000.
SELECT b.state::pg_catalog.text, b.failure_count::pg_catalog.int8, b.success_count::pg_catalog.int8, b.opened_at,
       ARRAY(SELECT ((EXTRACT(epoch FROM p.at) OPERATOR(pg_catalog.-) 946684800) OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8::pg_catalog.text
               FROM pg_catalog.unnest(b.probe_times) WITH ORDINALITY AS p (at, place) ORDER BY p.place USING OPERATOR(pg_catalog.<)),
       b.probe_executions::pg_catalog.text[]
  FROM public.circuit_breaker_state AS b
 WHERE b.agent_id OPERATOR(pg_catalog.=) $1
   FOR NO KEY UPDATE
