-- Models open to a tier by its flags ($1 free, $2 pro, $3 enterprise) that have limits of their own.
SELECT m.model_id::pg_catalog.text, m.daily_limit, m.monthly_limit
  FROM public.model_access AS m
 WHERE m.status OPERATOR(pg_catalog.=) 'active' AND (m.daily_limit IS NOT NULL OR m.monthly_limit IS NOT NULL)
   AND (($1 AND m.is_free) OR ($2 AND m.is_pro) OR ($3 AND m.is_enterprise))
 ORDER BY m.model_id USING OPERATOR(pg_catalog.<)
