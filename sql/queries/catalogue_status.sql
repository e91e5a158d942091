-- How the catalogue is kept, at an instant ($1), in one row: the last success, how long ago, the last attempt, the last failure and
-- why; models by status; open alarms; where it is fetched.
SELECT pg_catalog.jsonb_build_object(
           'last_success_at', done.sync_completed_at,
           'age_seconds', CASE WHEN done.sync_completed_at IS NOT NULL THEN
               greatest(0, pg_catalog.floor(extract(epoch FROM $1 OPERATOR(pg_catalog.-) done.sync_completed_at))) END,
           'last_failure_at', failed.sync_completed_at,
           'last_error', failed.error_message,
           'failing_since', failing.since,
           'models', (SELECT pg_catalog.jsonb_object_agg(w.status, (SELECT pg_catalog.count(*) FROM public.model_access AS m
                                                                     WHERE m.status::pg_catalog.text OPERATOR(pg_catalog.=) w.status))
                        FROM pg_catalog.unnest('{new,active,inactive,disabled}'::pg_catalog.text[]) AS w (status)),
           'review_items_open', (SELECT pg_catalog.count(*) FROM public.model_review_items AS i WHERE i.resolved_at IS NULL),
           -- Without what may be secret in it.
           'url', pg_catalog.regexp_replace(s.openrouter_url, '^([^:/]*://)?([^/@]*@)?([^?#]*).*$', '\1\3'))
  FROM public.model_access_settings AS s
  LEFT JOIN LATERAL (SELECT l.sync_completed_at, l.sync_started_at FROM public.model_sync_log AS l
                      WHERE l.sync_status OPERATOR(pg_catalog.=) 'completed'
                      ORDER BY l.sync_started_at DESC LIMIT 1) AS done ON true
  LEFT JOIN LATERAL (SELECT l.sync_completed_at, l.error_message FROM public.model_sync_log AS l
                      WHERE l.sync_status OPERATOR(pg_catalog.=) 'failed'
                      ORDER BY l.sync_started_at DESC LIMIT 1) AS failed ON true
  LEFT JOIN LATERAL (SELECT pg_catalog.min(l.sync_started_at) AS since FROM public.model_sync_log AS l
                      WHERE l.sync_status OPERATOR(pg_catalog.=) 'failed'
                        AND (done.sync_started_at IS NULL OR l.sync_started_at OPERATOR(pg_catalog.>) done.sync_started_at)) AS failing ON true
 WHERE s.singleton
