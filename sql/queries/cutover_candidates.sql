-- Some functions in public ($1: signatures) that have the name of one of ours: whether a wrapper can take the place, and
-- the statements that bring back what stands now. A standing function keeps its argument defaults and gets those of the
-- wrapper: PostgreSQL cannot take a default away. Runs with search_path = pg_catalog.
WITH keeper AS (
    -- Who would make the function again: uninstall() and the way back act as the owner of what was replaced.
    SELECT r.oid, r.rolname, r.rolsuper
      FROM pg_roles AS r
     WHERE r.oid = coalesce((SELECT c.relowner FROM pg_class AS c WHERE c.oid = to_regclass('public.model_access_replaced')),
                            quote_ident(current_user)::regrole)
), standing AS (
    SELECT p.oid, p.proname, p.proowner, p.prokind, p.pronargdefaults, p.proleakproof, p.prolang, p.proconfig,
           coalesce(p.proacl, acldefault('f', p.proowner)) AS acl,
           pg_get_function_arguments(p.oid) AS arguments,
           pg_get_function_identity_arguments(p.oid) AS identity_arguments,
           pg_get_function_result(p.oid) AS result,
           obj_description(p.oid, 'pg_proc') AS description,
           format('public.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) AS signature
      FROM pg_proc AS p
     WHERE p.pronamespace = to_regnamespace('public')
), matched AS (
    SELECT s.*, n.pronargdefaults AS native_defaults, pg_get_function_arguments(n.oid) AS native_arguments,
           CASE WHEN s.prokind <> 'f' THEN 'is no plain function'
                WHEN n.oid IS NULL OR s.pronargdefaults > n.pronargdefaults THEN 'has other arguments'
                WHEN s.result <> pg_get_function_result(n.oid) THEN 'has another result'
                WHEN NOT pg_has_role(k.oid, s.proowner, 'USAGE') THEN 'belongs to ' || quote_ident(pg_get_userbyid(s.proowner))
                WHEN k.rolsuper THEN NULL
                WHEN s.proleakproof THEN 'is LEAKPROOF, as only a superuser could make it again'
                WHEN NOT has_language_privilege(k.oid, s.prolang, 'USAGE')
                  OR NOT (SELECT l.lanpltrusted FROM pg_language AS l WHERE l.oid = s.prolang)
                THEN 'is written in ' || (SELECT quote_ident(l.lanname) FROM pg_language AS l WHERE l.oid = s.prolang)
                     || format(', in which %I could not make it again', k.rolname)
                WHEN EXISTS (SELECT FROM unnest(s.proconfig) AS c (setting)
                               JOIN pg_settings AS g ON lower(g.name) = lower(split_part(c.setting, '=', 1))
                              WHERE g.context <> 'user' AND NOT has_parameter_privilege(k.oid, g.name, 'SET'))
                THEN format('sets what %I may not set', k.rolname)
           END AS obstacle
      FROM standing AS s
     CROSS JOIN keeper AS k
      LEFT JOIN pg_proc AS n
        ON n.pronamespace = to_regnamespace('model_access') AND n.proname = s.proname
       AND pg_get_function_identity_arguments(n.oid) = s.identity_arguments
     WHERE s.signature = ANY ($1)
)
SELECT m.proname::text, m.signature, m.obstacle, x.statement
  FROM matched AS m
  LEFT JOIN LATERAL (
      SELECT 1, format('CREATE OR REPLACE FUNCTION public.%I(%s)', m.proname,
                       CASE WHEN m.pronargdefaults = m.native_defaults THEN m.arguments ELSE m.native_arguments END)
                || substr(CASE WHEN m.prokind = 'f' THEN pg_get_functiondef(m.oid) END,
                          1 + length(format('CREATE OR REPLACE FUNCTION public.%I(%s)', m.proname, m.arguments)))
      UNION ALL
      SELECT 2, format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, anon, authenticated, service_role', m.signature)
      UNION ALL
      SELECT 3, format('GRANT EXECUTE ON FUNCTION %s TO %s%s', m.signature,
                       CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END,
                       CASE WHEN e.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM aclexplode(m.acl) AS e
       WHERE e.grantee = 0 OR e.grantee IN (SELECT r.oid FROM pg_roles AS r
                                             WHERE r.rolname IN ('anon', 'authenticated', 'service_role'))
      UNION ALL
      SELECT 4, format('COMMENT ON FUNCTION %s IS %L', m.signature, m.description)
  ) AS x (place, statement) ON m.obstacle IS NULL
 ORDER BY m.proname COLLATE "C", m.signature COLLATE "C", x.place, x.statement COLLATE "C"
