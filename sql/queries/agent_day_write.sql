-- Writes what an agent ($1), whose breaker is locked, did on the day (UTC) of an instant ($2).
WITH changed AS (
    UPDATE public.agent_metrics AS m
       SET total_requests = $3, successful_requests = $4, failed_requests = $5, avg_latency_ms = $6::pg_catalog.numeric,
           avg_tokens_in = $7, avg_tokens_out = $8, sum_latency_ms = $9, counted_requests = $10, sum_tokens_in = $11, sum_tokens_out = $12
     WHERE m.agent_id OPERATOR(pg_catalog.=) $1 AND m.date OPERATOR(pg_catalog.=) pg_catalog.timezone('UTC', $2)::pg_catalog.date
    RETURNING m.agent_id
)
INSERT INTO public.agent_metrics
       (agent_id, date, total_requests, successful_requests, failed_requests, avg_latency_ms, avg_tokens_in, avg_tokens_out,
        sum_latency_ms, counted_requests, sum_tokens_in, sum_tokens_out)
SELECT $1, pg_catalog.timezone('UTC', $2)::pg_catalog.date, $3, $4, $5, $6::pg_catalog.numeric, $7, $8, $9, $10, $11, $12
 WHERE NOT EXISTS (SELECT FROM changed)
