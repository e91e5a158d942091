-- Every price in force is kept: one open row per model, closed where the next begins.
CREATE FUNCTION pg_temp.sync(prompt text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', 'added', a ->> 'models_added', 'updated', a ->> 'models_updated', 'unchanged', a ->> 'models_unchanged', 'back', a ->> 'models_reactivated')
      FROM public.sync_openrouter_models(jsonb_build_array(jsonb_build_object('id', 'acme/one', 'name', 'One',
          'pricing', jsonb_build_object('prompt', prompt, 'completion', '1') || more))) AS a
$$;
SELECT pg_temp.sync('0.5');
SELECT pg_temp.sync('0.50');
SELECT pg_temp.sync('0.6');
SELECT pg_temp.sync('0.6', '{"audio": "0.1"}');
SELECT pg_temp.sync('0.6', '{"audio": "0.1", "input_cache_read": "0"}');
SELECT pricing, valid_to IS NULL AS open, valid_to = lead(valid_from) OVER (ORDER BY id) AS joins_next
  FROM public.model_price_history ORDER BY id;
-- A model that goes and comes back at the same price keeps its row; at another price it gets a new one.
SELECT public.sync_openrouter_models('[{"id": "acme/two", "name": "Two", "pricing": {"prompt": "1", "completion": "1"}}]') ->> 'models_marked_inactive' AS gone;
SELECT pg_temp.sync('0.6', '{"audio": "0.1", "input_cache_read": "0"}');
SELECT count(*) FROM public.model_price_history WHERE model_id = 'acme/one';
SELECT public.sync_openrouter_models('[{"id": "acme/two", "name": "Two", "pricing": {"prompt": "1", "completion": "1"}}]') ->> 'models_reactivated' AS back;
SELECT pg_temp.sync('0.7');
SELECT count(*), count(*) FILTER (WHERE valid_to IS NULL) AS open FROM public.model_price_history WHERE model_id = 'acme/one';
-- A clock that was set back: the open price began in the future. The next one begins when it ends; none overlap.
UPDATE public.model_price_history SET valid_from = now() + interval '1 hour' WHERE model_id = 'acme/one' AND valid_to IS NULL;
SELECT pg_temp.sync('0.8');
SELECT pricing ->> 'prompt' AS prompt, valid_to IS NULL AS open, valid_from > now() + interval '50 minutes' AS in_the_future
  FROM public.model_price_history WHERE model_id = 'acme/one' ORDER BY id DESC LIMIT 2;
SELECT count(*) AS overlapping FROM public.model_price_history AS a JOIN public.model_price_history AS b
    ON a.model_id = b.model_id AND a.id < b.id AND tstzrange(a.valid_from, a.valid_to) && tstzrange(b.valid_from, b.valid_to);
