-- Who besides the owner can write model_access_replaced, or plant a trigger on it that does.
SELECT DISTINCT CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END
  FROM pg_class AS c
 CROSS JOIN LATERAL (SELECT c.relacl UNION ALL
                     SELECT a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL) AS x (acl)
 CROSS JOIN LATERAL aclexplode(x.acl) AS e
 WHERE c.oid = to_regclass('public.model_access_replaced') AND e.grantee <> c.relowner
   AND e.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
 ORDER BY 1
