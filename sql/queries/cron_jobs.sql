-- Our jobs of whoever acts, in this database: those of these names ($1).
SELECT j.jobid, j.jobname::pg_catalog.text, j.schedule, j.active
  FROM cron.job AS j
 WHERE j.jobname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($1)
   AND j.database OPERATOR(pg_catalog.=) pg_catalog.current_database()::pg_catalog.text
   AND j.username OPERATOR(pg_catalog.=) current_user::pg_catalog.text
 ORDER BY j.jobid
