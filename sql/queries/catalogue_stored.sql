-- The mapped columns and the price in force of some models ($1), for the comparison with a feed.
SELECT m.model_id::pg_catalog.text,
       m.status OPERATOR(pg_catalog.=) 'inactive',
       m.canonical_slug::pg_catalog.text,
       m.hugging_face_id::pg_catalog.text,
       m.model_name::pg_catalog.text,
       m.model_description::pg_catalog.text,
       m.context_length::pg_catalog.int4,
       m.modality::pg_catalog.text,
       m.input_modalities::pg_catalog.jsonb,
       m.output_modalities::pg_catalog.jsonb,
       m.tokenizer::pg_catalog.text,
       m.prompt_price::pg_catalog.text,
       m.completion_price::pg_catalog.text,
       m.request_price::pg_catalog.text,
       m.image_price::pg_catalog.text,
       m.web_search_price::pg_catalog.text,
       m.internal_reasoning_price::pg_catalog.text,
       m.input_cache_read_price::pg_catalog.text,
       m.input_cache_write_price::pg_catalog.text,
       m.max_completion_tokens::pg_catalog.int4,
       m.is_moderated::pg_catalog.bool,
       m.supported_parameters::pg_catalog.jsonb,
       p.pricing::pg_catalog.jsonb
  FROM public.model_access AS m
  LEFT JOIN public.model_price_history AS p
    ON p.model_id OPERATOR(pg_catalog.=) m.model_id AND p.valid_to IS NULL
 WHERE m.model_id OPERATOR(pg_catalog.=) ANY ($1)
