-- Notes a feed that was fetched ($1 url, $2 ETag, $3 Last-Modified, $6 of what url, $4 instant) and stored by a sync ($5).
INSERT INTO public.model_catalogue_source AS k (url, etag, last_modified, fetched_at, sync_log_id, validated_url, models)
SELECT $1, $2, $3, $4, $5, $6,
       (SELECT pg_catalog.count(*) FROM public.model_access AS m WHERE m.status OPERATOR(pg_catalog.<>) 'inactive')::pg_catalog.int4
ON CONFLICT (singleton) DO UPDATE
   SET url = excluded.url, etag = excluded.etag, last_modified = excluded.last_modified, fetched_at = excluded.fetched_at,
       sync_log_id = excluded.sync_log_id, validated_url = excluded.validated_url, models = excluded.models
