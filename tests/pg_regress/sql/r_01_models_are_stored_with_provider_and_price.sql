-- R-01: what OpenRouter tells of a model is stored: name, description, provider, prices, and the flags of the tiers.
SELECT public.sync_openrouter_models('[{"id": "acme/large", "name": "Acme Large", "description": "Thinks.",
    "context_length": 32768, "pricing": {"prompt": "0.000002", "completion": "0.0000085"}}]') ->> 'models_added' AS added;
SELECT model_id, model_name, model_description, context_length, prompt_price, completion_price, status, is_free, is_pro, is_enterprise
  FROM public.model_access ORDER BY model_id;
SELECT model_id, pricing, valid_to FROM public.model_price_history ORDER BY model_id;
-- The provider is the part of the id before the slash; a signed-in user sees it.
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT model_id, provider FROM public.model_catalogue ORDER BY model_id;
COMMIT;
