-- Limits in USD: a call holds the most that it can cost, and what it did cost is counted. Amounts are exact.
SELECT public.sync_openrouter_models('[
    {"id": "acme/m1", "name": "One", "pricing": {"prompt": "0.000002", "completion": "0.00001", "input_cache_read": "0.0000002", "request": "0.001", "overrides": [{"min_prompt_tokens": 1000, "prompt": "0.000004", "completion": "0.00002"}]}},
    {"id": "acme/free", "name": "Free", "pricing": {"prompt": "0", "completion": "0"}},
    {"id": "acme/auto", "name": "Auto", "pricing": {"prompt": "-1", "completion": "-1"}}]') ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
SET ROLE service_role;
SELECT public.set_quota_limit('budget', 'cost_usd', 'lifetime', 0.05) > 0 AS set;
-- What is asked: the prompt uncached and the longest answer; above the threshold all tokens at its prices; a bare number of tokens at the dearer side.
SELECT n.prompt, n.completion, r.allowed, r.requested, r.held FROM (VALUES (1, 100, 100), (2, 1000, 100), (3, 1001, 100), (4, 0, 0)) AS n (place, prompt, completion)
 CROSS JOIN LATERAL public.require_model_quota(test.id('A'), 'acme/m1', n.prompt, n.completion) AS r ORDER BY n.place;
SELECT tokens, c.allowed, c.requested, c.remaining FROM unnest(ARRAY[0, 100, 1000, 1001, 2000]) AS tokens CROSS JOIN LATERAL public.check_model_quota(test.id('B'), 'acme/m1', tokens) AS c;
SELECT model, c.allowed, c.reason, c.requested FROM unnest(ARRAY['acme/free', 'acme/auto']) AS model CROSS JOIN LATERAL public.check_model_quota(test.id('B'), model, 100) AS c ORDER BY model;
-- Settled: what was held goes, what it cost is used; the provider's word, above the estimate, and unknown.
SELECT trim_scale(v.cost_usd) AS requested, s.cost_usd, s.warnings -> 0 ->> 'kind' AS warning
  FROM (SELECT * FROM public.quota_reservations ORDER BY tokens) AS v
 CROSS JOIN LATERAL public.settle_model_quota(v.reservation_id, CASE v.tokens WHEN 200 THEN '{"prompt_tokens": 100, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 100}}' WHEN 1100 THEN '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0.06}' WHEN 1101 THEN '{"prompt_tokens": 1001, "completion_tokens": 100}' ELSE '{"prompt_tokens": 0, "requests": 0}' END::jsonb) AS s;
SELECT name, used, held, remaining FROM public.get_quota_status(test.id('A'));
SELECT allowed, reason, used, held, requested FROM public.consume_model_quota(test.id('A'), 'acme/m1', 1);
SELECT allowed, reason, used, requested, remaining FROM public.check_model_quota(test.id('A'), 'acme/free', 1);
-- Consumed: of a bare number of tokens the most that they can cost, said to be an estimate; the budget is used to the last digit.
SELECT count(*) FILTER (WHERE c.allowed) AS admitted, max(c.used) AS used FROM generate_series(1, 50) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('B'), 'acme/m1', 100 + 0 * n) AS c;
SELECT sum(cost_usd) AS cost, sum(total_usd) AS total, min(cost_source) AS source, count(*) FROM public.ai_usage WHERE user_id = test.id('B');
SELECT d ->> 'allowed' AS allowed, d ->> 'reason' AS reason FROM jsonb_array_elements(public.consume_model_quota_batch(jsonb_build_array(
    jsonb_build_object('user_uuid', test.id('P'), 'model_id', 'acme/m1', 'tokens', 100), jsonb_build_object('user_uuid', test.id('P'), 'model_id', 'acme/auto', 'tokens', 1),
    jsonb_build_object('user_uuid', test.id('P'), 'model_id', 'acme/free', 'tokens', 1000000), jsonb_build_object('user_uuid', test.id('P'), 'model_id', 'acme/m1', 'tokens', 2400)))) AS d;
SELECT q.name, q.used, q.remaining FROM public.get_quota_status(test.id('P')) AS q;
-- What has no price at the end was given one before: the estimate that was held is charged, so nobody passes the limit by it.
RESET ROLE;
UPDATE public.model_price_history SET pricing = '{"prompt": "0.000002", "completion": "0.00001", "image": "-1"}' WHERE model_id = 'acme/m1';
SET ROLE service_role;
SELECT r.requested, s.cost_usd, s.cost_source
  FROM generate_series(1, 3) AS n
 CROSS JOIN LATERAL public.reserve_model_quota(test.id('S'), 'acme/m1', 1000 + 0 * n, 1000) AS r
 CROSS JOIN LATERAL public.settle_model_quota(r.reservation_id, '{"prompt_tokens": 1000, "completion_tokens": 1000, "images": 1}') AS s;
SELECT name, used, held FROM public.get_quota_status(test.id('S'));
-- Without a limit on cost an unknown price admits; the ledger says that it is not known.
SELECT public.set_quota_limit('budget', 'cost_usd', 'lifetime', NULL) > 0 AS lifted;
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/auto', 7);
SELECT cost_usd, total_usd, cost_source FROM public.ai_usage WHERE tokens_used = 7;
RESET ROLE;
SELECT * FROM public.verify_quota();
