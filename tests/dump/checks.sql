-- What a restored database must share with the one it was taken from, as lines: rows, lists, things of the user.
\pset format unaligned
\pset tuples_only on
SET TimeZone = 'UTC';
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %s AS t', c.oid::regclass, c.oid::regclass)
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'model_catalogue_version'
 ORDER BY c.relname COLLATE "C" \gexec
SELECT 'list', p.email, count(*), md5(string_agg(l::text, E'\n' ORDER BY l.ordinality))
  FROM public.profiles AS p CROSS JOIN LATERAL public.get_user_allowed_models_v2(p.id) WITH ORDINALITY AS l
 GROUP BY p.email ORDER BY p.email;
SELECT 'sequence', s.sequencename, s.last_value FROM pg_sequences AS s WHERE s.schemaname = 'public' ORDER BY s.sequencename;
SELECT 'version', count(*) FROM public.model_catalogue_version;
