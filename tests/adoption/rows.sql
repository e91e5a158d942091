-- Every row of the application, with the columns that adoption.columns names, as one line each. Two things install() is meant
-- to change are told as it leaves them: NULL in status and flags (and the touch of those rows), and lists of users without one.
-- -v without_lists=1: without profiles.allowed_models.
\pset format unaligned
\pset tuples_only on
SET TimeZone = 'UTC';
\if :{?without_lists}
\else
\set without_lists 0
\endif
SELECT format($$SELECT %L || '  ' || r::text FROM (SELECT %s FROM %s) AS r ORDER BY r::text COLLATE "C"$$, c.relation,
              string_agg(CASE
                  WHEN c.name = 'status' AND c.relation = 'public.model_access' THEN $$coalesce(status, 'new') AS status$$
                  WHEN c.name IN ('is_free', 'is_pro', 'is_enterprise') AND c.relation = 'public.model_access'
                  THEN format('coalesce(%1$I, false) AS %1$I', c.name)
                  WHEN c.name = 'updated_at' AND c.relation = 'public.model_access' AND c.has_unset
                  THEN $$CASE WHEN model_id NOT LIKE 'unset/%%' THEN updated_at END AS updated_at$$
                  WHEN c.name = 'allowed_models'
                  THEN format($$coalesce(nullif(allowed_models, %s), %s) AS allowed_models$$, c.no_list, c.free_list)
                  ELSE format('%I', c.name) END, ', ' ORDER BY c.name COLLATE "C"), c.relation)
  FROM adoption.columns AS c
 WHERE :'without_lists' = '0' OR c.name <> 'allowed_models'
 GROUP BY c.relation
 ORDER BY c.relation COLLATE "C" \gexec
