-- Each reason word is produced, with the fields of its limit: by check (which changes nothing), consume and reserve alike.
SELECT public.sync_openrouter_models(test.feed(8)) ->> 'models_added' AS added;
-- m1 … m8 have the eight combinations of flags; m8 is open to none.
UPDATE public.model_access SET status = 'active', is_free = ('x' || substr(model_id, 7))::text IN ('x1', 'x2', 'x3', 'x4'),
       is_pro = substr(model_id, 7) IN ('1', '2', '5', '6'), is_enterprise = substr(model_id, 7) IN ('1', '3', '5', '7') WHERE true;
SET ROLE service_role;
-- Tier matrix: three tiers (and nobody's) by the eight combinations.
SELECT m.model_id, m.is_free AS f, m.is_pro AS p, m.is_enterprise AS e,
       string_agg(coalesce((public.check_model_quota(test.id(u.who), m.model_id)).reason, 'allowed'), ' | ' ORDER BY u.place) AS "free | pro | enterprise | without a profile"
  FROM public.model_access AS m CROSS JOIN (VALUES (1, 'A'), (2, 'P'), (3, 'B'), (4, 'X')) AS u (place, who)
 GROUP BY 1, 2, 3, 4 ORDER BY 1;
RESET ROLE;
UPDATE public.model_access SET is_free = true WHERE true;
UPDATE public.model_access SET status = CASE model_id WHEN 'acme/m2' THEN 'new' WHEN 'acme/m3' THEN 'disabled' WHEN 'acme/m4' THEN 'inactive' ELSE 'active' END WHERE true;
UPDATE public.model_access SET daily_limit = 0 WHERE model_id = 'acme/m5';
UPDATE public.model_access SET daily_limit = 5, monthly_limit = 3 WHERE model_id = 'acme/m6';
UPDATE public.model_price_history SET pricing = '{"prompt": "-1", "completion": "-1"}' WHERE model_id = 'acme/m7';
SET ROLE service_role;
SELECT public.set_quota_limit('budget', 'cost_usd', 'monthly', 10, p_model_pattern => 'acme/m7') > 0 AS set;
SELECT public.set_quota_limit('at once', 'concurrent', NULL, 0, p_model_pattern => 'acme/m8') > 0 AS set;
SELECT m.id, c.allowed, c.reason, c.limit_name, c.scope, c.metric, c.period, c.limit_amount AS amount, c.used, c.held, c.requested AS asked, c.remaining AS "left", c.resets_at > now() AS resets, c.retry_after_seconds > 0 AS retry, c.warnings -> 0 ->> 'kind' AS warning
  FROM unnest(ARRAY['acme/m1', 'acme/m2', 'acme/m3', 'acme/m4', 'acme/m5', 'acme/m6', 'acme/m7', 'acme/m8', 'acme/none', '', 'ACME/M1', repeat('é', 5000)]) WITH ORDINALITY AS m (id, place)
 CROSS JOIN LATERAL public.check_model_quota(test.id('A'), m.id) AS c WHERE length(m.id) < 20 ORDER BY m.place;
SELECT reason FROM public.consume_model_quota(test.id('A'), repeat('é', 5000), 1);
SELECT m.id, c.allowed, c.reason, c.limit_name, r.allowed, r.reason, r.limit_name, r.reservation_id IS NOT NULL AS reserved
  FROM unnest(ARRAY['acme/m1', 'acme/m2', 'acme/m5', 'acme/m7', 'acme/m8', 'acme/none']) WITH ORDINALITY AS m (id, place)
 CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), m.id, 10) AS c CROSS JOIN LATERAL public.reserve_model_quota(test.id('A'), m.id, 5, 5) AS r ORDER BY m.place;
-- Of two limits that refuse the one that frees last is named, and both stand in warnings.
SELECT count(*) FROM generate_series(1, 3) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m6', n) AS c WHERE c.allowed;
SELECT limit_name, requested, limit_amount, resets_at IS NULL AS never, warnings -> 0 ->> 'limit_name' AS first, warnings -> 1 ->> 'limit_name' AS second FROM public.consume_model_quota(test.id('A'), 'acme/m6', 1, 6);
SELECT limit_name, jsonb_array_length(warnings) AS refusing FROM public.consume_model_quota(test.id('A'), 'acme/m6', 1, 3);
-- Arguments: NULL, negative, zero, the largest.
SELECT test.outcome($$SELECT public.consume_model_quota(NULL, 'acme/m1', 1)$$);
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), NULL, 1)$$);
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', NULL)$$);
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', -1)$$);
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 1, -1)$$);
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 1, NULL)$$);
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 1, 1, '')$$);
SELECT test.outcome($$SELECT public.check_model_quota(test.id('A'), 'acme/m1', -5)$$);
SELECT test.outcome($$SELECT public.check_model_quota(NULL, 'acme/m1')$$);
SELECT test.outcome($$SELECT public.reserve_model_quota(test.id('A'), 'acme/m1', 9223372036854775807, 1)$$);
SELECT test.outcome($$SELECT public.reserve_model_quota(test.id('A'), 'acme/m1', 1, -1)$$);
SELECT test.outcome($$SELECT public.reserve_model_quota(test.id('A'), 'acme/m1', 1, 1, NULL, '0.5 seconds')$$);
SELECT test.outcome($$SELECT public.reserve_model_quota(test.id('A'), 'acme/m1', 1, 1, NULL, '25 hours')$$);
SELECT test.outcome($$SELECT public.reserve_model_quota(test.id('A'), 'acme/m1', 1, 1, NULL, '-1 hour')$$);
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m1', 0, 0);
-- QUO-05: numbers near the ends of integers add up and are refused, not wrapped.
SELECT public.set_quota_limit('all tokens', 'tokens', 'lifetime', 9223372036854775807, p_model_pattern => 'acme/m1') > 0 AS set;
SELECT allowed, used, remaining FROM public.consume_model_quota(test.id('A'), 'acme/m1', 9223372036854775787);
SELECT allowed, reason, used, remaining, resets_at, retry_after_seconds FROM public.consume_model_quota(test.id('A'), 'acme/m1', 9223372036854775807);
SELECT allowed, used, remaining FROM public.consume_model_quota(test.id('A'), 'acme/m1', 10);
SELECT tokens FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"input_tokens": 9223372036854775807, "output_tokens": 0}');
SELECT used, remaining FROM public.check_model_quota(test.id('A'), 'acme/m1');
SELECT * FROM public.verify_quota();
