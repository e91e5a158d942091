-- Models that a user or organisation ($1) used in a window ($3, $4), and those that have a counter for a limit ($2).
SELECT u.model
  FROM public.quota_usage AS u
 WHERE u.subject OPERATOR(pg_catalog.=) $1 AND u.source OPERATOR(pg_catalog.=) 'limit' AND u.limit_id OPERATOR(pg_catalog.=) $2
UNION
SELECT a.model
  FROM public.ai_usage AS a
 WHERE (a.user_id OPERATOR(pg_catalog.=) $1 OR a.organization_id OPERATOR(pg_catalog.=) $1)
   AND a.occurred_at OPERATOR(pg_catalog.>=) $3 AND a.occurred_at OPERATOR(pg_catalog.<) $4
   AND pg_catalog.timezone('UTC', a.occurred_at)::pg_catalog.date
       BETWEEN pg_catalog.timezone('UTC', $3)::pg_catalog.date
           AND pg_catalog.timezone('UTC', $4)::pg_catalog.date
UNION
SELECT f.model
  FROM public.ai_usage_folded AS f
 WHERE (f.user_id OPERATOR(pg_catalog.=) $1 OR f.organization_id OPERATOR(pg_catalog.=) $1)
   AND f.month OPERATOR(pg_catalog.>=) pg_catalog.timezone('UTC', $3)
   AND (f.month OPERATOR(pg_catalog.+) pg_catalog.make_interval(months => 1)) OPERATOR(pg_catalog.<=) pg_catalog.timezone('UTC', $4)
 ORDER BY 1
