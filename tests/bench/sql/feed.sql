-- Feeds as OpenRouter's, about 1.6 kB an element with descriptions of 520 characters on average, made by arithmetic: the same on every machine and server.
-- An edition says how a feed differs from 'base':
--   changed   every twentieth model: by turns another price and another description
--   shrunk    every tenth model is not there

-- p_length characters of prose. p_seed picks the words.
CREATE FUNCTION bench.prose(p_seed bigint, p_length integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT left(string_agg((ARRAY[
        'a', 'model', 'of', 'the', 'newest', 'family', 'trained', 'on', 'long', 'documents', 'and', 'source', 'code', 'for',
        'reasoning', 'in', 'several', 'steps', 'it', 'follows', 'instructions', 'closely', 'answers', 'briefly', 'calls',
        'tools', 'with', 'care', 'reads', 'images', 'tables', 'handwriting', 'translates', 'between', 'forty', 'languages',
        'keeps', 'its', 'tone', 'over', 'many', 'turns', 'while', 'costs', 'remain', 'low', 'suited', 'to', 'agents',
        'retrieval', 'summaries', 'planning', 'extraction', 'classification', 'mathematics', 'dialogue', 'not', 'meant',
        'medical', 'or', 'legal', 'advice', 'weights', 'open'
    ])[1 + (((p_seed * 1009 + i) * 2654435761) >> 13) % 64], ' ' ORDER BY i), p_length)
      FROM generate_series(1, p_length / 3) AS i
$$;

CREATE FUNCTION bench.element(n integer, p_edition text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object(
        'id', format('%s/atlas-%s-%s', k.vendor, k.size, n),
        'canonical_slug', format('%s/atlas-%s-%s-20260803', k.vendor, k.size, n),
        'hugging_face_id', CASE WHEN n % 3 = 0 THEN format('%s-research/Atlas-%s-%s', k.vendor, k.size, n) END,
        'name', format('%s: Atlas %s No. %s', initcap(k.vendor), upper(k.size), n),
        'created', 1700000000 + n * 3600,
        'description', CASE WHEN p_edition = 'changed' AND n % 40 = 20 THEN 'Revised. ' ELSE '' END
            || bench.prose(n, 50 + n * 7919 % 940),
        'context_length', (ARRAY[8192, 32768, 131072, 200000, 1048576])[1 + n % 5],
        'architecture', jsonb_build_object(
            'modality', CASE WHEN k.sees THEN 'text+image->text' ELSE 'text->text' END,
            'input_modalities', CASE WHEN k.sees THEN '["text", "image"]'::jsonb ELSE '["text"]' END,
            'output_modalities', '["text"]'::jsonb,
            'tokenizer', (ARRAY['Other', 'GPT', 'Claude', 'Llama3', 'Qwen'])[1 + n % 5],
            'instruct_type', NULL),
        'pricing', jsonb_strip_nulls(jsonb_build_object(
            'prompt', format('0.0000%s%s', 10 + n % 90, CASE WHEN p_edition = 'changed' AND n % 40 = 0 THEN '5' END),
            'completion', format('0.000%s', 10 + n % 90),
            'request', '0', 'image', CASE WHEN k.sees THEN '0.00085' ELSE '0' END,
            'web_search', '0', 'internal_reasoning', '0',
            'input_cache_read', CASE WHEN n % 2 = 0 THEN format('0.00000%s', 10 + n % 90) END,
            'input_cache_write', CASE WHEN n % 4 = 0 THEN format('0.0001%s', 10 + n % 90) END)),
        'top_provider', jsonb_build_object(
            'context_length', (ARRAY[8192, 32768, 131072, 200000, 1048576])[1 + n % 5],
            'max_completion_tokens', CASE WHEN n % 6 <> 0 THEN 4096 * (1 + n % 16) END,
            'is_moderated', n % 7 = 0),
        'per_request_limits', NULL,
        'supported_parameters', (SELECT jsonb_agg(p.name ORDER BY p.name) FROM unnest(ARRAY[
            'frequency_penalty', 'include_reasoning', 'logit_bias', 'logprobs', 'max_tokens', 'min_p', 'presence_penalty',
            'reasoning', 'repetition_penalty', 'response_format', 'seed', 'stop', 'structured_outputs', 'temperature',
            'tool_choice', 'tools', 'top_k', 'top_logprobs', 'top_p']) WITH ORDINALITY AS p (name, i)
            WHERE (n + p.i) % 4 <> 0),
        'default_parameters', '{}'::jsonb,
        'knowledge_cutoff', NULL,
        'expiration_date', NULL,
        'links', jsonb_build_object('details', format('/api/v1/models/%s/atlas-%s-%s/endpoints', k.vendor, k.size, n)))
      FROM (SELECT (ARRAY['acme', 'tidepool', 'kestrel', 'saltmarsh', 'northwind', 'harbour', 'lantern'])[1 + n % 7],
                   (ARRAY['7b', '32b', '72b', '405b'])[1 + n % 4],
                   n % 3 = 1) AS k (vendor, size, sees)
$$;

CREATE FUNCTION bench.feed(p_models integer, p_edition text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_agg(bench.element(n, p_edition) ORDER BY n)
      FROM generate_series(1, p_models) AS n
     WHERE p_edition <> 'shrunk' OR n % 10 <> 0
$$;
