-- The breaker of an agent ($1) as it is; with FOR NO KEY UPDATE behind it, nobody else changes it. A probe comes as its instant in
-- microseconds since 2000, its execution and its id.
SELECT b.state::pg_catalog.text, b.failure_count::pg_catalog.int8, b.success_count::pg_catalog.int8, b.opened_at,
       ARRAY(SELECT pg_catalog.format('%s %s %s', ((EXTRACT(epoch FROM p.at) OPERATOR(pg_catalog.-) 946684800) OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8,
                                      p.execution, p.id)
               FROM ROWS FROM (pg_catalog.unnest(b.probe_times), pg_catalog.unnest(b.probe_executions), pg_catalog.unnest(b.probe_ids))
                    WITH ORDINALITY AS p (at, execution, id, place)
              WHERE pg_catalog.isfinite(p.at)
              ORDER BY p.place USING OPERATOR(pg_catalog.<))
  FROM public.circuit_breaker_state AS b
 WHERE b.agent_id OPERATOR(pg_catalog.=) $1
