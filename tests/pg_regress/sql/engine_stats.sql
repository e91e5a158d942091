-- get_engine_stats() tells of catalogue, limits, reservations and ledger what there is, get_engine_metrics() the same to Prometheus: to service_role and the owner only, reading only, in a bounded way.
\set ECHO none
\i tests/fixtures/quota.sql
\set ECHO all
SET client_min_messages = warning;
CALL test.open_models();
SELECT public.update_model_tier_access('acme/m3', p_status => 'disabled') ->> 'success' AS disabled, public.sync_openrouter_models('[]') ->> 'success' AS empty_feed;
SELECT count(public.set_quota_limit(l.name, l.metric, l.period, l.amount, p_enforcement => l.enforcement)) AS limits
  FROM (VALUES ('calls', 'requests', 'lifetime', 5, 'hard'), ('budget', 'cost_usd', 'monthly', 100, 'soft'), ('tokens', 'tokens', 'daily', 100000, 'hard')) AS l (name, metric, period, amount, enforcement);
-- One that expires, one that is released, one that is settled, one with a key that lives; usage with a cost and without one; a refusal.
SELECT allowed FROM test.reserve('A', 'acme/m1', 100);
CALL test.let_expire();
SELECT r.allowed FROM unnest(ARRAY[1, 2]) AS n, public.reserve_model_quota(test.id('A'), 'acme/m1', n, n) AS r;
SELECT allowed FROM (SELECT r.reservation_id FROM public.quota_reservations AS r WHERE r.tokens = 2) AS x, public.release_model_quota(x.reservation_id);
SELECT cost_source FROM (SELECT r.reservation_id FROM public.quota_reservations AS r WHERE r.tokens = 4) AS x, public.settle_model_quota(x.reservation_id, '{"prompt_tokens": 2, "completion_tokens": 1}');
SELECT allowed FROM test.reserve('A', 'acme/m1', 300, 'k');
SELECT cost_source FROM public.record_model_usage(test.id('A'), 'nobody/knows', '{"total_tokens": 5}');
SELECT allowed FROM test.consume('A', 'acme/m1', 7, 2);
SELECT allowed, reason FROM test.consume('A', 'acme/m1', 7, 2);
SELECT json_array_length(public.get_user_allowed_models_json(test.id('A'))) AS listed, json_array_length(public.get_user_allowed_models_json(test.id('A'))) AS again;
ANALYZE public.ai_usage, public.quota_usage, public.quota_requests;
-- Ages and what the server counts at leisure aside.
SELECT s.name, string_agg(l.value, ' ' ORDER BY l.key COLLATE "C") AS labels, s.value
  FROM public.get_engine_stats() WITH ORDINALITY AS s LEFT JOIN LATERAL jsonb_each_text(s.labels - 'pid') AS l ON true
 WHERE s.name !~ 'seconds$|_rows$|_inserted_' OR s.name ~ 'ledger_rows$'
 GROUP BY s.ordinality, s.name, s.value ORDER BY s.ordinality;
SELECT s.name, s.labels ->> 'status' AS status, s.value BETWEEN 0 AND 600 AND s.unit = 'seconds' AS recent FROM public.get_engine_stats() AS s WHERE s.name LIKE '%\_seconds' ORDER BY 1, 2;
SELECT pg_stat_force_next_flush() IS NOT NULL AS flushed;
SELECT sum(s.value) FILTER (WHERE s.labels ->> 'table' LIKE 'ai\_usage%') AS ledger_rows, sum(s.value) FILTER (WHERE s.labels ->> 'table' = 'quota_reservations') AS reservations,
       count(DISTINCT s.kind) AS kinds FROM public.get_engine_stats() AS s WHERE s.name = 'model_access_rows_inserted_total';
-- A row without a month of its own is seen; the rest of the figures stands.
UPDATE public.ai_usage SET occurred_at = '1999-12-31' WHERE model = 'nobody/knows';
SELECT s.value FROM public.get_engine_stats() AS s WHERE s.name = 'model_access_ledger_default_partition_used';
-- Prometheus's text: every line a comment or a sample, HELP before TYPE before samples, each family once, nothing twice, an end of line at the end.
CREATE TABLE public."ai_usage_o""dd\part" PARTITION OF public.ai_usage FOR VALUES FROM ('1990-01-01') TO ('1990-02-01');
CREATE TEMP TABLE line AS
SELECT l.text, l.place, coalesce(substring(l.text FROM '^# (?:HELP|TYPE) (\S+)'), substring(l.text FROM '^[a-z_]+')) AS family,
       CASE WHEN l.text ~ '^# HELP [a-z_]+ \S' THEN 1 WHEN l.text ~ '^# TYPE [a-z_]+ (gauge|counter)$' THEN 2 WHEN l.text ~ '^[a-z_]+(\{[a-z]+="([^"\\\n]|\\["\\n])*"(,[a-z]+="([^"\\\n]|\\["\\n])*")*\})? [0-9]+(\.[0-9]+)?$' THEN 3 END AS kind
  FROM string_to_array(public.get_engine_metrics(), E'\n') AS a, unnest(a[:cardinality(a) - 1]) WITH ORDINALITY AS l (text, place);
