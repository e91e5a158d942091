-- Thousands of calls at invented prices of up to 23 decimals: each cost is what the server's numeric makes of the formula, to the last digit; it never falls as tokens are added, and is never negative.
CREATE FUNCTION test.number(p_seed text, p_below numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT trunc(('x' || left(md5(p_seed), 15))::bit(60)::bigint / 1152921504606846976.0 * p_below)
$$;
CREATE FUNCTION test.price(p_seed text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT trim_scale(test.number(p_seed, 1000000000000000000) * ('1e-' || 18 + test.number(p_seed || 'scale', 6))::numeric / (10::numeric ^ test.number(p_seed || 'size', 3)))::numeric(32, 23)::text
$$;
SELECT public.sync_openrouter_models((
    SELECT jsonb_agg(jsonb_build_object('id', 'acme/n' || n, 'name', 'N ' || n, 'pricing', jsonb_strip_nulls(jsonb_build_object(
               'prompt', test.price('p' || n), 'completion', test.price('c' || n), 'request', CASE n % 3 WHEN 0 THEN test.price('q' || n) END,
               'input_cache_read', CASE WHEN n % 2 = 0 THEN test.price('r' || n) END, 'input_cache_write', CASE WHEN n % 5 = 0 THEN test.price('w' || n) END,
               'web_search', CASE WHEN n % 4 = 0 THEN test.price('s' || n) END, 'audio', CASE WHEN n % 7 = 0 THEN test.price('a' || n) END,
               'overrides', CASE WHEN n % 6 = 0 THEN jsonb_build_array(jsonb_build_object('min_prompt_tokens', 200000, 'prompt', test.price('P' || n), 'completion', test.price('C' || n))) END))))
      FROM generate_series(1, 60) AS n)) - ARRAY['sync_log_id', 'duration_ms'] ->> 'models_added' AS added;
CREATE TABLE public.priced_calls AS
SELECT k.*, h.pricing || coalesce(CASE WHEN k.prompt > 200000 THEN h.pricing #> '{overrides,0}' END, '{}') AS prices
  FROM (
      SELECT format('acme/n%s', 1 + k % 60) AS model, k AS place, v.prompt, v.completion, test.number('searches' || k, 4) AS searches, v.cached,
             test.number('written' || k, 1 + v.prompt - v.cached) AS written, test.number('audio' || k, 1 + v.prompt) AS audio
        FROM generate_series(1, 6000) AS k
       CROSS JOIN LATERAL (
           SELECT w.prompt, test.number('completion' || k, 10::numeric ^ (k % 9)) AS completion, test.number('cached' || k, 1 + w.prompt) AS cached
             FROM (SELECT test.number('prompt' || k, 10::numeric ^ (k % 12)) AS prompt) AS w) AS v) AS k
  JOIN public.model_price_history AS h ON h.model_id = k.model AND h.valid_to IS NULL;
CREATE FUNCTION test.usage(c public.priced_calls, p_more integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('prompt_tokens', c.prompt, 'completion_tokens', c.completion + p_more,
                              'prompt_tokens_details', jsonb_build_object('cached_tokens', c.cached, 'cache_write_tokens', c.written, 'audio_tokens', c.audio),
                              'server_tool_use_details', jsonb_build_object('web_search_requests', c.searches))
$$;
SELECT count(*) AS calls, count(*) FILTER (WHERE e.cost = f.cost) AS same, count(*) FILTER (WHERE e.cost < 0) AS negative, count(*) FILTER (WHERE e.more < e.cost) AS falling,
       count(*) FILTER (WHERE scale(e.cost) > 20) > 1000 AS many_digits, count(*) FILTER (WHERE e.cost > 1000) > 100 AS large_ones
  FROM public.priced_calls AS c
 CROSS JOIN LATERAL (SELECT public.estimate_model_cost(c.model, test.usage(c, 0)) AS cost, public.estimate_model_cost(c.model, test.usage(c, 1)) AS more) AS e
 CROSS JOIN LATERAL (
     SELECT (c.prompt - c.cached - c.written - a.anew) * p.prompt + a.anew * p.audio + (c.cached - b.cached) * p.read + b.cached * p.audio_read + c.written * p.write + c.completion * p.completion + p.request + c.searches * p.search AS cost
       FROM (SELECT (c.prices ->> 'prompt')::numeric AS prompt, (c.prices ->> 'completion')::numeric AS completion, coalesce(c.prices ->> 'request', '0')::numeric AS request,
                    coalesce(c.prices ->> 'input_cache_read', c.prices ->> 'prompt')::numeric AS read, coalesce(c.prices ->> 'input_cache_write', c.prices ->> 'prompt')::numeric AS write,
                    coalesce(c.prices ->> 'web_search', '0')::numeric AS search, coalesce(c.prices ->> 'audio', c.prices ->> 'prompt')::numeric AS audio,
                    coalesce(c.prices ->> 'input_cache_read', c.prices ->> 'audio', c.prices ->> 'prompt')::numeric AS audio_read) AS p
      CROSS JOIN LATERAL (SELECT least(c.audio, c.prompt - c.cached - c.written) AS anew) AS a
      CROSS JOIN LATERAL (SELECT least(c.audio - a.anew, c.cached) AS cached) AS b) AS f;
