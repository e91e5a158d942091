-- Every price of a model ($1), the oldest first.
SELECT h.id, h.pricing::pg_catalog.text, h.valid_from, h.valid_to
  FROM public.model_price_history AS h
 WHERE h.model_id OPERATOR(pg_catalog.=) $1
 ORDER BY h.valid_from, h.id
