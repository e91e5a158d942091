-- Models in one statement: one array per column, $1 the instant.
INSERT INTO public.model_access AS m (
    model_id, canonical_slug, hugging_face_id, model_name, model_description, context_length, created_timestamp,
    modality, input_modalities, output_modalities, tokenizer,
    prompt_price, completion_price, request_price, image_price, web_search_price, internal_reasoning_price,
    input_cache_read_price, input_cache_write_price, max_completion_tokens, is_moderated, supported_parameters,
    feed_hash, status, is_free, is_pro, is_enterprise,
    last_synced_at, openrouter_last_seen, created_at, updated_at
)
SELECT f.model_id, f.canonical_slug, f.hugging_face_id, f.model_name, f.model_description, f.context_length,
       coalesce(f.created_timestamp, pg_catalog.date_part('epoch', $1)::pg_catalog.int8),
       f.modality, f.input_modalities, f.output_modalities, f.tokenizer,
       f.prompt_price, f.completion_price, f.request_price, f.image_price, f.web_search_price,
       f.internal_reasoning_price, f.input_cache_read_price, f.input_cache_write_price,
       f.max_completion_tokens, f.is_moderated, f.supported_parameters,
       f.feed_hash, 'new', false, false, false, $1, $1, $1, $1
  -- Arrays are unrolled in step here and not in FROM, which would put each of them into a temporary file.
  FROM (
      SELECT pg_catalog.unnest($2::pg_catalog.text[]) AS model_id,
             pg_catalog.unnest($3::pg_catalog.text[]) AS canonical_slug,
             pg_catalog.unnest($4::pg_catalog.text[]) AS hugging_face_id,
             pg_catalog.unnest($5::pg_catalog.text[]) AS model_name,
             pg_catalog.unnest($6::pg_catalog.text[]) AS model_description,
             pg_catalog.unnest($7::pg_catalog.int4[]) AS context_length,
             pg_catalog.unnest($8::pg_catalog.int8[]) AS created_timestamp,
             pg_catalog.unnest($9::pg_catalog.text[]) AS modality,
             pg_catalog.unnest($10::pg_catalog.jsonb[]) AS input_modalities,
             pg_catalog.unnest($11::pg_catalog.jsonb[]) AS output_modalities,
             pg_catalog.unnest($12::pg_catalog.text[]) AS tokenizer,
             pg_catalog.unnest($13::pg_catalog.text[]) AS prompt_price,
             pg_catalog.unnest($14::pg_catalog.text[]) AS completion_price,
             pg_catalog.unnest($15::pg_catalog.text[]) AS request_price,
             pg_catalog.unnest($16::pg_catalog.text[]) AS image_price,
             pg_catalog.unnest($17::pg_catalog.text[]) AS web_search_price,
             pg_catalog.unnest($18::pg_catalog.text[]) AS internal_reasoning_price,
             pg_catalog.unnest($19::pg_catalog.text[]) AS input_cache_read_price,
             pg_catalog.unnest($20::pg_catalog.text[]) AS input_cache_write_price,
             pg_catalog.unnest($21::pg_catalog.int4[]) AS max_completion_tokens,
             pg_catalog.unnest($22::pg_catalog.bool[]) AS is_moderated,
             pg_catalog.unnest($23::pg_catalog.jsonb[]) AS supported_parameters,
             pg_catalog.unnest($24::pg_catalog.int8[]) AS feed_hash
       ) AS f
