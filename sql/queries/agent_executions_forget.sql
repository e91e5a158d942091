-- Of the executions of some chats ($1), whose rows are locked, and of those of a person ($2) whose chats he has deleted: what ended
-- goes; what runs, and what may still tell its usage, stays without what was said.
WITH his AS (
    SELECT e.id, e.status::pg_catalog.text OPERATOR(pg_catalog.=) ANY ('{pending,running}')
                 OR e.finish_fingerprint IS NULL AND e.finish_answer IS NOT NULL AS waits
      FROM public.agent_executions AS e
     WHERE e.session_id OPERATOR(pg_catalog.=) ANY ($1)
        OR (e.session_id IS NULL OR e.message_id IS NULL) AND e.reservation_id OPERATOR(pg_catalog.=) ANY (ARRAY(
               SELECT r.reservation_id FROM public.quota_reservations AS r WHERE r.user_id OPERATOR(pg_catalog.=) $2))
     ORDER BY e.id USING OPERATOR(pg_catalog.<)
       FOR UPDATE
), gone AS (
    DELETE FROM public.agent_executions AS e
     WHERE e.id OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT h.id FROM his AS h WHERE NOT h.waits))
    RETURNING e.id
), kept AS (
    UPDATE public.agent_executions AS e SET response_content = NULL, error_message = NULL, metadata = NULL
     WHERE e.id OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT h.id FROM his AS h WHERE h.waits))
    RETURNING e.id
)
SELECT g.id FROM gone AS g UNION ALL SELECT k.id FROM kept AS k
