-- Locks the first of some counters ($1) that nobody else has locked, and reads it as it is then.
SELECT u.counter_id, u.slot::pg_catalog.int4, u.window_start, u.window_end, u.used::pg_catalog.text, u.held::pg_catalog.text,
       u.opening::pg_catalog.text, u.granted::pg_catalog.text, u.granted_of::pg_catalog.text
  FROM (SELECT pg_catalog.unnest($1) AS counter_id, pg_catalog.unnest($2) AS place) AS k
  JOIN public.quota_usage AS u ON u.counter_id OPERATOR(pg_catalog.=) k.counter_id
 ORDER BY k.place
 LIMIT 1
   FOR NO KEY UPDATE OF u SKIP LOCKED
