-- Where to fetch, for how long, and what is here of it ($1: now): the validators count while the catalogue is what that fetch made it.
SELECT s.openrouter_url, s.fetch_timeout_seconds, k.etag, k.last_modified, k.validated_url
  FROM public.model_access_settings AS s
  LEFT JOIN public.model_catalogue_source AS k
    ON k.singleton
   AND k.url OPERATOR(pg_catalog.=) s.openrouter_url
   AND k.fetched_at OPERATOR(pg_catalog.>) ($1 OPERATOR(pg_catalog.-) '7 days'::pg_catalog.interval)
   AND k.sync_log_id OPERATOR(pg_catalog.=) (
           SELECT l.id FROM public.model_sync_log AS l
            WHERE l.sync_status OPERATOR(pg_catalog.=) 'completed' AND l.http_status IS DISTINCT FROM 304
            ORDER BY l.sync_started_at DESC, l.id DESC LIMIT 1)
   AND k.models OPERATOR(pg_catalog.=) (
           SELECT pg_catalog.count(*) FROM public.model_access AS m WHERE m.status OPERATOR(pg_catalog.<>) 'inactive')
 WHERE s.singleton
