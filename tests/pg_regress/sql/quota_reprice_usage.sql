-- Costs that our own prices gave follow the prices that are known now, by corrections: each row at the prices of its instant, once; what
-- a provider or an application said stays, and so does what was voided. Quotas count nothing of it.
\set SHOW_CONTEXT never
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
SELECT public.set_quota_limit('money', 'cost_usd', 'lifetime', 1000) > 0 AS set;
CREATE FUNCTION test.m(p_months integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => p_months)) AT TIME ZONE 'UTC' $$;
-- The ledger by what was used: cost and total of the row, and with its corrections; how many there are.
CREATE FUNCTION test.ledger(p_model text) RETURNS TABLE (tokens bigint, source text, cost_usd numeric, net_cost_usd numeric, net_markup_usd numeric, net_total_usd numeric, corrections bigint) LANGUAGE sql AS $$
    SELECT u.tokens_used, u.cost_source, u.cost_usd, trim_scale(coalesce(u.cost_usd, 0) + coalesce(c.cost, 0)), trim_scale(coalesce(u.markup_usd, 0) + coalesce(c.markup, 0)), trim_scale(coalesce(u.total_usd, 0) + coalesce(c.total, 0)), c.n
      FROM public.ai_usage AS u CROSS JOIN LATERAL (SELECT sum(n.cost_usd) AS cost, sum(n.markup_usd) AS markup, sum(n.total_usd) AS total, count(*) AS n FROM public.ai_usage AS n WHERE n.corrects_id = u.id) AS c
     WHERE u.model = p_model AND u.corrects_id IS NULL ORDER BY u.tokens_used, u.cost_source
