-- Models of status new, all of them or some ($1), with the price in force and the kinds of their open review items.
SELECT m.model_id::pg_catalog.text, m.model_name::pg_catalog.text, m.modality::pg_catalog.text, p.pricing::pg_catalog.jsonb,
       ARRAY(SELECT i.kind FROM public.model_review_items AS i
              WHERE i.model_id OPERATOR(pg_catalog.=) m.model_id AND i.resolved_at IS NULL
              ORDER BY i.kind COLLATE pg_catalog."C")
  FROM public.model_access AS m
  LEFT JOIN public.model_price_history AS p
    ON p.model_id OPERATOR(pg_catalog.=) m.model_id AND p.valid_to IS NULL
 WHERE m.status OPERATOR(pg_catalog.=) 'new' AND ($1 IS NULL OR m.model_id OPERATOR(pg_catalog.=) ANY ($1))
 ORDER BY m.model_id COLLATE pg_catalog."C"
