-- For the tables ($1) that stand: a lock, so that no row is committed between copy and end; a closed backup; the end of
-- the table. $2 is the suffix of the backup.
WITH RECURSIVE referred (oid, depth) AS (
    SELECT c.oid, 0 FROM pg_class AS c WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1)
     UNION
    SELECT k.confrelid, r.depth + 1
      FROM referred AS r
      JOIN pg_constraint AS k ON k.conrelid = r.oid AND k.contype = 'f' AND k.confrelid <> k.conrelid
     WHERE r.depth < 20
)
SELECT c.relname::text, x.object, x.action, x.statement
  FROM pg_class AS c
 CROSS JOIN LATERAL (VALUES
     (0, NULL, NULL, format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', c.relname)),
     (1, format('public.%I', c.relname || $2), 'created', format('CREATE TABLE public.%I AS TABLE public.%I', c.relname || $2, c.relname)),
     (2, NULL, NULL, format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', c.relname || $2)),
     (3, NULL, NULL, format('REVOKE ALL ON TABLE public.%I FROM PUBLIC, anon, authenticated, service_role', c.relname || $2)),
     (4, NULL, NULL, format('COMMENT ON TABLE public.%I IS %L', c.relname || $2,
                      format('Rows of public.%I when uninstall() dropped it. Closed to clients.', c.relname))),
     (5, format('public.%I', c.relname), 'dropped', format('DROP TABLE public.%I', c.relname))
 ) AS x (place, object, action, statement)
 WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p') AND c.relname = ANY ($1)
 -- What others refer to goes after them.
 ORDER BY (SELECT max(r.depth) FROM referred AS r WHERE r.oid = c.oid), c.relname COLLATE "C", x.place
