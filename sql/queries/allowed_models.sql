-- $1, $2, $3: which of the flags open a model to the tier. Column types are the function's result types.
SELECT m.model_id::pg_catalog.varchar,
       m.model_name::pg_catalog.varchar,
       m.model_description::pg_catalog.text,
       m.context_length::pg_catalog.int4,
       m.prompt_price::pg_catalog.varchar,
       m.completion_price::pg_catalog.varchar,
       m.modality::pg_catalog.varchar,
       m.input_modalities::pg_catalog.jsonb,
       m.output_modalities::pg_catalog.jsonb,
       m.supported_parameters::pg_catalog.jsonb,
       m.daily_limit::pg_catalog.int4,
       m.monthly_limit::pg_catalog.int4
  FROM public.model_access AS m
 WHERE m.status OPERATOR(pg_catalog.=) 'active'
   AND (($1 AND m.is_free) OR ($2 AND m.is_pro) OR ($3 AND m.is_enterprise))
 ORDER BY CASE WHEN m.is_free THEN 1 WHEN m.is_pro THEN 2 WHEN m.is_enterprise THEN 3 ELSE 4 END,
          m.model_name::pg_catalog.varchar,
          m.model_id
