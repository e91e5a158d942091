-- Enabled agents of some names ($1), in their order: config, breaker, the mean latency in hundredths of a millisecond of the last
-- calls that succeeded since an instant ($2), and how many calls run.
SELECT a.name::pg_catalog.text, a.config::pg_catalog.jsonb, b.state::pg_catalog.text, b.failure_count::pg_catalog.int8,
       b.success_count::pg_catalog.int8, b.opened_at,
       ARRAY(SELECT pg_catalog.format('%s %s %s', ((EXTRACT(epoch FROM p.at) OPERATOR(pg_catalog.-) 946684800) OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8,
                                      p.execution, p.id)
               FROM ROWS FROM (pg_catalog.unnest(b.probe_times), pg_catalog.unnest(b.probe_executions), pg_catalog.unnest(b.probe_ids))
                    WITH ORDINALITY AS p (at, execution, id, place)
              WHERE pg_catalog.isfinite(p.at)
              ORDER BY p.place USING OPERATOR(pg_catalog.<)),
       (SELECT (pg_catalog.avg(l.latency_ms) OPERATOR(pg_catalog.*) 100)::pg_catalog.int8
          FROM (SELECT e.latency_ms FROM public.agent_executions AS e
                 WHERE e.agent_id OPERATOR(pg_catalog.=) a.id AND e.status OPERATOR(pg_catalog.=) 'success'
                   AND e.created_at OPERATOR(pg_catalog.>=) $2
                 ORDER BY e.created_at USING OPERATOR(pg_catalog.>)
                 LIMIT 20) AS l),
       (SELECT pg_catalog.count(*) FROM public.agent_executions AS e
         WHERE e.agent_id OPERATOR(pg_catalog.=) a.id AND e.status OPERATOR(pg_catalog.=) ANY ('{pending,running}'))
  FROM pg_catalog.unnest($1) WITH ORDINALITY AS c (name, place)
  JOIN public.agents AS a ON a.name::pg_catalog.text OPERATOR(pg_catalog.=) c.name
  LEFT JOIN public.circuit_breaker_state AS b ON b.agent_id OPERATOR(pg_catalog.=) a.id
 WHERE a.enabled
 ORDER BY c.place USING OPERATOR(pg_catalog.<)
