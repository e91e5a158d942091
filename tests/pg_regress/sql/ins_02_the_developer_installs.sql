-- database: supabase
-- INS-02, INS-04: a role that is no superuser creates the extension; all its members lie in its schema; install() makes what is in public, as his; again it changes nothing.
SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser;
CREATE EXTENSION model_access;
SELECT d.classid::regclass AS kind, coalesce(p.pronamespace, t.typnamespace, d.objid)::regnamespace AS schema, count(*) > 0 AS some FROM pg_depend AS d LEFT JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid LEFT JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'model_access') GROUP BY 1, 2 ORDER BY 1, 2;
SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace) AS relations_in_public, (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace) AS functions_in_public;
-- A client or a server role cannot.
SET ROLE service_role;
SELECT count(*) FROM model_access.install();
RESET ROLE;
SELECT array_agg(DISTINCT action) AS first FROM model_access.install();
SELECT c.relname, pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS rls, (SELECT count(*) FROM pg_policy AS p WHERE p.polrelid = c.oid) AS policies, (SELECT count(*) FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname COLLATE "C";
SELECT p.oid::regprocedure AS wrapper, pg_get_userbyid(p.proowner) AS owner FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname COLLATE "C";
-- None of it is a member: DROP EXTENSION cannot take it along, and pg_dump dumps it.
SELECT count(*) AS members_in_public FROM pg_depend AS d WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'model_access')
   AND (d.objid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) OR d.objid IN (SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace));
CREATE TEMP TABLE state AS SELECT 'class' AS of, oid, xmin::text AS version FROM pg_class WHERE relnamespace = 'public'::regnamespace UNION ALL SELECT 'proc', oid, '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace;
CREATE TEMP TABLE stood AS SELECT * FROM model_access.inventory();
SELECT array_agg(DISTINCT action) AS second FROM model_access.install();
(TABLE stood EXCEPT SELECT * FROM model_access.inventory()) UNION ALL (SELECT * FROM model_access.inventory() EXCEPT TABLE stood);
SELECT count(*) AS replaced FROM state WHERE oid NOT IN (SELECT oid FROM pg_class UNION ALL SELECT oid FROM pg_proc);
SELECT count(*) AS not_ok FROM model_access.verify() WHERE NOT ok;
