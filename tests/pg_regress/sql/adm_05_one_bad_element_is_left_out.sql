-- ADM-05: one element with an id of 101 characters among 100 good ones: they are applied, it is reported.
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT answer ->> 'success' AS success, answer ->> 'total_processed' AS total, answer ->> 'models_added' AS added, answer ->> 'models_rejected' AS rejected, answer -> 'rejected' AS which
  FROM public.sync_openrouter_models(test.feed(50) || jsonb_build_object('id', repeat('x', 101), 'name', 'Too long') || test.feed(50, 'acme', 51)) AS answer;
COMMIT;
\connect - postgres
SELECT count(*) AS models, max(length(model_id)) AS longest FROM public.model_access;
SELECT sync_status, models_added, models_rejected, error_details FROM public.model_sync_log;
-- A hundred characters, of four bytes each, are none too many.
SELECT answer ->> 'models_added' AS added, answer ->> 'models_rejected' AS rejected
  FROM public.sync_openrouter_models(test.feed(100) || jsonb_build_object('id', repeat('𝒳', 100), 'name', 'Wide')) AS answer;
