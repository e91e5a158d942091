-- Which definition of the catalogue's table ($1, its OID) a snapshot sees; NULL where a kept list could be wrong: the table
-- has children, or no trigger of ours that raises its version on every write, in replication too (tgtype 62: before each
-- statement of any kind; 31: before each row).
SELECT pg_catalog.concat_ws(' ', c.xmin::pg_catalog.text, pg_catalog.string_agg(t.xmin::pg_catalog.text, ' ' ORDER BY t.tgname))
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_trigger AS t ON t.tgrelid OPERATOR(pg_catalog.=) c.oid
  JOIN pg_catalog.pg_proc AS p
    ON p.oid OPERATOR(pg_catalog.=) t.tgfoid AND p.proname OPERATOR(pg_catalog.=) 'bump_catalogue_version'
   AND p.pronamespace OPERATOR(pg_catalog.=) pg_catalog.to_regnamespace('model_access')
 WHERE c.oid OPERATOR(pg_catalog.=) $1 AND c.relkind OPERATOR(pg_catalog.=) 'r' AND NOT c.relhassubclass
   AND t.tgqual IS NULL AND t.tgattr::pg_catalog.text OPERATOR(pg_catalog.=) ''
 GROUP BY c.xmin::pg_catalog.text
HAVING pg_catalog.count(*) FILTER (WHERE t.tgtype OPERATOR(pg_catalog.=) 62 AND t.tgenabled OPERATOR(pg_catalog.=) 'A') OPERATOR(pg_catalog.>) 0
   AND pg_catalog.count(*) FILTER (WHERE t.tgtype OPERATOR(pg_catalog.=) 31 AND t.tgenabled OPERATOR(pg_catalog.=) ANY ('{R,A}')) OPERATOR(pg_catalog.>) 0
