-- DOS-04: with 10⁵ rows in the ledger, one's own usage, status and calls are found by an index and read the pages that they read with 100 rows.
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.person(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE n WHEN 0 THEN test.id('A') ELSE ('00000000-0000-4000-8001-' || lpad(n::text, 12, '0'))::uuid END
$$;
-- Few organisations, so that each seems to have much of the ledger.
CREATE FUNCTION pg_temp.organization(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-4000-8002-' || lpad((n % 2)::text, 12, '0'))::uuid $$;
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 1000000 WHERE true;
INSERT INTO public.organizations (id, name) SELECT pg_temp.organization(n), format('Organization %s', n) FROM generate_series(0, 1) AS n;
INSERT INTO auth.users (id, email) SELECT pg_temp.person(n), format('%s@example.test', n) FROM generate_series(1, 999) AS n;
INSERT INTO public.profiles (id, email) SELECT pg_temp.person(n), format('%s@example.test', n) FROM generate_series(1, 999) AS n;
UPDATE public.profiles AS p SET organization_id = pg_temp.organization(n) FROM generate_series(0, 999) AS n WHERE p.id = pg_temp.person(n);
SELECT count(public.set_quota_limit(l.name, l.metric, l.period, 1000000000, p_per => l.per)) AS limits
  FROM (VALUES ('calls', 'requests', 'lifetime', 'user'), ('budget', 'cost_usd', 'monthly', 'user'), ('tokens', 'tokens', 'monthly', 'organization')) AS l (name, metric, period, per);
-- The last month and this one in full, whatever day it is, so that each partition is as full as the other; A has every p_people-th row.
CREATE PROCEDURE pg_temp.fill(p_from bigint, p_to bigint, p_people bigint) LANGUAGE sql AS $$
    INSERT INTO public.ai_usage (user_id, organization_id, tier, plan, model, tokens_used, created_at, occurred_at, price_id, cost_source, cost_usd, markup_percent, markup_usd, total_usd)
    SELECT pg_temp.person(n % p_people), pg_temp.organization(n % p_people), 'free', 'free', 'acme/m1', 1000, t.at, t.at, 1, 'computed', 0.001, 20, 0.0002, 0.0012
      FROM generate_series(p_from, p_to) AS n
     CROSS JOIN (SELECT date_trunc('month', now(), 'UTC') - interval '1 month' AS start) AS m
     CROSS JOIN LATERAL (SELECT m.start + (m.start + interval '2 months' - m.start) * (n * 7919 % 100003 / 100003.0) AS at) AS t
$$;
CREATE TABLE test.calls (ledger integer, call text, pages integer, by_sequence bigint, indexes text);
GRANT INSERT ON test.calls TO service_role;
-- A query's plan: its pages, the rows that sequential scans of the ledger read, and the first columns of its indexes that found rows.
CREATE FUNCTION pg_temp.plan(p_query text, OUT pages integer, OUT by_sequence bigint, OUT indexes text) LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ' || p_query INTO plan;
    pages := (plan #>> '{0,Plan,Shared Hit Blocks}')::integer + (plan #>> '{0,Plan,Shared Read Blocks}')::integer;
    SELECT coalesce(sum((n ->> 'Actual Rows')::numeric + coalesce((n ->> 'Rows Removed by Filter')::numeric, 0))
                    FILTER (WHERE n ->> 'Node Type' = 'Seq Scan' AND n ->> 'Relation Name' LIKE 'ai\_usage%'), 0),
           string_agg(DISTINCT pg_get_indexdef(i.indexrelid, 1, true), ', ') FILTER (WHERE (n ->> 'Actual Rows')::numeric > 0)
      INTO by_sequence, indexes
      FROM jsonb_path_query(plan, 'strict $.**.Plans[*]') AS n
      LEFT JOIN pg_index AS i ON i.indexrelid = to_regclass('public.' || quote_ident(n ->> 'Index Name')) AND i.indrelid::regclass::text LIKE 'ai\_usage%';
END $$;
-- Who asks is looked up before the rows are read: an InitPlan, once at most, and nothing that is run for each row.
CREATE FUNCTION pg_temp.lookups(p_query text, OUT once bigint, OUT again bigint, OUT for_each_row bigint) LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || p_query INTO plan;
    SELECT count(*) FILTER (WHERE n ->> 'Parent Relationship' = 'InitPlan' AND (n ->> 'Actual Loops')::numeric <= 1),
           count(*) FILTER (WHERE n ->> 'Parent Relationship' = 'InitPlan' AND (n ->> 'Actual Loops')::numeric > 1),
           count(*) FILTER (WHERE n ->> 'Parent Relationship' = 'SubPlan')
      INTO once, again, for_each_row FROM jsonb_path_query(plan, 'strict $.**.Plans[*]') AS n;
END $$;
-- What was read of the ledger so far: rows by sequential scans, and for each index how often it was searched. Of a transaction, and
-- of those before it that were not reported yet: only differences say something.
CREATE FUNCTION pg_temp.reads(OUT by_sequence bigint, OUT searches jsonb) LANGUAGE sql AS $$
    SELECT sum(pg_stat_get_xact_tuples_returned(c.oid)) FILTER (WHERE c.relkind = 'r'),
           jsonb_object_agg(c.oid, pg_stat_get_xact_numscans(c.oid)) FILTER (WHERE c.relkind = 'i')
      FROM pg_class AS c WHERE c.relname LIKE 'ai\_usage%' AND c.relkind IN ('r', 'i')
$$;
-- A call, made often enough that its plans are those that are kept: the fewest pages of some calls, and of all of them what they read.
CREATE FUNCTION pg_temp.call(p_call text, p_ids text[], OUT pages integer, OUT by_sequence bigint, OUT indexes text) LANGUAGE plpgsql AS $$
DECLARE
    before record;
    after record;
    once integer;
BEGIN
    SELECT * INTO before FROM pg_temp.reads();
    FOR n IN 1 .. 12 LOOP
        once := (SELECT p.pages FROM pg_temp.plan(format(p_call, p_ids[n])) AS p);
        pages := CASE WHEN n > 6 THEN least(pages, once) END;
    END LOOP;
    SELECT * INTO after FROM pg_temp.reads();
    by_sequence := after.by_sequence - before.by_sequence;
    SELECT string_agg(DISTINCT pg_get_indexdef(a.key::oid, 1, true), ', ') INTO indexes
      FROM jsonb_each_text(after.searches) AS a JOIN jsonb_each_text(before.searches) AS b USING (key) WHERE a.value <> b.value;
END $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pg_temp TO PUBLIC;
CREATE PROCEDURE pg_temp.measure(p_rows integer) LANGUAGE plpgsql AS $$
DECLARE
    n record;
    ids text[];
BEGIN
    FOR n IN SELECT * FROM (VALUES
        ('status', 'SELECT * FROM public.get_quota_status(%2$L::uuid)'),
        ('check', 'SELECT * FROM public.check_model_quota(%2$L, ''acme/m1'', 100)'),
        ('consume', 'SELECT * FROM public.consume_model_quota(%2$L, ''acme/m1'', 100)'),
        ('reserve', 'SELECT * FROM public.reserve_model_quota(%2$L, ''acme/m1'', 100, 100)'),
        ('settle', 'SELECT * FROM public.settle_model_quota(%%L, ''{"prompt_tokens": 100, "completion_tokens": 50}'')'),
        ('record', 'SELECT * FROM public.record_model_usage(%2$L, ''acme/m1'', ''{"prompt_tokens": 100, "completion_tokens": 50}'')')) AS c (name, query) LOOP
        ids := ARRAY(SELECT r.reservation_id::text FROM public.quota_reservations AS r WHERE r.status = 'active');
        PERFORM set_config('role', 'service_role', true);
        INSERT INTO test.calls SELECT p_rows, n.name, c.* FROM pg_temp.call(format(n.query, NULL, test.id('A')), ids) AS c;
        PERFORM set_config('role', 'none', true);
        COMMIT;
    END LOOP;
END $$;

-- A hundred rows, ten of them A's; then 10⁵ more, a hundred of them A's.
CALL pg_temp.fill(0, 99, 10);
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m1', 1);
VACUUM (ANALYZE) public.ai_usage, public.profiles, public.organizations, public.model_access, public.quota_limits, public.quota_usage;
CALL pg_temp.measure(100);
CALL pg_temp.fill(100, 100099, 1000);
DELETE FROM public.quota_usage WHERE true;
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m1', 1);
VACUUM (ANALYZE) public.ai_usage, public.quota_usage;
CALL pg_temp.measure(100000);
-- What calls read: pages, in all and more than with 100 rows; rows of the ledger without an index; and by which indexes of it they search.
-- Status sums the day of a model that has no counter yet. Rows that calls find by keys take two or three pages each, of index and table.
SELECT l.call, CASE WHEN l.pages <= m.most THEN '≤ ' || m.most ELSE l.pages::text END AS pages, CASE WHEN l.pages - s.pages <= 20 THEN '≤ 20' ELSE (l.pages - s.pages)::text END AS more, l.by_sequence, l.indexes
  FROM (VALUES ('status', 90), ('check', 30), ('consume', 70), ('reserve', 70), ('settle', 80), ('record', 70)) AS m (call, most)
  JOIN test.calls AS s ON s.call = m.call AND s.ledger = 100
  JOIN test.calls AS l ON l.call = m.call AND l.ledger = 100000
 ORDER BY l.call;

-- One's own usage under row level security, as applications ask for it: the rows' own pages, one each at most, and few beside them.
SELECT count(*) + 40 AS most FROM public.ai_usage WHERE user_id = test.id('A') \gset
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT q.asked, CASE WHEN p.pages <= :most THEN 'few' ELSE p.pages::text END AS pages, p.by_sequence, p.indexes, l.once, l.again, l.for_each_row
  FROM (VALUES (1, 'newest 50, where user_id = auth.uid()', 'SELECT * FROM public.ai_usage WHERE user_id = auth.uid() ORDER BY created_at DESC LIMIT 50'),
               (2, 'newest 50, where user_id is a constant', format('SELECT * FROM public.ai_usage WHERE user_id = %L ORDER BY created_at DESC LIMIT 50', test.id('A'))),
               (3, 'sum of a month, where user_id = auth.uid()', 'SELECT sum(total_usd) FROM public.ai_usage WHERE user_id = auth.uid() AND occurred_at >= date_trunc(''month'', now(), ''UTC'')'),
               (4, 'sum of a month', 'SELECT sum(total_usd) FROM public.ai_usage WHERE occurred_at >= date_trunc(''month'', now(), ''UTC'')'),
               (5, 'count of all', 'SELECT count(*) FROM public.ai_usage')) AS q (place, asked, query)
 CROSS JOIN LATERAL pg_temp.plan(q.query) AS p
 CROSS JOIN LATERAL pg_temp.lookups(q.query) AS l
 ORDER BY q.place;
-- The newest of all that one may see is not the same question: its rows may be anybody's, and are looked for by time.
SELECT p.by_sequence, p.indexes IN ('created_at', 'user_id') AS by_time_or_user FROM pg_temp.plan('SELECT * FROM public.ai_usage ORDER BY created_at DESC LIMIT 50') AS p;
ROLLBACK;
SELECT * FROM public.verify_quota();
