-- What a retention ($2) means at an instant ($1) when no window reaches back before another ($3): whether it is shorter than a month,
-- the instant from which on is to be kept, and the first of the month before which nothing is.
SELECT k.keep_from OPERATOR(pg_catalog.>) pg_catalog.timezone('UTC', pg_catalog.timezone('UTC', $1) OPERATOR(pg_catalog.-) pg_catalog.make_interval(months => 1)),
       k.keep_from,
       pg_catalog.timezone('UTC', pg_catalog.date_trunc('month', pg_catalog.timezone('UTC', least(k.keep_from, $3)))),
       $2::pg_catalog.text
  FROM (SELECT pg_catalog.timezone('UTC', pg_catalog.timezone('UTC', $1) OPERATOR(pg_catalog.-) $2)) AS k (keep_from)
