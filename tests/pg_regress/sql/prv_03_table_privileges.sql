-- PRV-03: what each role may do with each table and sequence, in full: a letter is a privilege, a dot is none.
-- r select, a insert, w update, d delete, D truncate, x references, t trigger, m maintain (17 and later); for a sequence r, w, U usage.
CREATE FUNCTION pg_temp.letters(p_role text, p_relation oid) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE WHEN has_table_privilege(p_role, p_relation, name) THEN letter ELSE '.' END, '' ORDER BY place)
        || CASE WHEN EXISTS (SELECT FROM pg_class AS c, aclexplode(c.relacl) AS e WHERE c.oid = p_relation AND e.grantee = coalesce(to_regrole(p_role)::oid, 0) AND e.privilege_type = 'MAINTAIN') THEN 'm' ELSE '.' END
      FROM (VALUES (1, 'SELECT', 'r'), (2, 'INSERT', 'a'), (3, 'UPDATE', 'w'), (4, 'DELETE', 'd'), (5, 'TRUNCATE', 'D'), (6, 'REFERENCES', 'x'), (7, 'TRIGGER', 't')) AS p (place, name, letter)
$$;
SELECT DISTINCT regexp_replace(c.relname, '_\d{4}_\d{2}$', '_<month>') COLLATE "C" AS relname, c.relrowsecurity AS rls, pg_temp.letters('public', c.oid) AS public, pg_temp.letters('anon', c.oid) AS anon,
       pg_temp.letters('authenticated', c.oid) AS authenticated, pg_temp.letters('service_role', c.oid) AS service_role, pg_temp.letters('authenticator', c.oid) AS authenticator
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('i', 'I', 'S', 't', 'c') ORDER BY 1;
SELECT c.relname, r.role,
       concat(CASE WHEN has_sequence_privilege(r.role, c.oid, 'SELECT') THEN 'r' ELSE '.' END, CASE WHEN has_sequence_privilege(r.role, c.oid, 'UPDATE') THEN 'w' ELSE '.' END,
              CASE WHEN has_sequence_privilege(r.role, c.oid, 'USAGE') THEN 'U' ELSE '.' END) AS may
  FROM pg_class AS c CROSS JOIN unnest(ARRAY['anon', 'authenticated', 'service_role']) AS r (role)
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' ORDER BY c.relname COLLATE "C", r.role;
-- Privileges on single columns: of the settings, of system models without their keys, and what an organisation's admin decides. No grant option, no other grantee than the owner and these roles.
SELECT a.attrelid::regclass, a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL ORDER BY c.relname COLLATE "C", a.attnum;
SELECT c.relname, e.grantee::regrole, e.privilege_type FROM pg_class AS c, aclexplode(c.relacl) AS e
 WHERE c.relnamespace = 'public'::regnamespace AND (e.is_grantable AND e.grantee <> c.relowner OR e.grantee NOT IN (c.relowner, 'authenticated'::regrole, 'service_role'::regrole)) ORDER BY 1, 2, 3;
