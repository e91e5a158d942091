-- Months that are old enough are dropped, and their sums stay: counters for life, those made later too, bills and verify_quota() are right
-- before and after. A month that an open window needs is kept.
\set SHOW_CONTEXT never
-- So many months ago began; and what maintain did, partitions named by how long ago they began.
CREATE FUNCTION test.m(p_months integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => p_months)) AT TIME ZONE 'UTC' $$;
CREATE FUNCTION test.maintain(p_keep interval) RETURNS TABLE (months_ago text, action text, rows bigint) LANGUAGE sql AS $$
    SELECT coalesce((SELECT n::text FROM generate_series(-4, 40) AS n WHERE x.partition = to_char(test.m(n) AT TIME ZONE 'UTC', '"ai_usage_"YYYY_MM')), x.partition), x.action, x.rows
      FROM jsonb_to_recordset(public.maintain_usage_partitions(p_keep)) AS x (partition text, action text, rows bigint) ORDER BY x.action, x.partition DESC
$$;
CREATE FUNCTION test.bill() RETURNS TABLE (rows numeric, tokens numeric, cost_usd numeric, markup_usd numeric, total_usd numeric) LANGUAGE sql AS $$
    SELECT sum(x.n), sum(x.tokens), sum(x.cost), sum(x.markup), sum(x.total)
      FROM (SELECT 1 AS n, u.tokens_used AS tokens, u.cost_usd AS cost, u.markup_usd AS markup, u.total_usd AS total FROM public.ai_usage AS u
            UNION ALL SELECT f.ledger_rows, f.tokens_used, f.cost_usd, f.markup_usd, f.total_usd FROM public.ai_usage_folded AS f) AS x
$$;
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'Acme');
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1' WHERE id = test.id('B');
SELECT public.set_quota_limit('life', 'requests', 'lifetime', 50) > 0 AS life, public.set_quota_limit('pool', 'tokens', 'lifetime', 9000, p_per => 'pool', p_model_pattern => 'acme/*') > 0 AS pool;
SELECT c.used FROM unnest(ARRAY['A', 'B', 'A']) AS who CROSS JOIN LATERAL public.consume_model_quota(test.id(who), 'acme/m1', 10) AS c;
SELECT model_access.make_usage_partitions(test.m(14), 12);
SELECT count(*) FROM unnest(ARRAY['A', 'B', 'X']) AS who, unnest(ARRAY[15, 14, 8, 7, 6, 1]) AS ago, unnest(ARRAY['acme/m1', 'acme/m2', 'other/m']) AS model
 CROSS JOIN LATERAL public.record_model_usage(test.id(who), model, jsonb_build_object('total_tokens', 100 + ago), NULL, test.m(ago) + interval '10 days') AS r;
