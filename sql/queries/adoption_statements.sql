-- How a table ($1) stood before install() touched it, as the statements that put it back: what it says of itself, who may
-- do what, and the policies ($2) and triggers ($3) that install() makes under the same names.
WITH adopted AS (
    SELECT c.oid, c.relname, c.relowner, c.relacl FROM pg_class AS c
     WHERE c.relnamespace = to_regnamespace('public') AND c.relname = $1
), attribute AS (
    SELECT c.relname, c.relowner, a.attrelid, a.attname, a.attnum, a.attacl
      FROM adopted AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
), granted (columns, acl, relowner, relname) AS (
    SELECT '', coalesce(c.relacl, acldefault('r', c.relowner)), c.relowner, c.relname FROM adopted AS c
    UNION ALL
    SELECT format(' (%I)', a.attname), a.attacl, a.relowner, a.relname FROM attribute AS a WHERE a.attacl IS NOT NULL
)
SELECT s.statement
  FROM (
      SELECT 1, format('COMMENT ON TABLE public.%I IS %L', c.relname, obj_description(c.oid, 'pg_class')) FROM adopted AS c
      UNION ALL
      SELECT 2, format('COMMENT ON COLUMN public.%I.%I IS %L', a.relname, a.attname, col_description(a.attrelid, a.attnum))
        FROM attribute AS a
      UNION ALL
      SELECT 3, format('REVOKE ALL ON TABLE public.%I FROM PUBLIC, anon, authenticated, service_role', c.relname)
        FROM adopted AS c
      UNION ALL
      SELECT 4, format('GRANT %s%s ON TABLE public.%I TO %s%s', e.privilege_type, g.columns, g.relname,
                       CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END,
                       CASE WHEN e.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM granted AS g
       CROSS JOIN LATERAL aclexplode(g.acl) AS e
       WHERE e.grantee <> g.relowner
      UNION ALL
      SELECT 5, format('DROP POLICY IF EXISTS %I ON public.%I', p.polname, c.relname)
        FROM adopted AS c
        JOIN pg_policy AS p ON p.polrelid = c.oid AND format('%I on public.%I', p.polname, c.relname) = ANY ($2)
      UNION ALL
      SELECT 6, format('CREATE POLICY %I ON public.%I AS %s FOR %s TO %s%s%s', p.polname, c.relname,
                       CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                     WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                       (SELECT string_agg(CASE WHEN m.role_oid = 0 THEN 'PUBLIC'
                                               ELSE quote_ident(pg_get_userbyid(m.role_oid)) END, ', ' ORDER BY m.role_oid)
                          FROM unnest(p.polroles) AS m (role_oid)),
                       coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
                       coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))
        FROM adopted AS c
        JOIN pg_policy AS p ON p.polrelid = c.oid AND format('%I on public.%I', p.polname, c.relname) = ANY ($2)
      UNION ALL
      SELECT 7, format('DROP TRIGGER IF EXISTS %I ON public.%I', t.tgname, c.relname)
        FROM adopted AS c
        JOIN pg_trigger AS t ON t.tgrelid = c.oid AND format('%I on public.%I', t.tgname, c.relname) = ANY ($3)
      UNION ALL
      SELECT 8, pg_get_triggerdef(t.oid)
        FROM adopted AS c
        JOIN pg_trigger AS t ON t.tgrelid = c.oid AND format('%I on public.%I', t.tgname, c.relname) = ANY ($3)
      UNION ALL
      SELECT 10, format('COMMENT ON POLICY %I ON public.%I IS %L', p.polname, c.relname, obj_description(p.oid, 'pg_policy'))
        FROM adopted AS c
        JOIN pg_policy AS p ON p.polrelid = c.oid AND format('%I on public.%I', p.polname, c.relname) = ANY ($2)
      UNION ALL
      SELECT 10, format('COMMENT ON TRIGGER %I ON public.%I IS %L', t.tgname, c.relname, obj_description(t.oid, 'pg_trigger'))
        FROM adopted AS c
        JOIN pg_trigger AS t ON t.tgrelid = c.oid AND format('%I on public.%I', t.tgname, c.relname) = ANY ($3)
      UNION ALL
      SELECT 9, format('ALTER TABLE public.%I %s TRIGGER %I', c.relname,
                       CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA'
                                        WHEN 'D' THEN 'DISABLE' ELSE 'ENABLE' END, t.tgname)
        FROM adopted AS c
        JOIN pg_trigger AS t ON t.tgrelid = c.oid AND format('%I on public.%I', t.tgname, c.relname) = ANY ($3)
  ) AS s (place, statement)
 ORDER BY s.place, s.statement COLLATE "C"
