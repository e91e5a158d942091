-- What may have to be reviewed: models of status new, with open review items, or active and going away.
SELECT m.model_id::pg_catalog.text, m.model_name::pg_catalog.text, m.status::pg_catalog.text, m.modality::pg_catalog.text,
       p.pricing::pg_catalog.jsonb, pg_catalog.to_jsonb(m.expiration_date) OPERATOR(pg_catalog.#>>) '{}',
       m.created_at::pg_catalog.timestamptz, coalesce(n.created_at, m.updated_at)::pg_catalog.timestamptz
  FROM public.model_access AS m
  LEFT JOIN public.model_price_history AS p
    ON p.model_id OPERATOR(pg_catalog.=) m.model_id AND p.valid_to IS NULL
  LEFT JOIN public.model_access_notices AS n
    ON n.model_id OPERATOR(pg_catalog.=) m.model_id AND n.kind OPERATOR(pg_catalog.=) 'expiring' AND n.resolved_at IS NULL
 WHERE m.status OPERATOR(pg_catalog.=) 'new'
    OR m.status OPERATOR(pg_catalog.=) 'active' AND m.expiration_date IS NOT NULL
    OR EXISTS (SELECT FROM public.model_review_items AS i
                WHERE i.model_id OPERATOR(pg_catalog.=) m.model_id AND i.resolved_at IS NULL)
