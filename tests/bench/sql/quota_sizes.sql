-- Bytes of the tables that a call writes, with their indexes; the ledger's partitions together.
SELECT t.name, sum(pg_total_relation_size(coalesce(p.relid, ('public.' || t.name)::regclass)))::bigint
  FROM unnest(ARRAY['ai_usage', 'quota_usage', 'quota_holds', 'quota_reservations', 'quota_requests'])
       WITH ORDINALITY AS t (name, place)
  LEFT JOIN LATERAL pg_partition_tree(('public.' || t.name)::regclass) AS p ON true
 GROUP BY t.name, t.place
 ORDER BY t.place
