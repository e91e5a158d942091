-- Locks counters ($1) in the order in which they are named, and reads them as they are then.
-- The LIMIT takes none away: for the planner it makes one row of the ten that it expects of an array, so it goes by the index.
SELECT u.counter_id, u.slot::pg_catalog.int4, u.window_start, u.window_end, u.used::pg_catalog.text, u.held::pg_catalog.text,
       u.opening::pg_catalog.text, u.granted::pg_catalog.text, u.granted_of::pg_catalog.text
  FROM (SELECT pg_catalog.unnest($1) AS counter_id, pg_catalog.unnest($2) AS place
         LIMIT pg_catalog.cardinality($1)) AS k
  JOIN public.quota_usage AS u ON u.counter_id OPERATOR(pg_catalog.=) k.counter_id
 ORDER BY k.place
   FOR NO KEY UPDATE OF u
