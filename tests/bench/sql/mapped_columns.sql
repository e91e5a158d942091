-- What a sync has to bring about, row by row; $TABLE is a contender's. Keys, instants and the extension's hash are not
-- comparable; prices through time and alarms the contenders do not have.
SELECT ROW(m.model_id, m.canonical_slug, m.hugging_face_id, m.model_name, m.model_description, m.context_length,
           m.created_timestamp, m.modality, m.input_modalities, m.output_modalities, m.tokenizer, m.prompt_price,
           m.completion_price, m.request_price, m.image_price, m.web_search_price, m.internal_reasoning_price,
           m.input_cache_read_price, m.input_cache_write_price, m.max_completion_tokens, m.is_moderated,
           m.supported_parameters, m.status, m.is_free, m.is_pro, m.is_enterprise)::text
  FROM $TABLE AS m
 ORDER BY m.model_id
