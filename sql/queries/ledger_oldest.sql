-- The beginning of the ledger's oldest partition; NULL when it is not partitioned.
SELECT pg_catalog.min(pg_catalog.to_timestamp(pg_catalog.substring(c.relname::pg_catalog.text, '\d{4}_\d{2}$') OPERATOR(pg_catalog.||) '_01 00 +00', 'YYYY_MM_DD HH24 TZH'))
  FROM pg_catalog.pg_inherits AS i
  JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) i.inhrelid
 WHERE i.inhparent OPERATOR(pg_catalog.=) pg_catalog.to_regclass('public.ai_usage')
   AND c.relname OPERATOR(pg_catalog.~) '^ai_usage_\d{4}_\d{2}$'
