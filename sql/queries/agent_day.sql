-- What an agent ($1), whose breaker is locked, did on the day (UTC) of an instant ($2).
SELECT m.successful_requests::pg_catalog.int8, m.failed_requests::pg_catalog.int8, m.sum_latency_ms, m.counted_requests::pg_catalog.int8,
       m.sum_tokens_in, m.sum_tokens_out
  FROM public.agent_metrics AS m
 WHERE m.agent_id OPERATOR(pg_catalog.=) $1 AND m.date OPERATOR(pg_catalog.=) pg_catalog.timezone('UTC', $2)::pg_catalog.date
