-- Writes the breaker of an agent ($1): state, failures, successes, when it opened, its probes, and which call ended when.
UPDATE public.circuit_breaker_state AS b
   SET state = $2, failure_count = $3, success_count = $4, opened_at = $5, probe_times = $6, probe_executions = $7,
       probe_ids = $8, last_failure_time = GREATEST(b.last_failure_time, $9), last_success_time = GREATEST(b.last_success_time, $10)
 WHERE b.agent_id OPERATOR(pg_catalog.=) $1
