-- Bytes of the ledger's rows and of each of its indexes, all partitions together.
SELECT 'rows' AS part, sum(pg_table_size(p.relid))::bigint AS bytes
  FROM pg_partition_tree('public.ai_usage') AS p
UNION ALL
SELECT n.relname::text, sum(pg_relation_size(t.relid))::bigint
  FROM pg_index AS i
  JOIN pg_class AS n ON n.oid = i.indexrelid
 CROSS JOIN LATERAL pg_partition_tree(i.indexrelid) AS t
 WHERE i.indrelid = 'public.ai_usage'::regclass
 GROUP BY n.relname
 ORDER BY 1
