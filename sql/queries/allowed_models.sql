-- $1, $2, $3: which of the flags open a model to the tier. Column types are the function's result types.
SELECT m.model_id,
       m.model_name,
       m.model_description,
       m.context_length,
       m.prompt_price,
       m.completion_price,
       m.modality,
       m.input_modalities,
       m.output_modalities,
       m.supported_parameters,
       m.daily_limit,
       m.monthly_limit
  FROM public.model_access AS m
 WHERE m.status OPERATOR(pg_catalog.=) 'active'
   AND (($1 AND m.is_free) OR ($2 AND m.is_pro) OR ($3 AND m.is_enterprise))
 ORDER BY CASE WHEN m.is_free THEN 1 WHEN m.is_pro THEN 2 WHEN m.is_enterprise THEN 3 ELSE 4 END,
          m.model_name,
          m.model_id
