-- A backend that gave a list has the memory for the next: it asks the kernel for no page again, which would take longer than all else in a call.
-- Binary, as many drivers ask: each value is made in a buffer, then copied into another. Of glibc's malloc, which PostgreSQL is built with here.
SELECT public.sync_openrouter_models(test.feed(400)) ->> 'models_added' AS added;
-- Nobody makes the list anew meanwhile.
ALTER TABLE public.model_access SET (autovacuum_enabled = false);
UPDATE public.model_access SET status = 'active', is_free = true, model_description = repeat('described ', 80) WHERE true;
-- Pages that the kernel gave this backend so far.
CREATE FUNCTION test.pages() RETURNS bigint LANGUAGE sql AS $$ SELECT split_part(split_part(pg_read_file('/proc/self/stat'), ') ', 2), ' ', 8)::bigint $$;
\set fetched 'BEGIN; DECLARE list BINARY CURSOR FOR :query; FETCH ALL FROM list; COMMIT;'
\connect - supabase_admin
\set query 'SELECT public.get_user_allowed_models_json(test.id(''A''))'
\o /dev/null
:fetched :fetched :fetched
\o
SELECT test.pages() AS before \gset
\o /dev/null
:fetched :fetched :fetched :fetched
\o
SELECT (test.pages() - :before) / 4 < 20 AS json_in_the_same_memory;
\connect - supabase_admin
\set query 'SELECT r.* FROM public.get_user_allowed_models_v2(test.id(''A'')) AS r'
\o /dev/null
:fetched :fetched :fetched
\o
SELECT test.pages() AS before \gset
\o /dev/null
:fetched :fetched :fetched :fetched
\o
SELECT (test.pages() - :before) / 4 < 20 AS rows_in_the_same_memory;
