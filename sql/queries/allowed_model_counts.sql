-- How many models are open to free, pro and enterprise. In the order of allowed_models.sql a lower tier's models come
-- first, so each count is the length of that tier's list in the list of any higher one.
SELECT pg_catalog.count(*) FILTER (WHERE m.is_free),
       pg_catalog.count(*) FILTER (WHERE m.is_free OR m.is_pro),
       pg_catalog.count(*) FILTER (WHERE m.is_free OR m.is_pro OR m.is_enterprise)
  FROM public.model_access AS m
 WHERE m.status OPERATOR(pg_catalog.=) 'active'
