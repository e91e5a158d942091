-- The statements that make the ledger's partitions, in order: from the month before an instant ($1) to $2 months after it, and of
-- months of which rows lie in the default partition ($3), as far as they are missing; and that close every partition, those too
-- that a restore has made with the platform's default privileges. None for a ledger that is not partitioned.
-- A partition cannot be made while the default one has rows of it: these move into the new table before it is attached. The default
-- one is detached meanwhile, so that no trigger of the ledger takes the move for something that happened. Of the application's
-- columns those that are generated are made anew.
WITH stored (columns) AS (
    SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute AS a
     WHERE a.attrelid = pg_catalog.to_regclass('public.ai_usage_other') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
), months (month, is_stray) AS (
    SELECT m.month, m.month = ANY (s.strays)
      FROM (SELECT pg_catalog.array_agg(x.month AT TIME ZONE 'UTC') AS strays FROM pg_catalog.unnest($3) AS x (month)) AS s
     CROSS JOIN LATERAL (
         SELECT pg_catalog.date_trunc('month', $1 AT TIME ZONE 'UTC') + pg_catalog.make_interval(months => n)
           FROM pg_catalog.generate_series(-1, $2) AS n
         UNION
         SELECT pg_catalog.unnest(s.strays)
     ) AS m (month)
), wanted (name, first, after_last, is_stray) AS (
    SELECT pg_catalog.to_char(m.month, '"ai_usage_"YYYY_MM'), pg_catalog.to_char(m.month, 'YYYY-MM-DD 00:00:00+00'),
           pg_catalog.to_char(m.month + interval '1 month', 'YYYY-MM-DD 00:00:00+00'), coalesce(m.is_stray, false)
      FROM months AS m
    UNION ALL
    SELECT 'ai_usage_other', NULL, NULL, false
), partitions (name, bounds, first, after_last, is_stray) AS (
    SELECT w.name, CASE WHEN w.first IS NULL THEN 'DEFAULT' ELSE pg_catalog.format('FOR VALUES FROM (%L) TO (%L)', w.first, w.after_last) END,
           w.first, w.after_last, w.is_stray
      FROM wanted AS w
     WHERE pg_catalog.to_regclass(pg_catalog.format('public.%I', w.name)) IS NULL
    UNION ALL
    SELECT c.relname::pg_catalog.text, NULL, NULL, NULL, false
      FROM pg_catalog.pg_inherits AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid AND c.relnamespace = pg_catalog.to_regnamespace('public')
     WHERE i.inhparent = pg_catalog.to_regclass('public.ai_usage')
), statements (rank, name, is_new, place, statement) AS (
    SELECT 0, '', true, 0, 'LOCK TABLE ONLY public.ai_usage IN ACCESS EXCLUSIVE MODE'
     WHERE EXISTS (SELECT FROM partitions AS p WHERE p.bounds IS NOT NULL)
    UNION ALL
    SELECT x.rank, '', true, 0, pg_catalog.format('ALTER TABLE public.ai_usage %s PARTITION public.ai_usage_other%s', x.verb, x.bounds)
      FROM (VALUES (1, 'DETACH', ''), (3, 'ATTACH', ' DEFAULT')) AS x (rank, verb, bounds)
     WHERE EXISTS (SELECT FROM partitions AS p WHERE p.is_stray)
    UNION ALL
    SELECT 2, p.name, p.bounds IS NOT NULL, s.place, s.statement
      FROM partitions AS p
     CROSS JOIN LATERAL (VALUES
         (1, CASE WHEN p.is_stray
                  THEN pg_catalog.format('CREATE TABLE public.%I (LIKE public.ai_usage_other INCLUDING ALL EXCLUDING INDEXES '
                                         'EXCLUDING STATISTICS EXCLUDING COMMENTS)', p.name)
                  ELSE pg_catalog.format('CREATE TABLE public.%I PARTITION OF public.ai_usage ', p.name) || p.bounds END),
         (2, pg_catalog.format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', p.name)),
         (3, pg_catalog.format('REVOKE ALL ON TABLE public.%I FROM PUBLIC, anon, authenticated, service_role', p.name)),
         (4, CASE WHEN p.is_stray
                  THEN pg_catalog.format('WITH moved AS (DELETE FROM public.ai_usage_other AS o WHERE o.occurred_at '
                                         'OPERATOR(pg_catalog.>=) %1$L AND o.occurred_at OPERATOR(pg_catalog.<) %2$L RETURNING o.*) '
                                         'INSERT INTO public.%3$I (%4$s) SELECT %4$s FROM moved AS m',
                                         p.first, p.after_last, p.name, (SELECT s.columns FROM stored AS s)) END),
         (5, CASE WHEN p.is_stray
                  THEN pg_catalog.format('ALTER TABLE public.ai_usage ATTACH PARTITION public.%I ', p.name) || p.bounds END)
     ) AS s (place, statement)
)
SELECT s.name, s.is_new, s.statement
  FROM statements AS s
 WHERE s.statement IS NOT NULL
   AND EXISTS (SELECT FROM pg_catalog.pg_class AS c
                WHERE c.oid = pg_catalog.to_regclass('public.ai_usage') AND c.relkind = 'p')
 ORDER BY s.rank, s.name, s.place
