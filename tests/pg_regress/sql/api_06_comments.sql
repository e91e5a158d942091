-- API-06: every function, table and column of ours has a description: a summary, or a summary, a blank line and the rest.
SELECT kind, count(*) > 0 AS some, count(*) FILTER (WHERE coalesce(text, '') = '') AS without, count(*) FILTER (WHERE split_part(text, E'\n', 1) !~ '\.$') AS no_sentence,
       count(*) FILTER (WHERE text LIKE E'%\n%' AND split_part(text, E'\n', 2) <> '') AS no_blank_line, count(*) FILTER (WHERE length(split_part(text, E'\n', 1)) > 120) AS long
  FROM (SELECT 'function', p.oid::regprocedure::text, obj_description(p.oid, 'pg_proc') FROM pg_proc AS p WHERE p.pronamespace IN ('public'::regnamespace, 'model_access'::regnamespace)
        UNION ALL SELECT 'table', c.relname, obj_description(c.oid, 'pg_class') FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
        UNION ALL SELECT 'column', c.relname || '.' || a.attname, col_description(c.oid, a.attnum) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'c') AND NOT c.relispartition AND (c.relname, a.attname) <> ('user_profiles', 'role')
        UNION ALL SELECT 'schema', 'model_access', obj_description('model_access'::regnamespace, 'pg_namespace')) AS x (kind, name, text)
 GROUP BY kind ORDER BY kind;
-- One text is the migration guide's own, to the letter.
SELECT col_description('public.user_profiles'::regclass, a.attnum) FROM pg_attribute AS a WHERE a.attrelid = 'public.user_profiles'::regclass AND a.attname = 'role';
-- A wrapper is described as what it wraps.
SELECT p.proname FROM pg_proc AS p JOIN pg_proc AS n ON n.proname = p.proname AND n.pronamespace = 'model_access'::regnamespace
 WHERE p.pronamespace = 'public'::regnamespace AND obj_description(p.oid, 'pg_proc') IS DISTINCT FROM obj_description(n.oid, 'pg_proc');
SELECT obj_description('public.can_user_use_model(uuid, varchar)'::regprocedure, 'pg_proc');
