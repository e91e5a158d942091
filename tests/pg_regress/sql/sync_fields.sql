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
