-- Every function, table and column of ours is described; the first line is a summary.
SELECT p.oid::regprocedure AS undescribed FROM pg_proc AS p
 WHERE (p.pronamespace = 'model_access'::regnamespace OR p.oid IN (
           SELECT d.objid FROM pg_depend AS d JOIN pg_proc AS n ON n.oid = d.refobjid AND d.refclassid = 'pg_proc'::regclass
            WHERE d.classid = 'pg_proc'::regclass AND n.pronamespace = 'model_access'::regnamespace))
   AND coalesce(split_part(obj_description(p.oid, 'pg_proc'), E'\n', 1), '') = '';
SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL);
SELECT p.oid::regprocedure AS summary_too_long FROM pg_proc AS p
 WHERE p.pronamespace = 'model_access'::regnamespace AND length(split_part(obj_description(p.oid, 'pg_proc'), E'\n', 1)) > 100;
