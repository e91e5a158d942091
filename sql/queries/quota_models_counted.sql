-- Models that have a counter of a subject ($1) for a limit ($2), each counted apart.
SELECT DISTINCT u.model
  FROM public.quota_usage AS u
 WHERE u.subject OPERATOR(pg_catalog.=) $1 AND u.source OPERATOR(pg_catalog.=) 'limit' AND u.limit_id OPERATOR(pg_catalog.=) $2
 ORDER BY u.model
