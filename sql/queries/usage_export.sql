-- The ledger's rows from an instant ($1) until before another ($2) as CloudEvents, as far as the caller may see them.
-- Every key is always there, NULL where nothing is known; money is a string, so that no reader
-- makes a float of it; instants are UTC whatever the session's TimeZone is.
SELECT pg_catalog.jsonb_build_object(
           'specversion', '1.0',
           'id', u.id,
           'source', '/model_access/ai_usage',
           'type', CASE WHEN u.corrects_id IS NULL THEN 'model_access.usage' ELSE 'model_access.usage.correction' END,
           'subject', u.user_id,
           'time', pg_catalog.to_char(pg_catalog.timezone('UTC', u.occurred_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'datacontenttype', 'application/json',
           'data', pg_catalog.jsonb_build_object(
               'gen_ai.operation.name', 'chat',
               'gen_ai.provider.name', pg_catalog.split_part(u.model, '/', 1),
               'gen_ai.request.model', u.model,
               'gen_ai.usage.input_tokens', u.prompt_tokens,
               'gen_ai.usage.output_tokens', u.completion_tokens,
               'gen_ai.usage.cache_read.input_tokens', u.cached_tokens,
               'gen_ai.usage.cache_creation.input_tokens', u.cache_write_tokens,
               'gen_ai.usage.reasoning.output_tokens', u.reasoning_tokens,
               'model_access.cost_usd', u.cost_usd::pg_catalog.text,
               'model_access.markup_usd', u.markup_usd::pg_catalog.text,
               'model_access.total_usd', u.total_usd::pg_catalog.text,
               'model_access.cost_source', u.cost_source,
               'model_access.price_id', u.price_id,
               'model_access.requests', u.requests,
               'model_access.total_tokens', u.tokens_used,
               'model_access.organization_id', u.organization_id,
               'model_access.tier', u.tier,
               'model_access.plan', u.plan,
               'model_access.reservation_id', u.reservation_id,
               'model_access.recorded_at', pg_catalog.to_char(pg_catalog.timezone('UTC', u.created_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'model_access.corrects_id', u.corrects_id,
               'model_access.correction_reason', u.correction_reason,
               'model_access.other_usage', u.other_usage))
  FROM public.ai_usage AS u
 WHERE u.occurred_at OPERATOR(pg_catalog.>=) $1 AND u.occurred_at OPERATOR(pg_catalog.<) $2
 ORDER BY u.occurred_at, u.id
