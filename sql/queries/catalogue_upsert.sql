-- New and changed models in one statement: one array per column, $1 the instant. A model that comes back from
-- inactive is new again; flags, limits and any other status are the admin's and stay.
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
       f.modality, f.input_modalities::pg_catalog.jsonb, f.output_modalities::pg_catalog.jsonb, f.tokenizer,
       f.prompt_price, f.completion_price, f.request_price, f.image_price, f.web_search_price,
       f.internal_reasoning_price, f.input_cache_read_price, f.input_cache_write_price,
       f.max_completion_tokens, f.is_moderated, f.supported_parameters::pg_catalog.jsonb,
       f.feed_hash, 'new', false, false, false, $1, $1, $1, $1
  FROM unnest(
           $2::pg_catalog.text[], $3::pg_catalog.text[], $4::pg_catalog.text[], $5::pg_catalog.text[],
           $6::pg_catalog.text[], $7::pg_catalog.int4[], $8::pg_catalog.int8[], $9::pg_catalog.text[],
           $10::pg_catalog.text[], $11::pg_catalog.text[], $12::pg_catalog.text[], $13::pg_catalog.text[],
           $14::pg_catalog.text[], $15::pg_catalog.text[], $16::pg_catalog.text[], $17::pg_catalog.text[],
           $18::pg_catalog.text[], $19::pg_catalog.text[], $20::pg_catalog.text[], $21::pg_catalog.int4[],
           $22::pg_catalog.bool[], $23::pg_catalog.text[], $24::pg_catalog.int8[]
       ) AS f (
           model_id, canonical_slug, hugging_face_id, model_name, model_description, context_length,
           created_timestamp, modality, input_modalities, output_modalities, tokenizer, prompt_price,
           completion_price, request_price, image_price, web_search_price, internal_reasoning_price,
           input_cache_read_price, input_cache_write_price, max_completion_tokens, is_moderated,
           supported_parameters, feed_hash
       )
ON CONFLICT (model_id) DO UPDATE SET
    canonical_slug = excluded.canonical_slug,
    hugging_face_id = excluded.hugging_face_id,
    model_name = excluded.model_name,
    model_description = excluded.model_description,
    context_length = excluded.context_length,
    modality = excluded.modality,
    input_modalities = excluded.input_modalities,
    output_modalities = excluded.output_modalities,
    tokenizer = excluded.tokenizer,
    prompt_price = excluded.prompt_price,
    completion_price = excluded.completion_price,
    request_price = excluded.request_price,
    image_price = excluded.image_price,
    web_search_price = excluded.web_search_price,
    internal_reasoning_price = excluded.internal_reasoning_price,
    input_cache_read_price = excluded.input_cache_read_price,
    input_cache_write_price = excluded.input_cache_write_price,
    max_completion_tokens = excluded.max_completion_tokens,
    is_moderated = excluded.is_moderated,
    supported_parameters = excluded.supported_parameters,
    feed_hash = excluded.feed_hash,
    status = CASE WHEN m.status OPERATOR(pg_catalog.=) 'inactive' THEN 'new' ELSE m.status END,
    last_synced_at = excluded.last_synced_at,
    openrouter_last_seen = excluded.openrouter_last_seen,
    updated_at = excluded.updated_at
