-- A bill line by line: what is charged, at which price, from where; its lines sum up to the estimate.
SELECT public.sync_openrouter_models('[
    {"id": "acme/all", "canonical_slug": "acme/all-1", "name": "All", "pricing": {"prompt": "0.000001", "completion": "0.00001", "request": "0.002", "image": "0.003", "image_token": "0.000003", "image_output": "0.00004",
     "audio": "0.000005", "audio_output": "0.00006", "input_audio_cache": "0.0000005", "web_search": "0.01", "internal_reasoning": "0.7", "input_cache_read": "0.0000001", "input_cache_write": "0.00000125", "input_cache_write_1h": "0.000002"}},
    {"id": "acme/bare", "name": "Bare", "pricing": {"prompt": "0.000001", "completion": "0.00001"}},
    {"id": "acme/tiers", "name": "Tiers", "pricing": {"prompt": "0.000001", "completion": "0.00001", "input_cache_read": "0.0000001", "discount": 0.25,
     "overrides": [{"min_prompt_tokens": 1000, "prompt": "0.000002"}, {"utc_start": 2200, "utc_end": 200, "prompt": "0.0000005"}, {"min_prompt_tokens": 1000, "utc_start": 2300, "utc_end": 100, "completion": "0.000001"}]}},
    {"id": "acme/new", "name": "New", "pricing": {"prompt": "0.000001", "completion": "0.00001", "overrides": [{"on_sundays": true, "prompt": "0.000002"}]}},
    {"id": "acme/auto", "name": "Auto", "pricing": {"prompt": "-1", "completion": "-1"}}]') ->> 'models_added' AS added;
CREATE VIEW public.usage_of_all AS SELECT '{"prompt_tokens": 1000, "completion_tokens": 500, "requests": 2, "images": 3, "server_tool_use_details": {"web_search_requests": 4},
    "prompt_tokens_details": {"cached_tokens": 300, "cache_write_tokens": 200, "cache_write_1h_tokens": 50, "audio_tokens": 450, "image_tokens": 70, "video_tokens": 10},
    "completion_tokens_details": {"reasoning_tokens": 400, "audio_tokens": 20, "image_tokens": 30}}'::jsonb AS usage;
GRANT SELECT ON public.usage_of_all TO authenticated;
SET ROLE authenticated;
SELECT item, units, unit_price_usd, amount_usd, note FROM public.usage_of_all, public.explain_model_cost('acme/all-1', usage);
SELECT item, units, unit_price_usd, amount_usd, note FROM public.usage_of_all, public.explain_model_cost('acme/bare', usage);
SELECT model, public.estimate_model_cost(model, usage), (SELECT sum(amount_usd) FROM public.explain_model_cost(model, usage)) AS of_lines, (SELECT sum(units) FROM public.explain_model_cost(model, usage) WHERE item NOT IN ('request', 'image', 'web_search')) AS tokens
  FROM public.usage_of_all, unnest(ARRAY['acme/all', 'acme/bare']) AS model;
-- The three vocabularies say the same.
SELECT DISTINCT public.estimate_model_cost('acme/all', usage::jsonb) FROM unnest(ARRAY['{"prompt_tokens": 1000, "completion_tokens": 500, "prompt_tokens_details": {"cached_tokens": 300, "cache_write_tokens": 200}, "completion_tokens_details": {"reasoning_tokens": 400}}',
    '{"input_tokens": 1000, "output_tokens": 500, "input_tokens_details": {"cached_tokens": 300, "cache_write_tokens": 200}, "output_tokens_details": {"reasoning_tokens": 400}}',
    '{"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 500, "gen_ai.usage.cache_read.input_tokens": 300, "gen_ai.usage.cache_creation.input_tokens": 200, "gen_ai.usage.reasoning.output_tokens": 400}']) AS usage;
-- By size of the prompt and time of day: a threshold must be exceeded, hours are half-open and go over midnight, the later entry wins price by price. TimeZone says nothing.
SET TimeZone TO 'Asia/Tokyo';
SELECT prompt, to_char(at AT TIME ZONE 'UTC', 'HH24:MI') AS utc, string_agg(format('%s %s × %s%s', item, units, unit_price_usd, ' (' || note || ')'), ', ') AS lines, sum(amount_usd) AS cost
  FROM unnest(ARRAY[1000, 1001]) AS prompt, unnest(ARRAY['2030-01-01 21:59+00', '2030-01-01 22:00+00', '2030-01-01 23:30+00', '2030-01-02 00:59+00', '2030-01-02 01:00+00', '2030-01-02 02:00+00']::timestamptz[]) AS at,
       public.explain_model_cost('acme/tiers', jsonb_build_object('prompt_tokens', prompt, 'completion_tokens', 10), at) GROUP BY prompt, at ORDER BY prompt, at;
RESET TimeZone;
-- What is not known is said, never zero.
SELECT model, item, units, amount_usd, note FROM unnest(ARRAY['acme/auto', 'acme/new', 'acme/none']) AS model, public.explain_model_cost(model, '{"total_tokens": 10}');
SELECT model, public.estimate_model_cost(model, '{"total_tokens": 10}') IS NULL AS unknown FROM unnest(ARRAY['acme/auto', 'acme/new', 'acme/none']) AS model;
SELECT public.estimate_model_cost('acme/bare', '{"total_tokens": 10}', '2020-01-01') IS NULL AS before_there_was_a_price;
SELECT call, test.outcome('SELECT public.' || call) FROM unnest(ARRAY['estimate_model_cost(NULL, ''{"total_tokens": 10}'')', 'estimate_model_cost(''acme/bare'', NULL)', 'estimate_model_cost(''acme/bare'', ''{}'')', 'explain_model_cost(''acme/bare'', ''[]'')',
    'explain_model_cost('''', ''{"total_tokens": 10}'')', 'estimate_model_cost(''acme/bare'', ''{"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": 11}}'')', 'estimate_model_cost(''acme/bare'', ''{"prompt_tokens": 1.5}'')']) AS call;
RESET ROLE;
SET ROLE anon;
SELECT test.outcome($$SELECT public.estimate_model_cost('acme/bare', '{"total_tokens": 10}')$$);
