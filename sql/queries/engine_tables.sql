-- What the server knows of our tables without reading them: name, labels as pairs, value. No table is locked for it.
WITH tables AS (
    SELECT c.oid, c.relname::pg_catalog.text AS name, k.is_ledger,
           -- What was never analyzed has -1.
           CASE WHEN c.reltuples OPERATOR(pg_catalog.>=) 0 THEN c.reltuples::pg_catalog.int8
                ELSE pg_catalog.pg_stat_get_live_tuples(c.oid) END AS rows
      FROM (SELECT pg_catalog.to_regclass('public.ai_usage')::pg_catalog.oid, true
            UNION ALL
            SELECT i.inhrelid, true FROM pg_catalog.pg_inherits AS i
             WHERE i.inhparent OPERATOR(pg_catalog.=) pg_catalog.to_regclass('public.ai_usage')::pg_catalog.oid
            UNION ALL
            SELECT pg_catalog.to_regclass(t.name)::pg_catalog.oid, false
              FROM pg_catalog.unnest('{public.quota_usage,public.quota_reservations,public.quota_holds,public.quota_requests,public.quota_alerts}'::pg_catalog.text[]) AS t (name)
           ) AS k (oid, is_ledger)
      JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) k.oid
     WHERE c.relkind OPERATOR(pg_catalog.=) 'r'
)
SELECT 'model_access_ledger_rows', '{}'::pg_catalog.text[], coalesce(pg_catalog.sum(t.rows), 0)::pg_catalog.text
  FROM tables AS t WHERE t.is_ledger
UNION ALL
SELECT CASE WHEN t.name OPERATOR(pg_catalog.=) 'quota_usage' THEN 'model_access_counters' ELSE 'model_access_kept_answers' END, '{}', t.rows::pg_catalog.text
  FROM tables AS t WHERE t.name OPERATOR(pg_catalog.=) ANY ('{quota_usage,quota_requests}'::pg_catalog.text[])
UNION ALL
SELECT 'model_access_rows_inserted_total', ARRAY['table', t.name], pg_catalog.pg_stat_get_tuples_inserted(t.oid)::pg_catalog.text
  FROM tables AS t
UNION ALL
SELECT 'model_access_dead_rows', ARRAY['table', t.name], pg_catalog.pg_stat_get_dead_tuples(t.oid)::pg_catalog.text
  FROM tables AS t WHERE NOT t.is_ledger
