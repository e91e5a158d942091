-- The catalogue of the shape before the migration, public.model_access with a column tier: what sets it aside, closed, as
-- model_access_backup (forth), and what brings it back. Its indexes leave the names that the new table needs.
WITH old AS (
    SELECT c.oid, c.relowner, c.relrowsecurity, coalesce(c.relacl, acldefault('r', c.relowner)) AS acl
      FROM pg_class AS c
     WHERE c.oid = to_regclass('public.model_access') AND c.relkind IN ('r', 'p')
       AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'tier' AND NOT a.attisdropped)
       AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'status' AND NOT a.attisdropped)
), renamed_index AS (
    SELECT i.relname, CASE WHEN count(*) OVER (PARTITION BY n.name) = 1 AND to_regclass(format('public.%I', n.name)) IS NULL THEN n.name
                           -- Two names that differ at their end only, or one that is taken.
                           ELSE left(i.relname, 47) || '_' || left(md5(i.relname), 8) || '_backup' END AS new_name
      FROM old AS o
      JOIN pg_index AS x ON x.indrelid = o.oid
      JOIN pg_class AS i ON i.oid = x.indexrelid
     CROSS JOIN LATERAL (SELECT left(i.relname, 56) || '_backup') AS n (name)
), granted (columns, acl) AS (
    SELECT '', o.acl FROM old AS o
    UNION ALL
    SELECT format(' (%I)', a.attname), a.attacl FROM old AS o JOIN pg_attribute AS a ON a.attrelid = o.oid AND a.attacl IS NOT NULL
)
SELECT s.forth, s.statement
  FROM (
      SELECT true, 1, 'ALTER TABLE public.model_access RENAME TO model_access_backup' FROM old
      UNION ALL
      SELECT true, 2, format('ALTER INDEX public.%I RENAME TO %I', r.relname, r.new_name) FROM renamed_index AS r
      UNION ALL
      SELECT true, 3, 'ALTER TABLE public.model_access_backup ENABLE ROW LEVEL SECURITY' FROM old
      UNION ALL
      SELECT true, 4, 'REVOKE ALL ON TABLE public.model_access_backup FROM PUBLIC, anon, authenticated, service_role' FROM old
      UNION ALL
      SELECT false, 1, 'ALTER TABLE public.model_access_backup RENAME TO model_access' FROM old
      UNION ALL
      SELECT false, 2, format('ALTER INDEX public.%I RENAME TO %I', r.new_name, r.relname) FROM renamed_index AS r
      UNION ALL
      SELECT false, 3, format('ALTER TABLE public.model_access %s ROW LEVEL SECURITY',
                              CASE WHEN o.relrowsecurity THEN 'ENABLE' ELSE 'DISABLE' END) FROM old AS o
      UNION ALL
      SELECT false, 4, format('GRANT %s%s ON TABLE public.model_access TO %s%s', e.privilege_type, g.columns,
                              CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END,
                              CASE WHEN e.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM granted AS g
       CROSS JOIN LATERAL aclexplode(g.acl) AS e
       WHERE e.grantee <> (SELECT o.relowner FROM old AS o)
  ) AS s (forth, place, statement)
 ORDER BY s.forth DESC, s.place, s.statement COLLATE "C"
