-- Some counters ($1) in the order in which every call locks them: those of one row, then those that are split.
-- The LIMIT takes none away: for the planner it makes one row of the ten that it expects of an array, so it goes by the index.
SELECT c.counter_id
  FROM (SELECT pg_catalog.unnest($1) AS counter_id LIMIT pg_catalog.cardinality($1)) AS k
  JOIN public.quota_usage AS c ON c.counter_id OPERATOR(pg_catalog.=) k.counter_id
 ORDER BY (EXISTS (SELECT FROM public.quota_usage AS o
                    WHERE o.subject OPERATOR(pg_catalog.=) c.subject AND o.source OPERATOR(pg_catalog.=) c.source
                      AND o.limit_id OPERATOR(pg_catalog.=) c.limit_id AND o.model OPERATOR(pg_catalog.=) c.model
                      AND o.slot OPERATOR(pg_catalog.>) 0::pg_catalog.int2)),
          c.subject, c.source, c.limit_id, c.model, c.slot
