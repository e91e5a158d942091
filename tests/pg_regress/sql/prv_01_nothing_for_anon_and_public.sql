-- database: supabase
-- PRV-01, PRV-02: who may execute each function of ours: nothing for anon, nothing for PUBLIC. Extension made by the superuser, tables by the developer.
\connect - supabase_admin
CREATE EXTENSION model_access;
\connect - postgres
SELECT count(*) > 0 AS installed FROM model_access.install();
CREATE VIEW public.ours AS
    SELECT p.oid, p.oid::regprocedure::text AS function, p.proacl, p.proowner FROM pg_proc AS p
     WHERE p.pronamespace = 'model_access'::regnamespace OR EXISTS (
           SELECT FROM pg_depend AS d JOIN pg_proc AS n ON n.oid = d.refobjid AND d.refclassid = 'pg_proc'::regclass
            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND n.pronamespace = 'model_access'::regnamespace);
SELECT f.function,
       EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS e WHERE e.grantee = 0) AS public,
       has_function_privilege('anon', f.oid, 'EXECUTE') AS anon, has_function_privilege('authenticated', f.oid, 'EXECUTE') AS authenticated,
       has_function_privilege('service_role', f.oid, 'EXECUTE') AS service, has_function_privilege('authenticator', f.oid, 'EXECUTE') AS login
  FROM public.ours AS f ORDER BY f.function COLLATE "C";
SELECT nspname AS schema, has_schema_privilege('anon', oid, 'USAGE') AS anon, has_schema_privilege('authenticated', oid, 'USAGE') AS authenticated,
       has_schema_privilege('service_role', oid, 'USAGE') AS service, has_schema_privilege('authenticated', oid, 'CREATE') OR has_schema_privilege('service_role', oid, 'CREATE') AS may_create
  FROM pg_namespace WHERE nspname IN ('model_access', 'public') ORDER BY nspname;
-- The wrapper of a function that somebody closed is made closed.
DROP FUNCTION public.can_user_use_model(uuid, varchar);
\connect - supabase_admin
REVOKE EXECUTE ON FUNCTION model_access.can_user_use_model(uuid, varchar) FROM authenticated;
\connect - postgres
SELECT model_access.make_wrapper('can_user_use_model');
SELECT has_function_privilege('authenticated', 'public.can_user_use_model(uuid, varchar)', 'EXECUTE') AS authenticated, has_function_privilege('service_role', 'public.can_user_use_model(uuid, varchar)', 'EXECUTE') AS service;
