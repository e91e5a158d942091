-- What stands of some tables and views ($1, in public) and functions ($2, wrappers in public and their natives): one row per
-- object with a definition to compare. Runs with search_path = pg_catalog, so that every name is written in full.
WITH api_role (role_name, role_oid) AS (
    SELECT 'PUBLIC', 0::oid
    UNION ALL
    SELECT r.rolname, r.oid FROM pg_roles AS r WHERE r.rolname IN ('anon', 'authenticated', 'service_role')
), relation AS (
    SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, c.relowner, c.relacl, c.reloptions,
           format('public.%I', c.relname) AS object
      FROM pg_class AS c
     WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) AND c.relkind <> 'c'
), table_owner AS (
    SELECT c.relowner FROM pg_class AS c
     WHERE c.relnamespace = to_regnamespace('public') AND c.relname = 'model_access_settings'
), sequence AS (
    SELECT r.relname AS of_table, s.oid, s.relacl, s.relowner, format('public.%I', s.relname) AS object
      FROM relation AS r
      JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid AND d.deptype IN ('a', 'i')
                         AND d.classid = 'pg_class'::regclass
      JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
), routine AS (
    SELECT p.oid, p.proname, n.nspname, p.proacl, p.proowner, p.proretset, p.provolatile, p.proparallel, p.prosecdef,
           -- A wrapper of ours has the native function's arguments and result, calls it and does nothing else.
           coalesce(regexp_replace(pg_get_function_sqlbody(p.oid), '\s+', ' ', 'g') ~ format(
               '^BEGIN ATOMIC SELECT (model_access\.%1$s\([^()]*\) AS %1$s|model_access\.as_row_type\(model_access\.%1$s\([^()]*\), NULL::public\.\w+\) AS as_row_type|(r\.\w+, )*r\.\w+ FROM model_access\.%1$s\([^()]*\) r\([\w, ]*\)); END$',
               p.proname), false)
           AND EXISTS (SELECT FROM pg_proc AS native
                        WHERE native.pronamespace = to_regnamespace('model_access') AND native.proname = p.proname
                          AND pg_get_function_identity_arguments(native.oid) = pg_get_function_identity_arguments(p.oid)
                          AND replace(pg_get_function_result(native.oid), 'model_access.', 'public.')
                              = pg_get_function_result(p.oid)) AS is_wrapper,
           p.proconfig,
           format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS object
      FROM pg_proc AS p
      JOIN pg_namespace AS n ON n.oid = p.pronamespace
     WHERE n.nspname IN ('public', 'model_access') AND p.proname = ANY ($2)
), acl (owned_by, kind, object, role_name, privileges) AS (
    SELECT x.owned_by, x.kind, x.object, a.role_name,
           coalesce((
               SELECT string_agg(e.privilege_type, ', ' ORDER BY e.privilege_type COLLATE "C")
                 FROM aclexplode(x.acl) AS e
                WHERE e.grantee = a.role_oid
           ), 'nothing')
      FROM (
          SELECT r.relname, 'privileges', r.object, coalesce(r.relacl, acldefault('r', r.relowner)) FROM relation AS r
          UNION ALL
          SELECT s.of_table, 'privileges', s.object, coalesce(s.relacl, acldefault('s', s.relowner)) FROM sequence AS s
          UNION ALL
          SELECT f.proname, 'privileges', f.object, coalesce(f.proacl, acldefault('f', f.proowner)) FROM routine AS f
           WHERE f.nspname = 'model_access' OR f.is_wrapper
      ) AS x (owned_by, kind, object, acl)
     CROSS JOIN api_role AS a
), found (owned_by, kind, object, definition) AS (
    SELECT r.relname, 'table', r.object,
           format('row security %s, owner %s%s', CASE WHEN r.relrowsecurity THEN 'on' ELSE 'off' END,
                  CASE WHEN r.relowner = o.relowner THEN 'as the settings' ELSE pg_get_userbyid(r.relowner)::text END,
                  -- They have rules and privileges of their own.
                  CASE WHEN r.relname <> 'ai_usage' AND EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhparent = r.oid)
                       THEN ', with children' ELSE '' END)
      FROM relation AS r LEFT JOIN table_owner AS o ON true
     WHERE r.relkind <> 'v'
    UNION ALL
    SELECT r.relname, 'view', r.object,
           format('with %s, owner %s, %s', coalesce(array_to_string(r.reloptions, ', '), 'no options'),
                  CASE WHEN r.relowner = o.relowner THEN 'as the settings' ELSE pg_get_userbyid(r.relowner)::text END,
                  -- Of a view of one table only 15 writes the table's alias before each column.
                  regexp_replace(regexp_replace(pg_get_viewdef(r.oid), '\s+', ' ', 'g'), '\m[a-z]\.', '', 'g'))
      FROM relation AS r LEFT JOIN table_owner AS o ON true
     WHERE r.relkind = 'v'
    UNION ALL
    SELECT r.relname, 'column', format('%s.%I', r.object, a.attname),
           format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
           -- What the lists of tables are by default is what they are here.
           || CASE WHEN a.attname IN ('made_tables', 'adopted_tables') THEN ''
                   ELSE coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') END
           || CASE WHEN a.attidentity <> '' THEN ' identity' ELSE '' END
      FROM relation AS r
      JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL
    SELECT c.relname, 'type', format('public.%I', c.relname),
           string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
      FROM pg_class AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) AND c.relkind = 'c'
     GROUP BY c.relname
    UNION ALL
    SELECT t.typname, 'type', format('public.%I', t.typname),
           format('enum (%s)', string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder))
      FROM pg_type AS t
      JOIN pg_enum AS e ON e.enumtypid = t.oid
     WHERE t.typnamespace = to_regnamespace('public') AND t.typname = ANY ($1)
     GROUP BY t.typname
    UNION ALL
    -- Named by what they say: on tables that were there before, the same rule may have another name.
    -- A CHECK is told without casts and parentheses, which a dump and restore may add or take away.
    SELECT DISTINCT r.relname, 'constraint', format('%s on %s', CASE k.contype
               WHEN 'c' THEN regexp_replace(pg_get_constraintdef(k.oid), '::(character varying|text)(\[\])?|[()]| NOT VALID$', '', 'g')
               ELSE regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') END, r.object),
           CASE WHEN k.convalidated THEN 'valid' ELSE 'not valid' END
      FROM relation AS r
      JOIN pg_constraint AS k ON k.conrelid = r.oid AND k.contype IN ('c', 'f', 'p', 'u')
    UNION ALL
    SELECT r.relname, 'deferred constraints', r.object, coalesce(string_agg(k.conname, ', ' ORDER BY k.conname), 'none')
      FROM relation AS r
      LEFT JOIN pg_constraint AS k ON k.conrelid = r.oid AND k.condeferred
     WHERE r.relkind <> 'v'
     GROUP BY r.relname, r.object
    UNION ALL
    SELECT r.relname, 'keys that delete rows', r.object, coalesce(string_agg(k.conname, ', ' ORDER BY k.conname), 'none')
      FROM relation AS r
      LEFT JOIN pg_constraint AS k ON k.conrelid = r.oid AND k.contype = 'f' AND k.confdeltype = 'c'
     WHERE r.relname IN ('ai_usage', 'ai_model_usage', 'agent_executions')
     GROUP BY r.relname, r.object
    UNION ALL
    SELECT r.relname, 'index', format('%I', i.relname),
           pg_get_indexdef(x.indexrelid) || CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END
      FROM relation AS r
      JOIN pg_index AS x ON x.indrelid = r.oid
       AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u'))
      JOIN pg_class AS i ON i.oid = x.indexrelid
    UNION ALL
    -- Partitions are as many as there are months: told is only which of them stand open.
    SELECT r.relname, 'partitions', r.object,
           coalesce(string_agg(c.relname, ', ' ORDER BY c.relname)
                        FILTER (WHERE NOT c.relrowsecurity OR EXISTS (
                            SELECT FROM aclexplode(c.relacl) AS e WHERE e.grantee IN (SELECT a.role_oid FROM api_role AS a))),
                    'row security on, closed to clients')
      FROM relation AS r
      JOIN pg_inherits AS i ON i.inhparent = r.oid
      JOIN pg_class AS c ON c.oid = i.inhrelid
     WHERE r.relkind = 'p'
     GROUP BY r.relname, r.object
    UNION ALL
    SELECT r.relname, 'policy', format('%I on %s', p.polname, r.object),
           format('%s for %s to %s%s%s',
                  CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
                  CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
                                WHEN 'd' THEN 'delete' ELSE 'all' END,
                  (SELECT string_agg(CASE WHEN m.role_oid = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(m.role_oid)::text END,
                                     ', ' ORDER BY m.role_oid)
                     FROM unnest(p.polroles) AS m (role_oid)),
                  coalesce(' using ' || regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g'), ''),
                  coalesce(' with check ' || regexp_replace(pg_get_expr(p.polwithcheck, p.polrelid), '\s+', ' ', 'g'), ''))
      FROM relation AS r
      JOIN pg_policy AS p ON p.polrelid = r.oid
    UNION ALL
    SELECT r.relname, 'trigger', format('%I on %s', t.tgname, r.object),
           regexp_replace(pg_get_triggerdef(t.oid), '\s+', ' ', 'g')
           || CASE t.tgenabled WHEN 'A' THEN ' (always)' WHEN 'O' THEN ' (origin)' WHEN 'R' THEN ' (replica)'
                               ELSE ' (disabled)' END
      FROM relation AS r
      JOIN pg_trigger AS t ON t.tgrelid = r.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT a.owned_by, a.kind, format('%s of %s', a.role_name, a.object), a.privileges FROM acl AS a
    UNION ALL
    SELECT r.relname, 'column privileges', r.object,
           coalesce(string_agg(format('%I: %s of %s', c.attname, e.privilege_type, a.role_name), ', '
                               ORDER BY c.attname, e.privilege_type, a.role_name)
                        FILTER (WHERE c.attname IS NOT NULL), 'none')
      FROM relation AS r
      LEFT JOIN (pg_attribute AS c
                 CROSS JOIN LATERAL aclexplode(c.attacl) AS e
                 JOIN api_role AS a ON a.role_oid = e.grantee) ON c.attrelid = r.oid
     GROUP BY r.relname, r.object
    UNION ALL
    SELECT r.relname, 'attaching privileges', r.object,
           coalesce(string_agg(format('%s%s of %s', e.privilege_type, x.columns,
                                      CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(e.grantee)::text END),
                               ', ' ORDER BY e.privilege_type, x.columns, e.grantee)
                        FILTER (WHERE e.grantee <> r.relowner), 'of the owner only')
      FROM relation AS r
     CROSS JOIN LATERAL (SELECT '' AS columns, r.relacl AS acl UNION ALL
                         SELECT format(' (%I)', a.attname), a.attacl FROM pg_attribute AS a WHERE a.attrelid = r.oid) AS x
      LEFT JOIN LATERAL aclexplode(x.acl) AS e ON e.privilege_type IN ('REFERENCES', 'TRIGGER')
     GROUP BY r.relname, r.object
    UNION ALL
    SELECT f.proname, CASE WHEN f.nspname = 'public' THEN 'wrapper' ELSE 'function' END, f.object,
           format('returns %s, %s, parallel %s, security %s%s', pg_get_function_result(f.oid),
                  CASE f.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
                  CASE f.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END,
                  CASE WHEN f.prosecdef THEN 'definer' ELSE 'invoker' END,
                  coalesce(', set ' || array_to_string(f.proconfig, ', '), '')
                  || coalesce(', ' || regexp_replace(pg_get_function_sqlbody(f.oid), '\s+', ' ', 'g'), ''))
      FROM routine AS f
     WHERE f.nspname = 'model_access' OR f.is_wrapper
    UNION ALL
    SELECT f.proname, 'foreign function', f.object, 'not a wrapper of model_access'
      FROM routine AS f
     WHERE f.nspname = 'public' AND NOT f.is_wrapper
)
SELECT f.owned_by::text, f.kind, f.object, regexp_replace(f.definition, '[\t\n]', ' ', 'g')
  FROM found AS f
 ORDER BY f.kind COLLATE "C", f.object COLLATE "C"
