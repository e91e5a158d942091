-- Feeds as OpenRouter's of August 2026, made by arithmetic: the same on every machine and server. As in its answer of 421 models an
-- element has 1.75 kB (as JSON), a description of 210 characters, which it cuts off there, some 12 parameters and 2 modalities
-- that go in; prices of zero are left out.
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
            || bench.prose(n, 160 + n * 7919 % 101),
        'context_length', (ARRAY[8192, 32768, 131072, 200000, 1048576])[1 + n % 5],
        'architecture', jsonb_build_object(
            'modality', array_to_string(k.senses, '+') || '->text',
            'input_modalities', to_jsonb(k.senses),
            'output_modalities', '["text"]'::jsonb,
            'tokenizer', (ARRAY['Other', 'GPT', 'Claude', 'Llama3', 'Qwen'])[1 + n % 5],
            'instruct_type', NULL),
        'pricing', jsonb_strip_nulls(jsonb_build_object(
            'prompt', format('0.0000%s%s', 10 + n % 90, CASE WHEN p_edition = 'changed' AND n % 40 = 0 THEN '5' END),
            'completion', format('0.000%s', 10 + n % 90),
            'image', CASE WHEN 'image' = ANY (k.senses) AND n % 5 = 0 THEN '0.00085' END,
            'web_search', CASE WHEN n % 8 = 0 THEN '0.01' END,
            'input_cache_read', CASE WHEN n % 2 = 0 THEN format('0.00000%s', 10 + n % 90) END,
            'input_cache_write', CASE WHEN n % 4 = 0 THEN format('0.0001%s', 10 + n % 90) END)),
        'top_provider', jsonb_build_object(
            'context_length', (ARRAY[8192, 32768, 131072, 200000, 1048576])[1 + n % 5],
            'max_completion_tokens', CASE WHEN n % 6 <> 0 THEN 4096 * (1 + n % 16) END,
            'is_moderated', n % 7 = 0),
        'per_request_limits', NULL,
        'supported_parameters', (SELECT jsonb_agg(p.name ORDER BY p.name) FROM unnest(ARRAY[
            'frequency_penalty', 'include_reasoning', 'logit_bias', 'logprobs', 'max_completion_tokens', 'max_tokens', 'min_p',
            'parallel_tool_calls', 'presence_penalty', 'reasoning', 'reasoning_effort', 'repetition_penalty', 'response_format',
            'seed', 'stop', 'structured_outputs', 'temperature', 'tool_choice', 'tools', 'top_a', 'top_k', 'top_logprobs',
            'top_p', 'verbosity']) WITH ORDINALITY AS p (name, i)
            WHERE (n * 31 + p.i * 17) % 24 < 8 + n % 10),
        'default_parameters', jsonb_build_object('temperature', 1, 'top_p', 0.95, 'top_k', NULL, 'frequency_penalty', NULL,
            'presence_penalty', NULL, 'repetition_penalty', NULL),
        'supported_voices', NULL,
        'knowledge_cutoff', NULL,
        'expiration_date', NULL,
        'links', jsonb_build_object('details', format('/api/v1/models/%s/atlas-%s-%s/endpoints', k.vendor, k.size, n)),
        'reasoning', CASE WHEN n % 2 = 0 THEN jsonb_build_object('mandatory', n % 4 = 0, 'default_enabled', true,
            'supported_efforts', '["high", "medium", "low"]'::jsonb, 'default_effort', 'medium') END,
        'benchmarks', CASE WHEN n % 3 = 0 THEN (
            SELECT jsonb_object_agg(b.name, jsonb_build_object('score', (n * b.i) % 1000 / 10.0, 'rank', 1 + (n * b.i) % 90,
                       'percentile', (n * b.i) % 100, 'runs', 3, 'updated', 1780000000 + n))
              FROM unnest(ARRAY['agents', 'coding', 'design', 'dialogue', 'instructions', 'long_context', 'mathematics', 'reasoning',
                                'tools', 'writing']) WITH ORDINALITY AS b (name, i)) END)
      FROM (SELECT (ARRAY['acme', 'tidepool', 'kestrel', 'saltmarsh', 'northwind', 'harbour', 'lantern'])[1 + n % 7],
                   (ARRAY['7b', '32b', '72b', '405b'])[1 + n % 4],
                   (ARRAY['text', 'image', 'file', 'audio', 'video'])[:(ARRAY[1, 3, 1, 2, 3, 1, 3, 5])[1 + n % 8]]
             ) AS k (vendor, size, senses)
$$;

CREATE FUNCTION bench.feed(p_models integer, p_edition text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_agg(bench.element(n, p_edition) ORDER BY n)
      FROM generate_series(1, p_models) AS n
     WHERE p_edition <> 'shrunk' OR n % 10 <> 0
$$;
