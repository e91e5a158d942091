-- Writes counters ($1) that are locked: $2 and $3 windows, $4 used, $5 held, $6 opening, $7 granted, $8 of which limit.
-- The LIMIT takes none away: for the planner it makes one row of the ten that it expects of an array, so it goes by the index.
UPDATE public.quota_usage AS u
   SET window_start = x.window_start, window_end = x.window_end, used = x.used, held = x.held, opening = x.opening,
       granted = x.granted, granted_of = x.granted_of
  FROM (SELECT pg_catalog.unnest($1) AS counter_id, pg_catalog.unnest($2) AS window_start, pg_catalog.unnest($3) AS window_end,
               pg_catalog.unnest($4::pg_catalog.numeric[]) AS used, pg_catalog.unnest($5::pg_catalog.numeric[]) AS held,
               pg_catalog.unnest($6::pg_catalog.numeric[]) AS opening, pg_catalog.unnest($7::pg_catalog.numeric[]) AS granted,
               pg_catalog.unnest($8::pg_catalog.numeric[]) AS granted_of
         LIMIT pg_catalog.cardinality($1)) AS x
 WHERE u.counter_id OPERATOR(pg_catalog.=) x.counter_id
