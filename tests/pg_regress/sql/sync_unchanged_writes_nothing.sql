-- Unchanged rows are not written: not by a second sync, not for float noise; a note of having been seen at most weekly.
SELECT public.sync_openrouter_models(test.feed(50)) ->> 'models_added' AS added;
CREATE TEMP TABLE before AS
    SELECT (SELECT string_agg(xmin::text || ctid::text, ',' ORDER BY model_id) FROM public.model_access) AS rows,
           (SELECT string_agg(xmin::text || ctid::text, ',' ORDER BY id) FROM public.model_price_history) AS prices,
           (SELECT version FROM public.model_catalogue_version) AS version;
CREATE FUNCTION pg_temp.untouched() RETURNS boolean LANGUAGE sql AS $$
    SELECT rows = (SELECT string_agg(xmin::text || ctid::text, ',' ORDER BY model_id) FROM public.model_access)
       AND prices = (SELECT string_agg(xmin::text || ctid::text, ',' ORDER BY id) FROM public.model_price_history)
       AND version = (SELECT version FROM public.model_catalogue_version) FROM before
$$;
SELECT public.sync_openrouter_models(test.feed(50)) ->> 'models_unchanged' AS unchanged;
SELECT pg_temp.untouched();
-- The last digit of a float.
SELECT public.sync_openrouter_models(jsonb_set(test.feed(50), '{0,pricing,prompt}', '"0.0000010000000000000001"')) ->> 'models_unchanged' AS unchanged;
SELECT public.sync_openrouter_models(jsonb_set(test.feed(50), '{0,pricing,image}', '"0"')) ->> 'models_unchanged' AS unchanged;
SELECT pg_temp.untouched();
-- A week later they are noted, once.
UPDATE public.model_access SET openrouter_last_seen = now() - interval '8 days', last_synced_at = now() - interval '8 days' WHERE model_id <> 'acme/m1';
SELECT public.sync_openrouter_models(test.feed(50)) ->> 'models_unchanged' AS unchanged;
SELECT count(*) FILTER (WHERE openrouter_last_seen > now() - interval '1 minute' AND last_synced_at = openrouter_last_seen) AS noted,
       count(*) FILTER (WHERE updated_at = created_at) AS otherwise_as_made
  FROM public.model_access;
-- A mapped column that somebody else emptied is not noticed while the feed stays; without its hash the row is compared.
UPDATE public.model_access SET model_name = 'by hand' WHERE model_id = 'acme/m2';
SELECT public.sync_openrouter_models(test.feed(50)) ->> 'models_updated' AS updated;
UPDATE public.model_access SET feed_hash = NULL WHERE model_id = 'acme/m2';
SELECT public.sync_openrouter_models(test.feed(50)) ->> 'models_updated' AS updated;
SELECT model_name FROM public.model_access WHERE model_id = 'acme/m2';
