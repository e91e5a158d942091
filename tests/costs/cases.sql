-- The cases of ../shared/data/cost_cases.json (psql's variable file) against the catalogue that was synced: one row per case
-- that differs, then how many agree. Expected are an independent engine's cost, and the same formula in the server's numeric.
\set cases `cat :'file'`
CREATE TEMP TABLE cases AS
SELECT c.*, jsonb_build_object(
           'prompt_tokens', c.prompt_tokens, 'completion_tokens', c.completion_tokens,
           'prompt_tokens_details', jsonb_build_object('cached_tokens', c.cached_tokens, 'cache_write_tokens', c.cache_write_tokens),
           'completion_tokens_details', jsonb_build_object('reasoning_tokens', c.reasoning_tokens)) AS usage
  FROM jsonb_to_recordset(:'cases'::jsonb -> 'cases') AS c (
      "case" text, model_id text, prompt_tokens bigint, completion_tokens bigint, cached_tokens bigint,
      cache_write_tokens bigint, reasoning_tokens bigint, expected_cost numeric, expected_input_cost numeric,
      expected_output_cost numeric);

CREATE TEMP TABLE outcome AS
SELECT c."case", c.model_id, c.expected_cost, c.expected_input_cost, c.expected_output_cost,
       public.estimate_model_cost(c.model_id, c.usage) AS cost, b.input, b.output,
       (c.prompt_tokens - c.cached_tokens - c.cache_write_tokens) * p.prompt + c.cached_tokens * p.read
           + c.cache_write_tokens * p.write + c.completion_tokens * p.completion AS in_sql
  FROM cases AS c
 CROSS JOIN LATERAL (
     SELECT coalesce(sum(e.amount_usd) FILTER (WHERE e.item <> 'completion'), 0) AS input,
            coalesce(sum(e.amount_usd) FILTER (WHERE e.item = 'completion'), 0) AS output
       FROM public.explain_model_cost(c.model_id, c.usage) AS e) AS b
  JOIN public.model_price_history AS h ON h.model_id = c.model_id AND h.valid_to IS NULL
 CROSS JOIN LATERAL (
     -- Of overrides by prompt size the last that is exceeded: the snapshot has no others.
     SELECT h.pricing || coalesce((
                SELECT o.entry FROM jsonb_array_elements(h.pricing -> 'overrides') WITH ORDINALITY AS o (entry, place)
                 WHERE c.prompt_tokens > (o.entry ->> 'min_prompt_tokens')::bigint ORDER BY o.place DESC LIMIT 1), '{}') AS prices) AS x
 CROSS JOIN LATERAL (
     SELECT (x.prices ->> 'prompt')::numeric AS prompt, (x.prices ->> 'completion')::numeric AS completion,
            coalesce(x.prices ->> 'input_cache_read', x.prices ->> 'prompt')::numeric AS read,
            coalesce(x.prices ->> 'input_cache_write', x.prices ->> 'prompt')::numeric AS write) AS p;

SELECT o."case", o.model_id, o.expected_cost, o.cost, o.in_sql, o.input, o.output
  FROM outcome AS o
 WHERE (o.cost, o.in_sql, o.input, o.output)
       IS DISTINCT FROM (o.expected_cost, o.expected_cost, o.expected_input_cost, o.expected_output_cost);
SELECT count(*) || ' cases agree' FROM outcome AS o WHERE o.cost = o.expected_cost;
