-- The counters of a person ($1). An organisation may have his uuid: what counts organisations is not his.
SELECT u.counter_id
  FROM public.quota_usage AS u
 WHERE u.subject OPERATOR(pg_catalog.=) $1 AND u.source OPERATOR(pg_catalog.<>) 'organization'
   AND NOT EXISTS (SELECT FROM public.quota_limits AS l
                    WHERE u.source OPERATOR(pg_catalog.=) 'limit' AND l.limit_id OPERATOR(pg_catalog.=) u.limit_id
                      AND l.per OPERATOR(pg_catalog.=) 'organization')
