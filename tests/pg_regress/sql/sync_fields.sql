-- The field map: every mapped key lands in its column; null and missing give the defaults; numbers in any spelling.
\pset format unaligned
\pset expanded on
SELECT public.sync_openrouter_models('[
  {"id": "acme/full", "canonical_slug": "acme/full-2026", "hugging_face_id": "acme/Full", "name": "Full ünï 🚀 ",
   "created": 1750000000, "description": "line\n\"quoted\" \\ back", "context_length": 131072.0,
   "architecture": {"modality": "text->text", "input_modalities": ["text", "image"], "output_modalities": ["text"],
                    "tokenizer": "Acme", "instruct_type": "x"},
   "pricing": {"prompt": "0.00000008333333333333334", "completion": "0.5", "request": "0", "image": 0.25,
               "web_search": "0.004", "internal_reasoning": "0.000003", "input_cache_read": "0.00000001",
               "input_cache_write": "0.00000002", "audio": "1", "overrides": [{"min_prompt_tokens": 200000, "prompt": "1"}]},
   "top_provider": {"context_length": 5, "max_completion_tokens": 4096, "is_moderated": true},
   "supported_parameters": ["tools"], "benchmarks": {"x": 1}},
  {"id": "acme/bare", "name": "Bare", "architecture": {"input_modalities": null}, "pricing": null, "context_length": null}
]') ->> 'models_added' AS added;
SELECT model_id, canonical_slug, hugging_face_id, model_name, model_description, context_length, created_timestamp,
       modality, input_modalities, output_modalities, tokenizer, prompt_price, completion_price, request_price,
       image_price, web_search_price, internal_reasoning_price, input_cache_read_price, input_cache_write_price,
       max_completion_tokens, is_moderated, supported_parameters, status
  FROM public.model_access WHERE model_id = 'acme/full';
SELECT canonical_slug, context_length, created_timestamp > 1700000000 AS created_now, input_modalities, output_modalities,
       prompt_price, input_cache_read_price, max_completion_tokens, is_moderated, supported_parameters
  FROM public.model_access WHERE model_id = 'acme/bare';
SELECT model_id, pricing FROM public.model_price_history ORDER BY model_id;
-- Unmapped keys are no change; a mapped one is.
SELECT public.sync_openrouter_models('[{"id": "acme/bare", "name": "Bare", "benchmarks": {"y": 2}, "created": 9},
    {"id": "acme/full", "name": "Full ünï 🚀 "}]') - ARRAY['sync_log_id', 'duration_ms'] AS answer;
-- Documents are stored as they came, whatever is in them: numbers with their zeros, nested and empty ones, many keys, long texts.
CREATE TEMP TABLE odd AS
SELECT jsonb_build_array(jsonb_build_object(
           'id', 'acme/odd', 'name', 'Odd',
           'supported_parameters', jsonb_build_array(1.50, 'a', null, true, -0.00001, '{"b": [1, {"c": 2.0}], "": 1e40}'::jsonb, '[]'::jsonb,
                                                     (SELECT jsonb_object_agg('key' || n, n / 7.0) FROM generate_series(1, 70) AS n),
                                                     (SELECT jsonb_agg(md5(n::text)) FROM generate_series(1, 200) AS n), 'z'),
           'architecture', jsonb_build_object('output_modalities', '[]'::jsonb, 'input_modalities', '["é", ["🚀"], 7.70]'::jsonb),
           'pricing', jsonb_build_object('prompt', '0.10', 'note', 1.500, 'more', '{"x": [0.0, {}]}'::jsonb)),
           '{"id": "acme/full", "name": "Full ünï 🚀 "}'::jsonb, '{"id": "acme/bare", "name": "Bare"}'::jsonb) AS payload;
GRANT SELECT ON odd TO service_role;
SELECT public.sync_openrouter_models(o.payload) ->> 'models_added' AS added FROM odd AS o;
SELECT m.supported_parameters::text = (o.payload #> '{0,supported_parameters}')::text AS parameters,
       m.input_modalities::text = (o.payload #> '{0,architecture,input_modalities}')::text AS input, m.output_modalities AS output,
       h.pricing::text = (o.payload #> '{0,pricing}')::text AS pricing, m.supported_parameters #>> '{7,key69}' AS one_of_many, m.supported_parameters ->> -1 AS last,
       jsonb_array_length(m.supported_parameters) AS length, m.supported_parameters @> '[{"b": [{"c": 2}]}]' AS contains
  FROM odd AS o, public.model_access AS m JOIN public.model_price_history AS h USING (model_id) WHERE m.model_id = 'acme/odd' AND h.valid_to IS NULL;
-- And the next sync finds them unchanged.
SELECT public.sync_openrouter_models(o.payload) - ARRAY['sync_log_id', 'duration_ms'] AS answer FROM odd AS o;
