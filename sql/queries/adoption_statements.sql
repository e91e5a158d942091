-- How a table ($1) stands before install() touches it, as the statements that put it back: what it says of itself, who may
-- do what, and policies and triggers under names of ours. $2 and $3 are names and definitions of what install() leaves of it:
-- each statement comes with the line that must still hold (only_while). $4: the table is of people, where install() takes
-- only what lets clients empty it or attach to it. A comment is also told as it stands. Of the ledgers also what keeps install()
-- from making it a ledger: keys by which an account takes its bills along, defaults and NOT NULL of its money. And of executions
-- of agents the keys by which a chat takes its calls along.
WITH left_as (what, definition, line) AS (
    SELECT l.what, l.definition, l.what || ': ' || l.definition FROM unnest($2::text[], $3::text[]) AS l (what, definition)
), adopted AS (
    SELECT c.oid, c.relname, c.relkind, c.relowner, c.relacl FROM pg_class AS c
     WHERE c.relnamespace = to_regnamespace('public') AND c.relname = $1
), attribute AS (
    SELECT c.relname, c.relowner, a.attrelid, a.attname, a.attnum, a.attacl, a.attnotnull
      FROM adopted AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
), client (name, grantee, role_oid) AS (
    SELECT 'PUBLIC', 'PUBLIC', 0::oid
    UNION ALL
    SELECT r.rolname, quote_ident(r.rolname), r.oid FROM pg_roles AS r WHERE r.rolname IN ('anon', 'authenticated', 'service_role')
), granted AS (
    SELECT x.columns, x.relname, e.grantee AS role_oid, e.privilege_type, e.is_grantable, k.name IS NOT NULL AS to_client,
           CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(e.grantee)::text END AS name,
           -- The column allowed_models goes with all of its privileges.
           x.is_list OR CASE WHEN k.name IS NULL THEN e.privilege_type IN ('REFERENCES', 'TRIGGER')
                             ELSE NOT $4 OR e.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER') END AS is_taken
      FROM (
          SELECT '' AS columns, false AS is_list, c.relname, c.relowner, c.relacl AS acl FROM adopted AS c
          UNION ALL
          SELECT format(' (%I)', a.attname), a.relname = 'profiles' AND a.attname = 'allowed_models', a.relname, a.relowner, a.attacl
            FROM attribute AS a
      ) AS x
     CROSS JOIN LATERAL aclexplode(x.acl) AS e
      LEFT JOIN client AS k ON k.role_oid = e.grantee
     WHERE e.grantee <> x.relowner
), trigger_of AS (
    SELECT t.oid, c.relname, t.tgname, t.tgenabled, l.line
      FROM adopted AS c
      JOIN pg_trigger AS t ON t.tgrelid = c.oid
      JOIN left_as AS l ON l.what = format('trigger %I on public.%I', t.tgname, c.relname)
), policy_of AS (
    SELECT p.*, c.relname, l.line
      FROM adopted AS c
      JOIN pg_policy AS p ON p.polrelid = c.oid
      JOIN left_as AS l ON l.what = format('policy %I on public.%I', p.polname, c.relname)
     -- The seed's own way back would make admins of another table see all usage: that one nobody brings back.
     WHERE NOT (c.relname = 'ai_usage' AND p.polname = 'Admins can view all usage'
                AND pg_get_expr(p.polqual, p.polrelid) LIKE '%public.profiles%')
), ledger_column AS (
    SELECT a.*, pg_get_expr(d.adbin, d.adrelid) AS default_is, l.line
      FROM attribute AS a
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      JOIN left_as AS l ON l.what = format('column public.%I.%I', a.relname, a.attname)
     WHERE a.relname = 'ai_usage' AND a.attname IN ('cost_usd', 'markup_usd', 'total_usd', 'created_at')
        OR a.relname = 'agent_executions' AND a.attname IN ('session_id', 'message_id')
), cascade_of AS (
    SELECT k.oid, c.relname, k.conname, k.convalidated AND c.relkind = 'r' AS in_two_steps
      FROM adopted AS c
      JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0
     -- As the schema files drop them.
     WHERE c.relname = 'ai_model_usage' AND (k.confdeltype = 'c' OR EXISTS (
               SELECT FROM pg_attribute AS a
                WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey) AND a.attname IN ('user_id', 'organization_id', 'model_id')))
        OR c.relname = 'ai_usage' AND k.confdeltype = 'c' AND EXISTS (
               SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'user_id' AND a.attnum = ANY (k.conkey))
        OR c.relname = 'agent_executions' AND k.confdeltype = 'c' AND EXISTS (
               SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname IN ('session_id', 'message_id') AND a.attnum = ANY (k.conkey))
)
SELECT s.statement, s.only_while, s.as_it_stands
  FROM (
      SELECT 1, format('COMMENT ON TABLE public.%I IS %L', c.relname, x.comment), l.line, l.what || ': ' || x.comment
        FROM adopted AS c
       CROSS JOIN LATERAL obj_description(c.oid, 'pg_class') AS x (comment)
        JOIN left_as AS l ON l.what = format('comment TABLE public.%I', c.relname)
      UNION ALL
      SELECT 2, format('COMMENT ON COLUMN public.%I.%I IS %L', a.relname, a.attname, x.comment), l.line, l.what || ': ' || x.comment
        FROM attribute AS a
       CROSS JOIN LATERAL col_description(a.attrelid, a.attnum) AS x (comment)
        JOIN left_as AS l ON l.what = format('comment COLUMN public.%I.%I', a.relname, a.attname)
      UNION ALL
      SELECT 3, format('REVOKE ALL ON TABLE public.%I FROM %s', c.relname, k.grantee), l.line, NULL
        FROM adopted AS c
       CROSS JOIN client AS k
        JOIN left_as AS l ON l.what = format('privileges %s of public.%I', k.name, c.relname) AND l.definition <> 'nothing'
      UNION ALL
      SELECT 4, format('GRANT %s%s ON TABLE public.%I TO %s%s', g.privilege_type, g.columns, g.relname,
                       CASE WHEN g.role_oid = 0 THEN 'PUBLIC' ELSE quote_ident(g.name) END,
                       CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END),
             coalesce(l.line, format('privileges %s of public.%I: %s', g.name, g.relname, coalesce((
                 SELECT string_agg(o.privilege_type, ', ' ORDER BY o.privilege_type COLLATE "C")
                   FROM granted AS o
                  WHERE o.columns = '' AND o.role_oid = g.role_oid AND NOT o.is_taken), 'nothing'))), NULL
        FROM granted AS g
        LEFT JOIN left_as AS l ON g.to_client AND l.what = format('privileges %s of public.%I', g.name, g.relname)
       WHERE g.is_taken
      UNION ALL
      SELECT 6, format('CREATE POLICY %I ON public.%I AS %s FOR %s TO %s%s%s', p.polname, p.relname,
                       CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                     WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                       (SELECT string_agg(CASE WHEN m.role_oid = 0 THEN 'PUBLIC'
                                               ELSE quote_ident(pg_get_userbyid(m.role_oid)) END, ', ' ORDER BY m.role_oid)
                          FROM unnest(p.polroles) AS m (role_oid)),
                       coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
                       coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')), p.line, NULL
        FROM policy_of AS p
      UNION ALL
      -- What is the application's again is known by the column as install() leaves it.
      SELECT 7, format('ALTER TABLE public.%I ALTER COLUMN %I SET DEFAULT ', a.relname, a.attname) || a.default_is, a.line, NULL
        FROM ledger_column AS a
       WHERE a.attname <> 'created_at' OR a.default_is = 'timezone(''utc''::text, now())'
      UNION ALL
      SELECT 7, format('ALTER TABLE public.%I ALTER COLUMN %I SET NOT NULL', a.relname, a.attname), a.line, NULL
        FROM ledger_column AS a
       WHERE a.attnotnull AND a.attname <> 'created_at'
      UNION ALL
      -- Bills of accounts that are gone break the key: then it is back for new rows, and uninstall() says so.
      -- Executions have another key under its name meanwhile.
      SELECT 8, format('ALTER TABLE public.%I %sADD CONSTRAINT %I %s%s', k.relname,
                       CASE WHEN k.relname = 'agent_executions' THEN format('DROP CONSTRAINT IF EXISTS %I, ', k.conname) ELSE '' END,
                       k.conname, pg_get_constraintdef(k.oid), CASE WHEN k.in_two_steps THEN ' NOT VALID' ELSE '' END), NULL, NULL
        FROM cascade_of AS k
      UNION ALL
      SELECT 9, format('ALTER TABLE public.%I VALIDATE CONSTRAINT %I', k.relname, k.conname), NULL, NULL
        FROM cascade_of AS k
       WHERE k.in_two_steps
      UNION ALL
      SELECT 8, pg_get_triggerdef(t.oid), t.line, NULL FROM trigger_of AS t
      UNION ALL
      SELECT 9, format('ALTER TABLE public.%I %s TRIGGER %I', t.relname,
                       CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA'
                                        WHEN 'D' THEN 'DISABLE' ELSE 'ENABLE' END, t.tgname), t.line, NULL
        FROM trigger_of AS t
      UNION ALL
      SELECT 10, format('COMMENT ON POLICY %I ON public.%I IS %L', p.polname, p.relname, obj_description(p.oid, 'pg_policy')), p.line, NULL
        FROM policy_of AS p
      UNION ALL
      SELECT 10, format('COMMENT ON CONSTRAINT %I ON public.%I IS %L', k.conname, k.relname, obj_description(k.oid, 'pg_constraint')), NULL, NULL
        FROM cascade_of AS k
       WHERE obj_description(k.oid, 'pg_constraint') IS NOT NULL
      UNION ALL
      SELECT 10, format('COMMENT ON TRIGGER %I ON public.%I IS %L', t.tgname, t.relname, obj_description(t.oid, 'pg_trigger')), t.line, NULL
        FROM trigger_of AS t
  ) AS s (place, statement, only_while, as_it_stands)
 WHERE s.statement IS NOT NULL
 ORDER BY s.place, s.statement COLLATE "C"
