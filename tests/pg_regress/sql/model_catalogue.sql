-- The view shows provider, prices per million tokens as numbers and the price in force, under the reader's own rights.
SELECT public.sync_openrouter_models('[
    {"id": "acme/small", "name": "Small", "pricing": {"prompt": "0.0000000125", "completion": "0.00001", "request": "0.005", "input_cache_read": "0.000000001"}},
    {"id": "acme/routed", "name": "Routed", "pricing": {"prompt": "-1", "completion": "-1"}},
    {"id": "plain", "name": "No vendor", "pricing": {"prompt": "0", "completion": "0", "overrides": [{"min_prompt_tokens": 10, "prompt": "1"}]}}]') ->> 'models_added' AS added;
UPDATE public.model_access SET image_price = 'odd', request_price = 'odd' WHERE model_id = 'plain';
INSERT INTO public.model_access (model_id, model_name) VALUES ('by/hand', 'Never synced');
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT model_id, provider, prompt_usd_per_million AS prompt, completion_usd_per_million AS completion, cache_read_usd_per_million AS cache_read,
       cache_write_usd_per_million AS cache_write, request_usd AS request, price_id IS NOT NULL AS priced, pricing -> 'overrides' AS overrides
  FROM public.model_catalogue ORDER BY model_id COLLATE "C";
ROLLBACK;
BEGIN;
SELECT test.request('anon');
SELECT test.outcome('SELECT * FROM public.model_catalogue');
ROLLBACK;
-- The policies of the tables hold: without them a reader sees nothing.
DROP POLICY "All authenticated users can view model access" ON public.model_access;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT count(*) FROM public.model_catalogue;
ROLLBACK;
SELECT count(*) FROM model_access.install() WHERE action = 'created';
-- A name that is taken is not taken over.
DROP VIEW public.model_catalogue;
CREATE VIEW public.model_catalogue AS SELECT 1 AS one;
SELECT test.outcome('SELECT * FROM model_access.install()');
