-- Begins a price of some models: $1 ids, $2 instants (when the one before ended), $3 pricing objects.
INSERT INTO public.model_price_history (model_id, valid_from, pricing)
SELECT f.model_id, f.valid_from, f.pricing
  FROM (SELECT pg_catalog.unnest($1::pg_catalog.text[]) AS model_id,
               pg_catalog.unnest($2::pg_catalog.timestamptz[]) AS valid_from,
               pg_catalog.unnest($3::pg_catalog.jsonb[]) AS pricing) AS f
