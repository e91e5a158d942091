-- Whether pg_cron is here, and whether whoever acts may use it: scheduling, taking back, and seeing his jobs.
SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
       AND pg_catalog.has_function_privilege(pg_catalog.to_regprocedure('cron.schedule(text, text, text)')::pg_catalog.oid, 'EXECUTE')
       AND pg_catalog.has_function_privilege(pg_catalog.to_regprocedure('cron.unschedule(bigint)')::pg_catalog.oid, 'EXECUTE')
       AND pg_catalog.has_table_privilege(pg_catalog.to_regclass('cron.job')::pg_catalog.oid, 'SELECT')
  FROM pg_catalog.pg_extension AS e
  JOIN pg_catalog.pg_namespace AS n ON n.nspname OPERATOR(pg_catalog.=) 'cron'
 WHERE e.extname OPERATOR(pg_catalog.=) 'pg_cron'
