-- With 10⁵ rows in the ledger and long histories, get_engine_stats() reads as many rows as it says and few pages; no table is read whole.
SET client_min_messages = warning;
SET jit = off;
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
CREATE FUNCTION pg_temp.key(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-4000-8001-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE PROCEDURE pg_temp.fill_ledger(p_from bigint, p_to bigint) LANGUAGE sql AS $$
    -- Every third row is a correction; every hundredth has no cost.
    INSERT INTO public.ai_usage (user_id, model, tokens_used, created_at, occurred_at, cost_usd, corrects_id)
    SELECT pg_temp.key(n % 1000), 'acme/m1', 1000, t.at, t.at, CASE WHEN n % 100 <> 0 THEN 0.001 END, CASE WHEN n % 3 = 0 THEN pg_temp.key(n) END
      FROM generate_series(p_from, p_to) AS n
     CROSS JOIN (SELECT date_trunc('month', now(), 'UTC') - interval '1 month' AS start) AS m
     CROSS JOIN LATERAL (SELECT m.start + (m.start + interval '2 months' - m.start) * (n * 7919 % 100003 / 100003.0) AS at) AS t;
$$;
-- 30,000 people with a limit, a counter, an alert, an answer and a reservation each: a third of those live, a third is overdue, a third is settled.
CREATE TEMP TABLE people AS SELECT n, pg_temp.key(n) AS id, n % 3 AS third FROM generate_series(1, 30000) AS n;
INSERT INTO public.quota_requests SELECT p.id, 'k', 'consume', p.n, '{}', now() FROM people AS p;
INSERT INTO public.quota_limits (limit_id, name, scope, subject, metric, period, limit_amount) OVERRIDING SYSTEM VALUE SELECT p.n, 'calls', 'user', p.id, 'requests', 'lifetime', 10 FROM people AS p;
INSERT INTO public.quota_usage (counter_id, subject, source, limit_id, window_start, window_end, used) OVERRIDING SYSTEM VALUE SELECT p.n, p.id, 'limit', p.n, '-infinity', 'infinity', 1 FROM people AS p;
INSERT INTO public.quota_alerts (subject, source, limit_id, model, window_start, threshold, limit_name, used, limit_amount, raised_at)
SELECT p.id, 'limit', p.n, '', '-infinity', 0.8, 'calls', 8, 10, now() - p.n % 40 * interval '1 hour' FROM people AS p;
INSERT INTO public.quota_reservations (reservation_id, user_id, model, requests, tokens, occurred_at, expires_at, status)
SELECT p.id, p.id, 'acme/m1', 1, 1, now(), now() + (p.third - 1) * interval '10 minutes', CASE p.third WHEN 1 THEN 'settled' ELSE 'active' END FROM people AS p;
INSERT INTO public.quota_holds SELECT p.n, p.id, 1, now() + (p.third - 1) * interval '10 minutes' FROM people AS p WHERE p.third <> 1;
-- As many runs of the sync, and items for review, of which 12,000 are open.
INSERT INTO public.model_sync_log (sync_started_at, sync_status) SELECT now() - p.n * interval '1 hour', CASE WHEN p.n % 10 = 0 THEN 'failed' ELSE 'completed' END FROM people AS p;
INSERT INTO public.model_review_items (model_id, kind, sync_log_id, created_at, resolved_at)
SELECT format('acme/m%s', p.n), 'price_ratio', p.id, now(), CASE WHEN p.n > 12000 THEN now() END FROM people AS p;
-- What was read so far of our tables, with partitions and indexes: rows by sequential scans, and by any. Only differences say something.
CREATE FUNCTION pg_temp.reads() RETURNS TABLE (name text, rows bigint, by_sequence bigint) LANGUAGE sql AS $$
    SELECT t.name, sum(pg_stat_get_xact_tuples_returned(r.oid)), coalesce(sum(pg_stat_get_xact_tuples_returned(r.oid)) FILTER (WHERE r.oid = c.oid), 0)
      FROM unnest('{ai_usage,quota_usage,quota_limits,quota_alerts,quota_reservations,quota_holds,quota_requests,model_sync_log,model_review_items}'::text[]) AS t (name)
      JOIN pg_class AS c ON c.relname = t.name OR t.name = 'ai_usage' AND c.relname LIKE 'ai\_usage\_%' AND c.relname <> 'ai_usage_folded'
      JOIN LATERAL (SELECT c.oid UNION ALL SELECT i.indexrelid FROM pg_index AS i WHERE i.indrelid = c.oid) AS r ON true
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY t.name
$$;
CREATE TABLE test.measured (ledger integer, name text, rows bigint, by_sequence bigint);
CREATE TABLE test.pages (ledger integer, pages bigint);
CREATE PROCEDURE pg_temp.measure(p_ledger integer) LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    PERFORM count(*) FROM public.get_engine_stats(); -- plans and caches
    CREATE TEMP TABLE before AS SELECT * FROM pg_temp.reads();
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) SELECT * FROM public.get_engine_stats()' INTO plan;
    INSERT INTO test.measured SELECT p_ledger, a.name, a.rows - b.rows, a.by_sequence - b.by_sequence FROM pg_temp.reads() AS a JOIN before AS b USING (name);
    INSERT INTO test.pages VALUES (p_ledger, (plan #>> '{0,Plan,Shared Hit Blocks}')::bigint + (plan #>> '{0,Plan,Shared Read Blocks}')::bigint);
    DROP TABLE before;
END $$;
CALL pg_temp.fill_ledger(1, 5000);
VACUUM ANALYZE public.ai_usage, public.quota_usage, public.quota_limits, public.quota_alerts, public.quota_reservations, public.quota_holds, public.quota_requests, public.model_sync_log, public.model_review_items;
CALL pg_temp.measure(5000);
CALL pg_temp.fill_ledger(5001, 100000);
VACUUM ANALYZE public.ai_usage;
CALL pg_temp.measure(100000);
-- The ledger gives its latest 1000, alerts, reservations, items and limits 10000, the sync its last of each kind, holds 2000 of each kind; each index may be read one further.
SELECT m.name, every(m.rows <= 2 + b.bound) AS bounded, max(m.by_sequence) AS by_sequence, count(DISTINCT m.rows) AS counts
  FROM test.measured AS m
  JOIN (VALUES ('ai_usage', 1000), ('model_review_items', 10000), ('model_sync_log', 2), ('quota_alerts', 10000), ('quota_holds', 4000), ('quota_limits', 14000), ('quota_requests', 1), ('quota_reservations', 10000), ('quota_usage', 4000)) AS b (name, bound) USING (name)
 GROUP BY m.name ORDER BY m.name;
-- A page for each row of an index, 32,000 in all: twice as many would be another plan.
SELECT max(p.pages) < 60000 AS few_pages, max(p.pages) - min(p.pages) < 60 AS whatever_the_ledger FROM test.pages AS p;
SELECT s.name, s.labels, s.value FROM public.get_engine_stats() AS s WHERE s.name ~ 'recent|holds$|items|alerts|_limits|_counters|_answers$|ledger_rows$' AND s.value > 0;
-- Every figure is there: one whose name nobody knows would be left out in silence.
SELECT DISTINCT s.name COLLATE "C" AS figure FROM public.get_engine_stats() AS s ORDER BY 1;
