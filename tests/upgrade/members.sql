-- Everything that the extension is made of: definition, owner, rights, rights as a dump takes them for granted, and comment of each
-- member, in an order that does not depend on how they were made.
CREATE FUNCTION pg_temp.rights(p_acl aclitem[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(format('%s %s%s', coalesce(r.rolname, 'PUBLIC'), e.privilege_type, CASE WHEN e.is_grantable THEN '*' ELSE '' END),
                      ', ' ORDER BY r.rolname, e.privilege_type)
      FROM aclexplode(p_acl) AS e LEFT JOIN pg_roles AS r ON r.oid = e.grantee
$$;
SELECT m.identity || E'\n    ' || coalesce(m.definition, '-') || E'\n    owner: ' || coalesce(m.owner::regrole::text, '-') || E'\n    rights: ' || coalesce(pg_temp.rights(m.acl), '-')
       || E'\n    initial rights: ' || coalesce(pg_temp.rights(m.initprivs), '-') || E'\n    comment: ' || coalesce(m.comment, '-')
  FROM (
      SELECT d.classid, i.identity, o.owner, o.acl, p.initprivs, regexp_replace(coalesce(
                 (SELECT pg_get_functiondef(p.oid) FROM pg_proc AS p WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid),
                 (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                    FROM pg_type AS t JOIN pg_attribute AS a ON a.attrelid = t.typrelid AND a.attnum > 0
                   WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid)), '\s+', ' ', 'g') AS definition,
             (SELECT c.description FROM pg_description AS c
               WHERE c.classoid = d.classid AND c.objoid = d.objid AND c.objsubid = 0) AS comment
        FROM pg_extension AS x
        JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid AND d.deptype = 'e'
       CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS i
        LEFT JOIN (SELECT 'pg_proc'::regclass AS class, p.oid, p.proowner AS owner, p.proacl AS acl FROM pg_proc AS p
                   UNION ALL SELECT 'pg_type'::regclass, t.oid, t.typowner, t.typacl FROM pg_type AS t
                   UNION ALL SELECT 'pg_class'::regclass, c.oid, c.relowner, c.relacl FROM pg_class AS c
                   UNION ALL SELECT 'pg_namespace'::regclass, n.oid, n.nspowner, n.nspacl FROM pg_namespace AS n) AS o ON o.class = d.classid AND o.oid = d.objid
        LEFT JOIN pg_init_privs AS p ON p.classoid = d.classid AND p.objoid = d.objid AND p.objsubid = 0
       WHERE x.extname = 'model_access'
  ) AS m
 ORDER BY m.classid, m.identity COLLATE "C";
SELECT 'extension of ' || x.extowner::regrole FROM pg_extension AS x WHERE x.extname = 'model_access';
