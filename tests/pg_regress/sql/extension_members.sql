-- The members of the extension: functions in its own schema, nothing else. This list is the contract.
SELECT pg_describe_object(classid, objid, 0) AS member,
       (SELECT format('%s%s', CASE p.provolatile WHEN 's' THEN 'stable' WHEN 'i' THEN 'immutable' ELSE 'volatile' END,
                      CASE p.proparallel WHEN 's' THEN ' parallel safe' WHEN 'r' THEN ' parallel restricted' ELSE '' END)
          FROM pg_proc AS p WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid) AS runs
  FROM pg_depend AS d
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND pg_describe_object(classid, objid, 0) NOT LIKE '%[]' -- array types are members from 17 on
   AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'model_access')
 ORDER BY pg_describe_object(classid, objid, 0) COLLATE "C";
