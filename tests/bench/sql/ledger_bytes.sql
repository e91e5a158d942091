-- Bytes of a row of the ledger, with its indexes; of all partitions together, after VACUUM.
SELECT sum(pg_total_relation_size(c.oid))::float8 / nullif(sum(greatest(c.reltuples, 0)), 0)::float8
  FROM pg_partition_tree('public.ai_usage') AS p
  JOIN pg_class AS c ON c.oid = p.relid
 WHERE p.isleaf
