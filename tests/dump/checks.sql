-- What a restored database must share with the one it was taken from, as lines: rows, lists, things of the user.
\pset format unaligned
\pset tuples_only on
SET TimeZone = 'UTC';
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %s AS t', c.oid::regclass, c.oid::regclass)
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'model_catalogue_version'
 ORDER BY c.relname COLLATE "C" \gexec
-- Views say the same, but for those of the signed-in user and of the server's statistics.
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %s AS t', c.oid::regclass, c.oid::regclass)
  FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v' AND c.relname NOT IN ('our_list', 'user_profiles_role_index_usage')
 ORDER BY c.relname COLLATE "C" \gexec
SELECT 'type', c.relname, string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'c' GROUP BY c.relname ORDER BY c.relname COLLATE "C";
SELECT 'list', p.email, count(*), md5(string_agg(l::text, E'\n' ORDER BY l.ordinality))
  FROM public.profiles AS p CROSS JOIN LATERAL public.get_user_allowed_models_v2(p.id) WITH ORDINALITY AS l
 GROUP BY p.email ORDER BY p.email;
SELECT 'sequence', s.sequencename, s.last_value FROM pg_sequences AS s WHERE s.schemaname = 'public' ORDER BY s.sequencename;
SELECT 'version', count(*) FROM public.model_catalogue_version;
-- What is used, held and billed.
SELECT 'status', p.email, s.name, s.used, s.held, s.resets_at, s.model
  FROM public.profiles AS p CROSS JOIN LATERAL public.get_quota_status(p.id) AS s ORDER BY p.email, s.name, s.model;
SELECT 'summary', s.* FROM public.get_usage_summary('-infinity', 'infinity', ARRAY['month', 'model']) AS s ORDER BY s::text COLLATE "C";
SELECT 'export', count(*), md5(string_agg(e::text, E'\n' ORDER BY e::text COLLATE "C")) FROM public.export_usage('-infinity', 'infinity') AS e;
SELECT 'verify_quota', v.* FROM public.verify_quota() AS v;
SELECT 'audit log', right(h.chain_id::text, 2), h.last_position, (SELECT count(*) FROM public.audit_logs AS a WHERE a.chain_id = h.chain_id AND a.user_id IS DISTINCT FROM a.written_user_id) AS of_users_gone, v.*
  FROM public.audit_log_heads AS h LEFT JOIN LATERAL public.verify_audit_log(nullif(h.chain_id, '00000000-0000-0000-0000-000000000000')) AS v ON true ORDER BY h.chain_id;
