-- Whose word on a cost counts: the provider's, else our prices of the call's instant, else nobody's. What is charged stays as it was.
SELECT public.sync_openrouter_models('[
    {"id": "acme/m1", "canonical_slug": "acme/m1-20260101", "name": "One", "pricing": {"prompt": "0.000002", "completion": "0.00001", "input_cache_read": "0.0000002", "web_search": "0.01"}},
    {"id": "acme/m1:free", "canonical_slug": "acme/m1-20260101", "name": "One, free", "pricing": {"prompt": "0", "completion": "0"}},
    {"id": "~acme/m1-latest", "canonical_slug": "acme/m1-20260101", "name": "One, the latest", "pricing": {"prompt": "1", "completion": "1"}},
    {"id": "acme/auto", "name": "Auto", "pricing": {"prompt": "-1", "completion": "-1"}}]') ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
SET ROLE service_role;
SELECT place, model_id, cost_usd, markup_usd, total_usd, cost_source
  FROM (VALUES (1, 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100}'),
               -- The slug means the id without a suffix and without an alias.
               (2, 'acme/m1-20260101', '{"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 500, "cache_write_tokens": 100}}'),
               (3, 'acme/m1:free', '{"prompt_tokens": 1000, "completion_tokens": 100}'),
               -- The provider's word: the same as ours, another one, one of many digits, nothing charged.
               (4, 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0.003, "is_byok": false, "cost_details": {"upstream_inference_cost": 0.003}}'),
               (5, 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0.0025}'),
               (6, 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0.00000000000000000000000000123456789}'),
               (7, 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0}'),
               -- A key that the caller brought: the inference is charged there, the router takes a fee.
               (8, 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0, "is_byok": true, "cost_details": {"upstream_inference_cost": 0.0029}}'),
               (9, 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0.00015, "is_byok": true, "cost_details": {"upstream_inference_cost": 0.003}}'),
               (10, 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0, "is_byok": true, "cost_details": {"upstream_inference_cost": null}}'),
               -- Unknown: a price that depends on the route, a model that nobody knows. With the provider's word they are known.
               (11, 'acme/auto', '{"prompt_tokens": 1000, "completion_tokens": 100}'),
               (12, 'acme/auto', '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0.5}'),
               (13, 'acme/none', '{"prompt_tokens": 1000, "completion_tokens": 100}'),
               (14, 'acme/m1', '{"prompt_tokens": 10, "completion_tokens": 0, "server_tool_use_details": {"web_search_requests": 3}, "prompt_tokens_details": {"audio_tokens": 4}}')) AS u (place, model, usage)
 CROSS JOIN LATERAL public.record_model_usage(test.id('A'), u.model, u.usage::jsonb, 'call ' || u.place) ORDER BY place;
SELECT a.idempotency_key AS key, a.model, p.model_id AS price_of, a.cost_source, a.cost_usd, a.computed_usd, a.markup_percent, a.other_usage
  FROM public.ai_usage AS a LEFT JOIN public.model_price_history AS p ON p.id = a.price_id ORDER BY length(a.idempotency_key), a.idempotency_key;
-- Another cost is another call than the one that the key stands for.
SELECT test.outcome($$SELECT public.record_model_usage(test.id('A'), 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 100, "cost": 0.0026}', 'call 5')$$);
SELECT usage, test.outcome(format('SELECT public.record_model_usage(test.id(''A''), ''acme/m1'', %L)', usage))
  FROM unnest(ARRAY['{"prompt_tokens": 1, "cost": -0.1}', '{"prompt_tokens": 1, "cost": "much"}', '{"prompt_tokens": 1, "cost": [1]}', '{"prompt_tokens": 1, "cost_details": {"upstream_inference_cost": -1}}',
                    '{"prompt_tokens": 1, "prompt_tokens_details": {"audio_tokens": -1}}', '{"prompt_tokens": 9223372036854775807, "completion_tokens": 1}']) AS usage;
SELECT test.outcome($$SELECT public.record_model_usage(test.id('A'), 'acme/m1', ('{"prompt_tokens": 1, "cost": 0.' || repeat('1', 100) || '}')::jsonb)$$) AS too_many_digits;
-- Every token that a bigint counts, at the dearest price that there can be: exact.
SELECT cost_usd FROM public.record_model_usage(test.id('A'), '~acme/m1-latest', '{"prompt_tokens": 9223372036854775807}');
RESET ROLE;

-- The price of the instant at which a call was reserved is charged, whatever it is when the call is settled.
SET ROLE service_role;
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('B'), 'acme/m1', 1000, 100) \gset
RESET ROLE;
SELECT public.sync_openrouter_models('[{"id": "acme/m1", "name": "One", "pricing": {"prompt": "0.00002", "completion": "0.0001"}}, {"id": "acme/m1:free", "name": "x"}, {"id": "~acme/m1-latest", "name": "x"}, {"id": "acme/auto", "name": "x"}]') ->> 'models_updated' AS updated;
UPDATE public.model_access_settings SET markup_percent = 12.5 WHERE true;
SET ROLE service_role;
SELECT cost_usd, markup_usd, total_usd, cost_source, repeated FROM public.settle_model_quota(:'id', '{"prompt_tokens": 1000, "completion_tokens": 50}');
SELECT cost_usd, markup_usd, total_usd, cost_source, repeated FROM public.settle_model_quota(:'id', '{"prompt_tokens": 1000, "completion_tokens": 50}');
SELECT cost_usd, markup_usd, total_usd FROM public.record_model_usage(test.id('B'), 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 50}');
-- A late event is charged at the price of its own instant; before there was one, nobody knows.
SELECT cost_usd, markup_usd, cost_source FROM public.record_model_usage(test.id('B'), 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 50}', NULL, (SELECT p.valid_from FROM public.model_price_history AS p WHERE p.model_id = 'acme/m1' ORDER BY p.id LIMIT 1));
SELECT cost_usd, markup_usd, cost_source FROM public.record_model_usage(test.id('B'), 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 50}', NULL, (SELECT p.valid_from - interval '1 microsecond' FROM public.model_price_history AS p WHERE p.model_id = 'acme/m1' ORDER BY p.id LIMIT 1));
RESET ROLE;
SELECT count(*) FROM public.ai_usage WHERE total_usd <> cost_usd + markup_usd OR markup_usd * 100 <> cost_usd * markup_percent;
SELECT * FROM public.verify_quota();
