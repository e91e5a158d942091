-- Locks up to $4 executions that nobody else has locked and that run for longer than their agent allows: of each agent ($1) those
-- that began at an instant ($2) or before; where there is no agent any more those of $3. One of which nobody knows when it began is among them.
SELECT e.id, e.agent_id, e.created_at, e.reservation_id
  FROM public.agent_executions AS e
  LEFT JOIN ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS l (agent_id, began)
         ON l.agent_id OPERATOR(pg_catalog.=) e.agent_id
 WHERE e.status::pg_catalog.text OPERATOR(pg_catalog.=) ANY ('{pending,running}')
   AND (e.created_at OPERATOR(pg_catalog.<=) COALESCE(l.began, $3)) IS NOT FALSE
   AND (l.agent_id IS NOT NULL
        OR NOT EXISTS (SELECT FROM public.agents AS a WHERE a.id OPERATOR(pg_catalog.=) e.agent_id))
 ORDER BY e.created_at USING OPERATOR(pg_catalog.<), e.id USING OPERATOR(pg_catalog.<)
 LIMIT $4
   FOR NO KEY UPDATE OF e SKIP LOCKED
