-- What people see of some system models ($1), in the order of lists. Neither prompt nor key.
SELECT m.id, m.role::pg_catalog.text, m.icon::pg_catalog.text, m.description::pg_catalog.text, m.tags::pg_catalog.text[],
       m.max_tokens::pg_catalog.int4, m.is_trial, m.is_featured, m.sort_order::pg_catalog.int4, m.task::pg_catalog.text
  FROM public.ai_models_system AS m
 WHERE m.id OPERATOR(pg_catalog.=) ANY ($1)
 ORDER BY m.sort_order, m.created_at, m.id
