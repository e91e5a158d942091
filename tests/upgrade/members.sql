-- Everything that the extension is made of: definition, rights and comment of each member, in an order that does not depend on
-- how they were made.
SELECT m.identity || E'\n    ' || coalesce(m.definition, '-') || E'\n    rights: ' || coalesce(m.rights, '-') || E'\n    comment: ' || coalesce(m.comment, '-')
  FROM (
      SELECT d.classid, i.identity, regexp_replace(coalesce(
                 (SELECT pg_get_functiondef(p.oid) FROM pg_proc AS p WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid),
                 (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                    FROM pg_type AS t JOIN pg_attribute AS a ON a.attrelid = t.typrelid AND a.attnum > 0
                   WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid)), '\s+', ' ', 'g') AS definition,
             (SELECT string_agg(format('%s %s%s', coalesce(r.rolname, 'PUBLIC'), e.privilege_type, CASE WHEN e.is_grantable THEN '*' ELSE '' END),
                                ', ' ORDER BY r.rolname, e.privilege_type)
                FROM (SELECT p.proacl FROM pg_proc AS p WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid
                      UNION ALL SELECT t.typacl FROM pg_type AS t WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid
                      UNION ALL SELECT n.nspacl FROM pg_namespace AS n WHERE d.classid = 'pg_namespace'::regclass AND n.oid = d.objid) AS x (acl)
               CROSS JOIN LATERAL aclexplode(x.acl) AS e
                LEFT JOIN pg_roles AS r ON r.oid = e.grantee) AS rights,
             (SELECT c.description FROM pg_description AS c
               WHERE c.classoid = d.classid AND c.objoid = d.objid AND c.objsubid = 0) AS comment
        FROM pg_extension AS x
        JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid AND d.deptype = 'e'
       CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS i
       WHERE x.extname = 'model_access'
  ) AS m
 ORDER BY m.classid, m.identity COLLATE "C";
