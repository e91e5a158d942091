-- Locks counters ($1) in the order of all calls: those of one row, then those that are split; and reads them as they are then.
SELECT u.counter_id, u.slot::pg_catalog.int4, u.window_start, u.window_end, u.used::pg_catalog.text, u.held::pg_catalog.text,
       u.opening::pg_catalog.text, u.granted::pg_catalog.text, u.granted_of::pg_catalog.text
  FROM (SELECT c.counter_id,
               EXISTS (SELECT FROM public.quota_usage AS o
                        WHERE o.subject OPERATOR(pg_catalog.=) c.subject AND o.source OPERATOR(pg_catalog.=) c.source
                          AND o.limit_id OPERATOR(pg_catalog.=) c.limit_id AND o.model OPERATOR(pg_catalog.=) c.model
                          AND o.slot OPERATOR(pg_catalog.>) 0::pg_catalog.int2) AS is_split
          FROM public.quota_usage AS c
         WHERE c.counter_id OPERATOR(pg_catalog.=) ANY ($1)) AS k
  JOIN public.quota_usage AS u ON u.counter_id OPERATOR(pg_catalog.=) k.counter_id
 ORDER BY k.is_split, u.subject, u.source, u.limit_id, u.model, u.slot
   FOR NO KEY UPDATE OF u
