-- ADM-08: a failed run is on record afterwards, in a new transaction and connection, with its reason; its work is not.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
ALTER TABLE public.model_access ADD CONSTRAINT short_names CHECK (length(model_name) < 40);
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash;
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT answer ->> 'success' AS success, answer ->> 'error' AS error, answer ? 'sync_log_id' AS logged
  FROM public.sync_openrouter_models(test.feed(3) || jsonb_build_object('id', 'acme/m4', 'name', repeat('x', 50))) AS answer;
COMMIT;
\connect - postgres
SELECT sync_status, error_message, error_details, models_added, sync_completed_at >= sync_started_at AS ended FROM public.model_sync_log ORDER BY sync_started_at;
SELECT test.catalogue_hash() = hash AS unchanged FROM public.before;
-- Whoever rolls the call back takes its record along, and nothing else is left.
BEGIN;
SAVEPOINT s;
SELECT public.sync_openrouter_models('[]') ->> 'success' AS success;
ROLLBACK TO s;
SELECT public.sync_openrouter_models(test.feed(4)) ->> 'success' AS success;
ROLLBACK;
SELECT sync_status, count(*) FROM public.model_sync_log GROUP BY 1 ORDER BY 1;
SELECT test.catalogue_hash() = hash AS unchanged FROM public.before;
