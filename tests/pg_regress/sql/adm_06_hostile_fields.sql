-- ADM-06: hostile text is stored as text; numbers and prices are bounded; an element that cannot be stored is left out by name.
\pset format unaligned
SELECT public.sync_openrouter_models(test.feed(200)) ->> 'models_added' AS added;
SELECT answer ->> 'success' AS success, answer ->> 'models_added' AS added, answer ->> 'models_rejected' AS rejected
  FROM public.sync_openrouter_models(test.feed(200) || $$[
    {"id": "evil/1", "name": "<img src=x onerror=alert(1)>", "description": "'); DROP TABLE public.model_access; --"},
    {"id": "evil/$1 %s %I \\", "name": "${jndi:x} {{7*7}} \ud83d\ude00", "context_length": 0},
    {"id": "evil/2", "name": "n", "pricing": {"prompt": "-0.5"}},
    {"id": "evil/3", "name": "n", "pricing": {"prompt": "abc"}},
    {"id": "evil/4", "name": "n", "pricing": {"prompt": "NaN"}},
    {"id": "evil/5", "name": "n", "pricing": {"completion": "Infinity"}},
    {"id": "evil/6", "name": "n", "pricing": {"prompt": "1e-5"}},
    {"id": "evil/7", "name": "n", "pricing": {"prompt": 1e400}},
    {"id": "evil/8", "name": "n", "pricing": {"prompt": {"usd": 1}}},
    {"id": "evil/9", "name": "n", "pricing": {"overrides": [{"prompt": "-2"}]}},
    {"id": "evil/10", "name": "n", "pricing": []},
    {"id": "evil/11", "name": "n", "context_length": 1e400},
    {"id": "evil/11b", "name": "n", "supported_parameters": [0e-16383]},
    {"id": "evil/11c", "name": "n", "pricing": {"prompt": "0", "note": {"deep": [1.0e-1001]}}},
    {"id": "evil/12", "name": "n", "context_length": -1},
    {"id": "evil/13", "name": "n", "context_length": 2147483648},
    {"id": "evil/14", "name": "n", "context_length": "8192; DROP"},
    {"id": "evil/15", "name": "n", "created": 1e30},
    {"id": "evil/16", "name": "n", "top_provider": {"max_completion_tokens": -1}},
    {"id": "evil/17", "name": "n", "architecture": {"input_modalities": "text"}},
    {"id": "evil/18", "name": " "},
    {"id": "system/1", "name": "n"},
    {"id": "evil/19", "name": "n", "pricing": {"prompt": 0.0000001, "completion": 99999999999999999999, "request": "-1"}}
  ]$$::jsonb) AS answer;
SELECT r ->> 'id' AS id, r ->> 'reason' AS reason FROM public.model_sync_log AS l, jsonb_array_elements(l.error_details -> 'rejected') WITH ORDINALITY AS x (r, place) ORDER BY place;
SELECT model_id, model_name, model_description, context_length, prompt_price, completion_price, request_price
  FROM public.model_access WHERE model_id LIKE 'evil/%' ORDER BY model_id COLLATE "C";
SELECT count(*) AS negative FROM public.model_access
 WHERE prompt_price::numeric < 0 AND prompt_price::numeric <> -1 OR completion_price::numeric < 0 AND completion_price::numeric <> -1 OR context_length < 0 OR max_completion_tokens < 0;
-- Deep documents are left out before anything recurses; wide ones are taken.
SELECT answer ->> 'models_rejected' AS rejected, answer -> 'rejected' -> 0 ->> 'reason' AS reason
  FROM public.sync_openrouter_models(test.feed(200) || jsonb_build_object('id', 'evil/deep', 'name', 'n', 'supported_parameters', (repeat('[', 1000) || repeat(']', 1000))::jsonb)) AS answer;
SELECT answer ->> 'models_rejected' AS rejected
  FROM public.sync_openrouter_models(test.feed(200) || jsonb_build_object('id', 'evil/wide', 'name', 'n', 'supported_parameters', (SELECT jsonb_agg(n) FROM generate_series(1, 10000) AS n))) AS answer;
