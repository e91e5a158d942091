-- Locks the counters of a limit ($1) in the order of all calls.
SELECT u.counter_id
  FROM public.quota_usage AS u
 WHERE u.limit_id OPERATOR(pg_catalog.=) $1 AND u.source OPERATOR(pg_catalog.=) 'limit'
 ORDER BY (EXISTS (SELECT FROM public.quota_usage AS o
                    WHERE o.subject OPERATOR(pg_catalog.=) u.subject AND o.source OPERATOR(pg_catalog.=) u.source
                      AND o.limit_id OPERATOR(pg_catalog.=) u.limit_id AND o.model OPERATOR(pg_catalog.=) u.model
                      AND o.slot OPERATOR(pg_catalog.>) 0::pg_catalog.int2)),
       u.subject, u.source, u.limit_id, u.model, u.slot
   FOR UPDATE OF u
