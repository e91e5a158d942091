-- The statements that make the ledger's partitions, from the month before an instant ($1) to $2 months after it, as far as they
-- are missing; and that close every partition, those too that a restore has made with the platform's default privileges. None
-- for a ledger that is not partitioned.
WITH months AS (
    SELECT pg_catalog.date_trunc('month', $1 AT TIME ZONE 'UTC') + pg_catalog.make_interval(months => n) AS month
      FROM pg_catalog.generate_series(-1, $2) AS n
), wanted (name, bounds) AS (
    SELECT pg_catalog.to_char(m.month, '"ai_usage_"YYYY_MM'),
           pg_catalog.format('FOR VALUES FROM (%L) TO (%L)', pg_catalog.to_char(m.month, 'YYYY-MM-DD 00:00:00+00'),
                             pg_catalog.to_char(m.month + interval '1 month', 'YYYY-MM-DD 00:00:00+00'))
      FROM months AS m
    UNION ALL
    SELECT 'ai_usage_other', 'DEFAULT'
), partitions (name, bounds) AS (
    SELECT w.name, w.bounds FROM wanted AS w WHERE pg_catalog.to_regclass(pg_catalog.format('public.%I', w.name)) IS NULL
    UNION ALL
    SELECT c.relname::pg_catalog.text, NULL
      FROM pg_catalog.pg_inherits AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
     WHERE i.inhparent = pg_catalog.to_regclass('public.ai_usage')
)
SELECT p.name, p.bounds IS NOT NULL, s.statement
  FROM partitions AS p
 CROSS JOIN LATERAL (VALUES
     (1, pg_catalog.format('CREATE TABLE public.%I PARTITION OF public.ai_usage ', p.name) || p.bounds),
     (2, pg_catalog.format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', p.name)),
     (3, pg_catalog.format('REVOKE ALL ON TABLE public.%I FROM PUBLIC, anon, authenticated, service_role', p.name))
 ) AS s (place, statement)
 WHERE s.statement IS NOT NULL
   AND EXISTS (SELECT FROM pg_catalog.pg_class AS c
                WHERE c.oid = pg_catalog.to_regclass('public.ai_usage') AND c.relkind = 'p')
 ORDER BY p.name, s.place
