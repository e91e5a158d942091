-- Begins a price of some models: $2 ids, $3 pricing objects.
INSERT INTO public.model_price_history (model_id, valid_from, pricing)
SELECT f.model_id, $1, f.pricing::pg_catalog.jsonb
  FROM unnest($2::pg_catalog.text[], $3::pg_catalog.text[]) AS f (model_id, pricing)
