-- Removes up to $2 executions that ended and whose chat or message is gone: an hour before an instant ($1), for as long their
-- answers are kept for retries; one that timed out and may still tell what it used, when its reservation is kept no longer.
DELETE FROM public.agent_executions AS e
 WHERE e.id OPERATOR(pg_catalog.=) ANY (ARRAY(
           SELECT x.id FROM public.agent_executions AS x
            WHERE (x.session_id IS NULL OR x.message_id IS NULL)
              AND x.status::pg_catalog.text OPERATOR(pg_catalog.<>) ALL ('{pending,running}')
              AND (x.completed_at OPERATOR(pg_catalog.<) ($1 OPERATOR(pg_catalog.-) CASE
                      WHEN x.finish_fingerprint IS NULL AND x.finish_answer IS NOT NULL
                      THEN (SELECT s.key_retention FROM public.model_access_settings AS s WHERE s.singleton)
                      ELSE '1 hour'::pg_catalog.interval END)) IS NOT FALSE
            ORDER BY x.completed_at USING OPERATOR(pg_catalog.<)
            LIMIT $2
              FOR UPDATE SKIP LOCKED))
