-- As allowed_models.sql, for one model ($4).
SELECT true
  FROM public.model_access AS m
 WHERE m.model_id OPERATOR(pg_catalog.=) $4
   AND m.status OPERATOR(pg_catalog.=) 'active'
   AND (($1 AND m.is_free) OR ($2 AND m.is_pro) OR ($3 AND m.is_enterprise))
