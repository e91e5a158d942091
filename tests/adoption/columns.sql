-- Notes, in a schema of its own, which columns the application's tables have: rows.sql shows those, before and after.
CREATE SCHEMA adoption;
CREATE TABLE adoption.columns AS
    SELECT format('public.%I', c.relname) AS relation, a.attname::text AS name,
           EXISTS (SELECT FROM pg_attribute AS s WHERE s.attrelid = c.oid AND s.attname = 'is_free') AS has_unset,
           CASE format_type(a.atttypid, NULL) WHEN 'jsonb' THEN $$'[]'::jsonb$$ ELSE $$'{}'::text[]$$ END AS no_list,
           CASE format_type(a.atttypid, NULL)
               WHEN 'jsonb' THEN $$'["deepseek/deepseek-r1-0528:free", "google/gemini-2.0-flash-exp:free", "qwen/qwen3-coder:free"]'::jsonb$$
               ELSE $$'{deepseek/deepseek-r1-0528:free,google/gemini-2.0-flash-exp:free,qwen/qwen3-coder:free}'::text[]$$ END AS free_list
      FROM pg_class AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p');
