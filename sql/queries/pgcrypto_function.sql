-- A function of the extension pgcrypto, wherever it lives, by name ($1) and arguments ($2): its OID, whether whoever acts may
-- execute it, and how a statement names it.
SELECT p.oid::pg_catalog.int8, pg_catalog.has_function_privilege(p.oid, 'EXECUTE'),
       pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes))
  FROM pg_catalog.pg_extension AS e
  JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
  JOIN pg_catalog.pg_proc AS p ON p.pronamespace OPERATOR(pg_catalog.=) n.oid
   AND p.proname OPERATOR(pg_catalog.=) $1::pg_catalog.name AND pg_catalog.oidvectortypes(p.proargtypes) OPERATOR(pg_catalog.=) $2
 -- A function of that name which somebody put into the same schema is none of the extension's.
  JOIN pg_catalog.pg_depend AS d
    ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) p.oid
   AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid OPERATOR(pg_catalog.=) e.oid
   AND d.deptype OPERATOR(pg_catalog.=) 'e'
 WHERE e.extname OPERATOR(pg_catalog.=) 'pgcrypto'
