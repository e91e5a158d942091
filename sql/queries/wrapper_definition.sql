-- The statements that make public.<name> ($1) for model_access.<name>, in order: create, close, open, describe.
-- A set comes out with its columns by name, so that a later column cannot slip into a released wrapper (a set of one type has
-- one, named as the call); a row as the type of the same name and columns in public.
WITH native AS (
    SELECT p.oid, p.proname, p.proretset, p.provolatile, p.proparallel,
           pg_get_function_arguments(p.oid) AS arguments,
           pg_get_function_identity_arguments(p.oid) AS identity_arguments,
           replace(pg_get_function_result(p.oid), 'model_access.', 'public.') AS result,
           (SELECT t.typtype = 'c' FROM pg_type AS t WHERE t.oid = p.prorettype) AND NOT p.proretset AS is_row,
           obj_description(p.oid, 'pg_proc') AS description,
           (SELECT coalesce(string_agg('$' || n, ', ' ORDER BY n), '') FROM generate_series(1, p.pronargs) AS n) AS passed,
           (SELECT string_agg(format('r.%I', a.name), ', ' ORDER BY a.place)
              FROM unnest(p.proargnames, p.proargmodes) WITH ORDINALITY AS a (name, mode, place)
             WHERE a.mode = 't') AS result_columns
      FROM pg_proc AS p
     WHERE p.pronamespace = to_regnamespace('model_access') AND p.proname = $1
), target AS (
    SELECT n.*, format('public.%I(%s)', n.proname, n.identity_arguments) AS signature FROM native AS n
), statements (place, statement) AS (
    SELECT 1, format(
        'CREATE OR REPLACE FUNCTION public.%I(%s) RETURNS %s LANGUAGE sql %s PARALLEL %s SECURITY INVOKER BEGIN ATOMIC %s; END',
        t.proname, t.arguments, t.result,
        CASE t.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END,
        CASE t.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END,
        CASE WHEN t.proretset
             THEN format('SELECT %s FROM model_access.%I(%s) AS r', coalesce(t.result_columns, 'r.r'), t.proname, t.passed)
             WHEN t.is_row
             THEN format('SELECT model_access.as_row_type(model_access.%I(%s), NULL::%s)', t.proname, t.passed, t.result)
             ELSE format('SELECT model_access.%I(%s)', t.proname, t.passed) END)
      FROM target AS t
    UNION ALL
    SELECT 2, format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, anon, authenticated, service_role', t.signature) FROM target AS t
    UNION ALL
    SELECT 3, format('GRANT EXECUTE ON FUNCTION %s TO %I', t.signature, r.rolname)
      FROM target AS t
      JOIN pg_roles AS r ON r.rolname IN ('anon', 'authenticated', 'service_role')
     WHERE EXISTS (SELECT FROM pg_proc AS p CROSS JOIN LATERAL aclexplode(p.proacl) AS e
                    WHERE p.oid = t.oid AND e.grantee = r.oid AND e.privilege_type = 'EXECUTE')
    UNION ALL
    SELECT 4, format('COMMENT ON FUNCTION %s IS %L', t.signature, t.description) FROM target AS t
)
SELECT s.statement FROM statements AS s ORDER BY s.place, s.statement
