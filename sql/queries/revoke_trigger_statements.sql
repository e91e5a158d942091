-- Who besides the owner may make triggers on some tables ($1): a trigger runs with the rights of the engine, which are
-- the owner's. Default privileges of other roles may have given it.
SELECT format('REVOKE TRIGGER ON TABLE public.%I FROM %s', c.relname,
              CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END)
  FROM pg_class AS c
 CROSS JOIN LATERAL aclexplode(c.relacl) AS e
 WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1)
   AND e.privilege_type = 'TRIGGER' AND e.grantee <> c.relowner
