-- Begins a price of some models: $2 ids, $3 pricing objects. Where a clock was set back, it begins when the one before
-- it ended, so that no two prices of a model ever hold at the same instant.
INSERT INTO public.model_price_history (model_id, valid_from, pricing)
SELECT f.model_id,
       greatest($1, (SELECT pg_catalog.max(p.valid_to) FROM public.model_price_history AS p
                      WHERE p.model_id OPERATOR(pg_catalog.=) f.model_id)),
       f.pricing::pg_catalog.jsonb
  FROM unnest($2::pg_catalog.text[], $3::pg_catalog.text[]) AS f (model_id, pricing)
