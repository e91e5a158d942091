-- Who besides the owner may attach code to some tables and views ($1), which then runs with the rights of the engine, the owner's:
-- by a trigger, or by a foreign key, for which a column is enough, that cascades into a table with triggers. Default privileges may have given it.
SELECT DISTINCT format('REVOKE %s ON TABLE public.%I FROM %s', e.privilege_type, c.relname,
              CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END)
  FROM pg_class AS c
 CROSS JOIN LATERAL (SELECT c.relacl UNION ALL SELECT a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid) AS x (acl)
 CROSS JOIN LATERAL aclexplode(x.acl) AS e
 WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1)
   AND e.privilege_type IN ('REFERENCES', 'TRIGGER') AND e.grantee <> c.relowner
