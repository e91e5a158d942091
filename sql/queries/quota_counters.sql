-- Rows of some counters: $1 subjects, $2 sources, $3 limits, $4 models.
-- The LIMIT takes none away: for the planner it makes one row of the ten that it expects of an array, so it goes by the index.
SELECT u.counter_id, u.slot::pg_catalog.int4, u.window_start, u.window_end, u.used::pg_catalog.text, u.held::pg_catalog.text,
       u.opening::pg_catalog.text, u.granted::pg_catalog.text, u.granted_of::pg_catalog.text, k.place
  FROM (SELECT pg_catalog.unnest($1) AS subject, pg_catalog.unnest($2) AS source, pg_catalog.unnest($3) AS limit_id,
               pg_catalog.unnest($4) AS model, pg_catalog.unnest($5) AS place
         LIMIT pg_catalog.cardinality($1)) AS k
  JOIN public.quota_usage AS u
    ON u.subject OPERATOR(pg_catalog.=) k.subject AND u.source OPERATOR(pg_catalog.=) k.source
   AND u.limit_id OPERATOR(pg_catalog.=) k.limit_id AND u.model OPERATOR(pg_catalog.=) k.model
 ORDER BY k.place, u.slot