SELECT right(public.get_engine_metrics(), 1) = E'\n' AS ends, count(*) FILTER (WHERE kind IS NULL) AS broken, count(*) > 60 AS told, count(*) - count(DISTINCT text) AS twice, bool_and(family LIKE 'model\_access\_%' AND family NOT LIKE '%\_backend\_%') AS named FROM line;
SELECT family FROM line GROUP BY family HAVING array_agg(kind ORDER BY place) <> ARRAY[1, 2] || array_fill(3, ARRAY[count(*)::integer - 2]) OR max(place) - min(place) + 1 <> count(*);
SELECT text FROM line WHERE text LIKE '%dd%' OR text LIKE 'model\_access\_models{%' ORDER BY place;
SELECT (SELECT array_agg(s.name || s.labels::text ORDER BY s.ordinality) FROM public.get_engine_stats() WITH ORDINALITY AS s WHERE s.name NOT LIKE '%\_backend\_%')
     = (SELECT array_agg(family || coalesce((SELECT jsonb_object_agg(m[1], replace(replace(m[2], '\"', '"'), '\\', '\')) FROM regexp_matches(text, '([a-z]+)="((?:[^"\\]|\\.)*)"', 'g') AS m), '{}')::text ORDER BY place) FROM line WHERE kind = 3) AS same_order;
DROP TABLE public."ai_usage_o""dd\part";
-- Who may, and how: by GET, without a transaction id, with no lock but a reader's.
\connect - authenticator
BEGIN READ ONLY; SELECT test.request('service_role');
SELECT count(*) > 60 AS stats FROM public.get_engine_stats(); SELECT length(public.get_engine_metrics()) > 5000 AS metrics, pg_current_xact_id_if_assigned() IS NULL AS wrote_nothing;
SELECT DISTINCT l.mode FROM pg_locks AS l WHERE l.pid = pg_backend_pid() AND l.locktype <> 'virtualxid'; ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'S'); SELECT test.outcome('SELECT * FROM public.get_engine_stats()'), test.outcome('SELECT model_access.get_engine_metrics()'); ROLLBACK;
BEGIN; SELECT test.request('anon'); SELECT test.outcome('SELECT * FROM public.get_engine_stats()'), test.outcome('SELECT public.get_engine_metrics()'); ROLLBACK;
\connect - supabase_admin
-- A role to which somebody granted the function is none that may look.
BEGIN; GRANT EXECUTE ON FUNCTION model_access.get_engine_stats() TO authenticated; SET LOCAL ROLE authenticated; SELECT test.outcome('SELECT * FROM model_access.get_engine_stats()'); ROLLBACK;
\connect - postgres
BEGIN; ALTER TABLE public.model_review_items RENAME TO elsewhere; SELECT test.outcome('SELECT public.get_engine_metrics()'); ROLLBACK;
-- As PostgREST serves it (docs/operations.md, "Watching"): a function whose result type has the name of a media type.
BEGIN;
CREATE DOMAIN public."text/plain" AS text;
CREATE FUNCTION public.metrics() RETURNS public."text/plain" LANGUAGE sql STABLE BEGIN ATOMIC SELECT public.get_engine_metrics(); END;
REVOKE EXECUTE ON FUNCTION public.metrics() FROM PUBLIC, anon, authenticated;
GRANT EXECUTE ON FUNCTION public.metrics() TO service_role;
SET LOCAL ROLE service_role; SELECT public.metrics() LIKE '# HELP model\_access\_models %' AS served; ROLLBACK;
-- For a role that may do nothing else: a function of the owner's.
\connect - supabase_admin
BEGIN;
CREATE ROLE regress_scraper NOLOGIN;
GRANT USAGE ON SCHEMA public TO regress_scraper;
SET LOCAL ROLE postgres;
CREATE FUNCTION public.metrics() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' BEGIN ATOMIC SELECT public.get_engine_metrics(); END;
REVOKE EXECUTE ON FUNCTION public.metrics() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.metrics() TO regress_scraper;
RESET ROLE; SET LOCAL ROLE regress_scraper;
SELECT public.metrics() LIKE '# HELP model\_access\_models %' AS served, left(test.outcome('SELECT public.get_engine_metrics()'), 5) AS itself; ROLLBACK;
