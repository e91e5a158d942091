-- Some counters ($1) in the order in which every call locks them: those of one row, then those that are split.
SELECT c.counter_id
  FROM public.quota_usage AS c
 WHERE c.counter_id OPERATOR(pg_catalog.=) ANY ($1)
 ORDER BY (EXISTS (SELECT FROM public.quota_usage AS o
                    WHERE o.subject OPERATOR(pg_catalog.=) c.subject AND o.source OPERATOR(pg_catalog.=) c.source
                      AND o.limit_id OPERATOR(pg_catalog.=) c.limit_id AND o.model OPERATOR(pg_catalog.=) c.model
                      AND o.slot OPERATOR(pg_catalog.>) 0::pg_catalog.int2)),
          c.subject, c.source, c.limit_id, c.model, c.slot
