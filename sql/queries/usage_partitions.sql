-- The partitions of a ledger that is partitioned by the instant, the default one aside: name, first instant, first instant after,
-- and the statement that drops it. No row without such a ledger. Runs with ISO dates.
SELECT p.name, CASE p.first WHEN 'MINVALUE' THEN '-infinity' ELSE p.first END::pg_catalog.timestamptz,
       CASE p.after_last WHEN 'MAXVALUE' THEN 'infinity' ELSE p.after_last END::pg_catalog.timestamptz,
       pg_catalog.format('DROP TABLE %I.%I', p.schema_name, p.name)
  FROM (SELECT c.relname::pg_catalog.text AS name, n.nspname AS schema_name,
               pg_catalog.regexp_match(pg_catalog.pg_get_expr(c.relpartbound, c.oid), 'FROM \(''?([^'')]+)''?\) TO \(''?([^'')]+)''?\)')
          FROM pg_catalog.pg_inherits AS i
          JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) i.inhrelid
          JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
         WHERE i.inhparent OPERATOR(pg_catalog.=) pg_catalog.to_regclass('public.ai_usage')
           AND pg_catalog.pg_get_partkeydef(i.inhparent) OPERATOR(pg_catalog.=) 'RANGE (occurred_at)') AS b (name, schema_name, bounds)
 CROSS JOIN LATERAL (SELECT b.name, b.schema_name, b.bounds[1], b.bounds[2]) AS p (name, schema_name, first, after_last)
 WHERE b.bounds IS NOT NULL
 ORDER BY 2, 1
