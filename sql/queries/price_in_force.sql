-- The price of each of some models ($1) that was in force at an instant ($2): one row per model that had one, with its place
-- ($3, from 1).
SELECT m.place, p.id, p.pricing::pg_catalog.text
  FROM (SELECT pg_catalog.unnest($1) AS model, pg_catalog.unnest($3) AS place) AS m
 CROSS JOIN LATERAL (
     SELECT h.id, h.pricing
       FROM public.model_price_history AS h
      WHERE h.model_id OPERATOR(pg_catalog.=) m.model AND h.valid_from OPERATOR(pg_catalog.<=) $2
        AND (h.valid_to IS NULL OR h.valid_to OPERATOR(pg_catalog.>) $2)
      ORDER BY h.valid_from DESC, h.id DESC
      LIMIT 1
 ) AS p