UPDATE public.ai_usage SET cost_usd = tokens_used * 0.001, markup_percent = 20, markup_usd = tokens_used * 0.0002, total_usd = tokens_used * 0.0012, cost_source = 'provider' WHERE model <> 'other/m';
SELECT v.cost_usd, v.total_usd FROM public.ai_usage AS u CROSS JOIN LATERAL public.void_usage(u.id, 'never answered') AS v WHERE u.user_id = test.id('A') AND u.occurred_at = test.m(8) + interval '10 days' ORDER BY u.model;
SELECT * FROM public.verify_quota();
SELECT name, used FROM public.get_quota_status(test.id('A')) ORDER BY name;
SELECT * FROM test.bill();
-- Nothing is dropped unless it is asked for; less than a month is a mistake; clients may not.
SELECT * FROM test.maintain(NULL);
SELECT keep, test.outcome(format('SELECT public.maintain_usage_partitions(%L)', keep)) FROM unnest(ARRAY['27 days', '-1 year', '1 month -40 days', '0']) AS keep;
SET ROLE authenticated; SELECT public.maintain_usage_partitions('1 year'); RESET ROLE;
BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT public.maintain_usage_partitions('1 year'); ROLLBACK;
-- A yearly window that began ten months ago is open: what it needs is kept though it is older than asked for.
SELECT public.set_quota_limit('year', 'tokens', 'yearly', 100000, p_anchor => test.m(10)) AS year \gset
SELECT used FROM public.consume_model_quota(test.id('X'), 'acme/m2', 1);
SET ROLE service_role;
SELECT * FROM test.maintain('6 months');
RESET ROLE;
SELECT * FROM public.verify_quota();
SELECT * FROM test.bill();
-- Usage from before the first partition is refused; a call that was admitted then is settled all the same, into the default partition.
SELECT regexp_replace(test.outcome(format('SELECT public.record_model_usage(test.id(''A''), ''acme/m1'', ''{"total_tokens": 1}'', NULL, %L)', test.m(11) + interval '1 day')), '\d{4}-\S+', '<then>');
SELECT reservation_id AS late FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 10) \gset
UPDATE public.quota_reservations SET occurred_at = test.m(7) + interval '3 days' WHERE reservation_id = :'late';
SELECT public.remove_quota_limit(:year);
SELECT * FROM test.maintain('6 months');
SELECT tokens, repeated FROM public.settle_model_quota(:'late', '{"total_tokens": 17}');
SELECT tableoid::regclass, tokens_used, occurred_at = test.m(7) + interval '3 days' AS of_its_reservation FROM public.ai_usage WHERE reservation_id = :'late';
SELECT tokens, repeated FROM public.settle_model_quota(:'late', '{"total_tokens": 17}');
SELECT * FROM public.verify_quota();
-- It makes no partition of its month, and is folded by the next run. Then its receipt is gone.
SELECT * FROM test.maintain(NULL);
SELECT * FROM test.maintain('6 months');
SELECT * FROM test.maintain('6 months');
SELECT regexp_replace(test.outcome(format('SELECT public.settle_model_quota(%L, ''{"total_tokens": 17}'')', :'late')), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>');
SELECT * FROM public.verify_quota();
SELECT * FROM test.bill();
-- What is left, and what was summed: corrections count for bills, not for quotas; what cost an unknown sum adds nothing.
SELECT count(*), min(occurred_at) = test.m(6) + interval '10 days' AS from_six_months_ago FROM public.ai_usage;
SELECT CASE f.user_id WHEN test.id('A') THEN 'A' WHEN test.id('B') THEN 'B' ELSE 'X' END AS who, f.organization_id IS NOT NULL AS organized, f.tier, f.plan, f.model, sum(f.ledger_rows) AS ledger_rows, sum(f.requests) AS requests, sum(f.tokens_used) AS tokens, sum(f.quota_cost_usd) AS quota_cost_usd, sum(f.cost_usd) AS cost_usd, sum(f.markup_usd) AS markup_usd, sum(f.total_usd) AS total_usd
  FROM public.ai_usage_folded AS f GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 5;
SELECT (SELECT n FROM generate_series(0, 40) AS n WHERE f.month = test.m(n) AT TIME ZONE 'UTC') AS months_ago, count(*), sum(f.requests) AS requests FROM public.ai_usage_folded AS f GROUP BY 1 ORDER BY 1;
-- Counters that are made now know it all: for life, each model apart, an organisation's, all users'; and whoever looks before one is made.
SELECT public.set_quota_limit('later', 'tokens', 'lifetime', 90000) > 0 AS later, public.set_quota_limit('each', 'requests', 'lifetime', 90, p_per_model => true) > 0 AS each, public.set_quota_limit('ours', 'requests', 'lifetime', 90, p_per => 'organization') > 0 AS ours,
       public.set_quota_limit('free', 'requests', 'lifetime', 900, 'tier', 'free', 'pool', 'acme/*') > 0 AS free, public.set_quota_limit('m2', 'tokens', 'lifetime', 9000, p_model_pattern => 'acme/m2') > 0 AS m2, public.set_quota_limit('money', 'cost_usd', 'lifetime', 90) > 0 AS money;
SELECT who, name, model, used FROM unnest(ARRAY['A', 'B']) AS who CROSS JOIN LATERAL public.get_quota_status(test.id(who)) ORDER BY 1, 2, 3;
SELECT c.allowed FROM unnest(ARRAY['A', 'B']) AS who CROSS JOIN LATERAL public.consume_model_quota(test.id(who), 'acme/m2', 1) AS c;
SELECT who, name, model, used FROM unnest(ARRAY['A', 'B']) AS who CROSS JOIN LATERAL public.get_quota_status(test.id(who)) ORDER BY 1, 2, 3;
SELECT * FROM public.verify_quota();
-- A year that begins after the months that went has nothing of them; verify() finds everything in its place.
SELECT public.set_quota_limit('half', 'requests', 'yearly', 900, p_anchor => test.m(6)) > 0 AS half;
SELECT used FROM public.get_quota_status(test.id('B')) WHERE name = 'half';
SELECT * FROM model_access.verify() WHERE NOT ok;
-- Nobody but service_role reads the sums, and nobody writes them.
SELECT r, has_table_privilege(r, 'public.ai_usage_folded', 'SELECT') AS reads, has_table_privilege(r, 'public.ai_usage_folded', 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') AS writes FROM unnest(ARRAY['anon', 'authenticated', 'service_role']) AS r;
-- A person who is forgotten is in no sums either, and they stay.
SELECT public.forget_user(test.id('A')) -> 'ai_usage_folded' AS renamed;
SELECT count(*) FILTER (WHERE user_id = test.id('A')) AS of_a, count(DISTINCT user_id) AS people, sum(requests) AS requests FROM public.ai_usage_folded;
SELECT * FROM public.verify_quota();
