-- Writes the health of an agent ($1), whose breaker is locked: status ($2), failures in a row ($3), when a call last ended ($4),
-- and what the last failure said ($5), if there was one now ($6).
WITH changed AS (
    UPDATE public.agent_health AS h
       SET status = $2, consecutive_failures = $3, last_check = GREATEST(h.last_check, $4),
           last_error = CASE WHEN $6 THEN $5 ELSE h.last_error END
     WHERE h.agent_id OPERATOR(pg_catalog.=) $1
    RETURNING h.agent_id
)
INSERT INTO public.agent_health (agent_id, status, consecutive_failures, last_check, last_error)
SELECT $1, $2, $3, $4, $5
 WHERE NOT EXISTS (SELECT FROM changed)