$$;
CREATE FUNCTION test.reprice(p_model text, p_from timestamptz DEFAULT '-infinity', p_to timestamptz DEFAULT 'infinity') RETURNS public.usage_repricing LANGUAGE sql AS $$ SELECT public.reprice_usage(p_model, p_from, p_to, 'the price was wrong') $$;
-- Computed, with parts that have prices of their own; estimated from the sum of tokens; said by the provider; by an application; voided.
UPDATE public.model_price_history SET valid_from = test.m(1) WHERE true;
SELECT cost_usd, total_usd, cost_source FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100}');
SELECT cost_usd, total_usd, cost_source FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"prompt_tokens": 2000, "completion_tokens": 0, "prompt_tokens_details": {"cached_tokens": 1500, "audio_tokens": 100}, "server_tool_use": {"web_search_requests": 2}, "requests": 3}');
INSERT INTO public.ai_usage (user_id, model, tokens_used, cost_usd, markup_usd, total_usd, cost_source) VALUES (test.id('A'), 'acme/m1', 12, 0.7, 0.1, 0.8, 'application');
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m1', 500);
SELECT cost_usd, total_usd, cost_source FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"prompt_tokens": 10, "completion_tokens": 1, "cost": 0.5}');
SELECT usage_id AS voided, cost_usd FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"prompt_tokens": 13, "completion_tokens": 0}') \gset
SELECT total_usd FROM public.void_usage(:'voided', 'a mistake');
SELECT * FROM test.ledger('acme/m1');
SELECT * FROM test.reprice('acme/m1');
-- The price was wrong: dearer by ten, with prices for the parts.
UPDATE public.model_price_history SET pricing = '{"prompt": "0.00001", "completion": "0.0001", "input_cache_read": "0.000001", "audio": "0.0001", "web_search": "0.01", "request": "0.001"}' WHERE model_id = 'acme/m1';
SET ROLE service_role;
SELECT * FROM test.reprice('acme/m1');
RESET ROLE;
SELECT * FROM test.ledger('acme/m1');
SELECT * FROM test.reprice('acme/m1');
SELECT DISTINCT c.cost_source, c.correction_reason, c.tokens_used, c.requests, c.price_id = p.id AS priced, c.markup_percent FROM public.ai_usage AS c, public.model_price_history AS p WHERE c.model = 'acme/m1' AND p.model_id = 'acme/m1' AND c.cost_source = 'repriced';
-- Cheaper again: the difference to what it comes to by now.
UPDATE public.model_price_history SET pricing = '{"prompt": "0.000002", "completion": "0"}' WHERE model_id = 'acme/m1';
SELECT * FROM test.reprice('acme/m1');
SELECT * FROM test.ledger('acme/m1');
SELECT sum(rows_corrected) FROM test.reprice('acme/m1');
-- What a correction corrected is voided with it.
SELECT v.total_usd FROM public.ai_usage AS u CROSS JOIN LATERAL public.void_usage(u.id, 'after all') AS v WHERE u.model = 'acme/m1' AND u.tokens_used = 1100;
SELECT * FROM test.reprice('acme/m1');
-- Each row at the price of its instant; where none was in force the first later one; from, but not until.
UPDATE public.model_price_history SET valid_from = test.m(1) + interval '10 days', valid_to = test.m(1) + interval '12 days' WHERE model_id = 'acme/m2';
INSERT INTO public.model_price_history (model_id, valid_from, valid_to, pricing) VALUES ('acme/m2', test.m(1) + interval '12 days', test.m(1) + interval '13 days', '{"prompt": "0.1", "completion": "0"}'), ('acme/m2', test.m(1) + interval '20 days', NULL, '{"prompt": "1", "completion": "0"}');
SELECT count(r.cost_usd) AS known FROM unnest(ARRAY[9, 10, 11, 12, 13, 19, 20]) AS day CROSS JOIN LATERAL public.record_model_usage(test.id('B'), 'acme/m2', jsonb_build_object('prompt_tokens', day, 'completion_tokens', 0), NULL, test.m(1) + make_interval(days => day)) AS r;
SELECT * FROM test.ledger('acme/m2');
SELECT * FROM test.reprice('acme/m2', test.m(1) + interval '13 days', test.m(1) + interval '19 days');
SELECT * FROM test.reprice('acme/m2');
SELECT * FROM test.ledger('acme/m2');
SELECT * FROM test.reprice('acme/m2');
-- What was used is known without any token: searches and images keep their cost, and a total that leaves the sides at zero none.
BEGIN;
UPDATE public.model_price_history SET pricing = '{"prompt": "0.001", "completion": "0.002", "image": "0.5", "web_search": "0.01"}' WHERE model_id = 'acme/m3';
SELECT cost_usd, cost_source FROM public.record_model_usage(test.id('A'), 'acme/m3', '{"prompt_tokens": 0, "completion_tokens": 0, "images": 3, "server_tool_use": {"web_search_requests": 10}}');
SELECT cost_usd, cost_source FROM public.record_model_usage(test.id('A'), 'acme/m3', '{"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 100}');
INSERT INTO public.ai_usage (user_id, model, cost_source, other_usage) VALUES (test.id('A'), 'acme/m3', 'unknown', '{"image": 2}');
SELECT * FROM test.reprice('acme/m3');
SELECT * FROM test.ledger('acme/m3');
ROLLBACK;
-- A price that depends on the route, or none at all, is not known: the rows are counted and stay.
UPDATE public.model_price_history SET pricing = '{"prompt": "-1", "completion": "-1"}' WHERE model_id = 'acme/m2' AND valid_to IS NULL;
SELECT * FROM test.reprice('acme/m2');
SELECT cost_usd, cost_source FROM public.record_model_usage(test.id('A'), 'new/m1', '{"total_tokens": 7}');
SELECT * FROM test.reprice('new/m1');
-- The catalogue learns of it: for nothing, which is known too, once.
SELECT public.sync_openrouter_models(test.feed(3) || '[{"id": "new/m1", "name": "New", "pricing": {"prompt": "0", "completion": "0"}}]') ->> 'models_added' AS added;
SELECT * FROM test.reprice('new/m1');
SELECT * FROM test.ledger('new/m1');
SELECT * FROM test.reprice('new/m1');
-- More rows than are read at once, some of one instant, in several partitions.
INSERT INTO public.ai_usage (user_id, model, prompt_tokens, tokens_used, cost_source, markup_percent, occurred_at) SELECT test.id('A'), 'acme/m3', 1000, 1000, 'unknown', 10, CASE n % 3 WHEN 0 THEN test.m(0) WHEN 1 THEN test.m(1) + n * interval '1 second' ELSE test.m(40) END FROM generate_series(1, 2345) AS n;
SELECT * FROM test.reprice('acme/m3');
SELECT count(*), count(DISTINCT corrects_id), trim_scale(sum(cost_usd)) AS cost, trim_scale(sum(markup_usd)) AS markup, trim_scale(sum(total_usd)) AS total FROM public.ai_usage WHERE model = 'acme/m3' AND corrects_id IS NOT NULL;
SELECT * FROM test.reprice('acme/m3');
SELECT * FROM public.verify_quota();
-- Mistakes.
SELECT test.outcome(format('SELECT public.reprice_usage(%L, %L, %L, %L)', x.model, x.first, x.last, x.reason))
  FROM (VALUES (NULL, '2026-01-01', '2026-02-01', 'x'), ('', '2026-01-01', '2026-02-01', 'x'), ('m', NULL, '2026-02-01', 'x'), ('m', '2026-01-01', NULL, 'x'), ('m', '2026-02-01', '2026-02-01', 'x'), ('m', '2026-01-01', '2026-02-01', NULL), ('m', '2026-01-01', '2026-02-01', ' ')) AS x (model, first, last, reason);
SET ROLE authenticated; SELECT public.reprice_usage('acme/m1', '2026-01-01', '2026-02-01', 'x'); RESET ROLE;
