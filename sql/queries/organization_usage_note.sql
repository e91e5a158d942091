-- What some organisations ($1) show of their quota: $2 tokens used, $3 when the month ends, $4 the date from which months step.
-- An adopted table may count in narrower numbers: what does not fit there is shown as the most that does. $5 is when the month ended as
-- it was read: a date that somebody has set since stands, unless other calls did and it is the one that is written here.
UPDATE public.organizations AS o
   SET token_usage_current = least(x.used, CASE pg_catalog.pg_typeof(o.token_usage_current)
                                           WHEN 'pg_catalog.int2'::pg_catalog.regtype THEN 32767
                                           WHEN 'pg_catalog.int4'::pg_catalog.regtype THEN 2147483647
                                           ELSE 9223372036854775807 END),
       token_reset_date = x.reset_date, token_reset_anchor = x.anchor
  FROM (SELECT pg_catalog.unnest($1) AS organization_id, pg_catalog.unnest($2::pg_catalog.numeric[]) AS used,
               pg_catalog.unnest($3) AS reset_date, pg_catalog.unnest($4) AS anchor, pg_catalog.unnest($5) AS reset_seen
         LIMIT pg_catalog.cardinality($1)) AS x
 WHERE o.id OPERATOR(pg_catalog.=) x.organization_id
   AND (o.token_reset_date IS NOT DISTINCT FROM x.reset_seen OR o.token_reset_date OPERATOR(pg_catalog.=) x.reset_date)
