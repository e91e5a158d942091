-- Cached tokens are inside the prompt, reasoning is inside the completion: neither is charged twice.

SELECT item, units, unit_price_usd, amount_usd, note FROM public.explain_model_cost(:'model', :'usage');
