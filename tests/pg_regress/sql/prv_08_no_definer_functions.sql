-- PRV-08, ESC-09: no function of ours is SECURITY DEFINER or LEAKPROOF; none is PARALLEL SAFE, since all read settings or tables through the server.
SELECT p.pronamespace::regnamespace AS schema, p.proname, p.prosecdef AS definer, p.proleakproof AS leakproof,
       CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel,
       CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatile, p.proisstrict AS strict
  FROM pg_proc AS p
 WHERE p.pronamespace IN ('public'::regnamespace, 'model_access'::regnamespace) ORDER BY 1, p.proname COLLATE "C";
-- No role came with the extension, none owns anything of it but the installer and the superuser who runs trusted scripts.
SELECT DISTINCT pg_get_userbyid(relowner) AS table_owner FROM pg_class WHERE relnamespace = 'public'::regnamespace;
SELECT DISTINCT pg_get_userbyid(proowner) AS wrapper_owner FROM pg_proc WHERE pronamespace = 'public'::regnamespace;
SELECT DISTINCT (SELECT rolsuper FROM pg_roles AS r WHERE r.oid = proowner) AS function_owner_is_superuser FROM pg_proc WHERE pronamespace = 'model_access'::regnamespace;
