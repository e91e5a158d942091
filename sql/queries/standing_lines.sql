-- Of some tables ($1) who may do what, and what is said of them, in the words of model_access_replaced.only_while.
WITH relation AS (
    SELECT c.oid, c.relname, c.relowner, c.relacl FROM pg_class AS c
     WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1)
)
SELECT format('privileges %s of public.%I: %s', CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(e.grantee)::text END,
              r.relname, string_agg(e.privilege_type, ', ' ORDER BY e.privilege_type COLLATE "C"))
  FROM relation AS r
 CROSS JOIN LATERAL aclexplode(r.relacl) AS e
 WHERE e.grantee <> r.relowner
 GROUP BY r.relname, e.grantee
UNION ALL
SELECT format('comment TABLE public.%I: %s', r.relname, obj_description(r.oid, 'pg_class')) FROM relation AS r
UNION ALL
SELECT format('comment COLUMN public.%I.%I: %s', r.relname, a.attname, col_description(r.oid, a.attnum))
  FROM relation AS r
  JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
