-- ADM-03: an empty or truncated feed does not empty the catalogue: it is refused and logged; force is a call of its own.
SELECT public.sync_openrouter_models(test.feed(20)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE model_id IN ('acme/m1', 'acme/m2', 'acme/m3');
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash;
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT answer ->> 'success' AS success, answer ->> 'error' AS error, answer ? 'sync_log_id' AS logged FROM public.sync_openrouter_models('[]') AS answer;
SELECT answer ->> 'success' AS success, answer ->> 'error' AS error, answer ? 'sync_log_id' AS logged FROM public.sync_openrouter_models(test.feed(13)) AS answer;
COMMIT;
\connect - postgres
SELECT test.catalogue_hash() = hash AS unchanged FROM public.before;
SELECT sync_status, total_openrouter_models AS total, models_marked_inactive AS inactive, error_message FROM public.model_sync_log ORDER BY sync_started_at;
SELECT count(*) AS still_allowed FROM public.get_user_allowed_models_v2(test.id('A'));
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT answer ->> 'success' AS success, answer ->> 'models_marked_inactive' AS inactive FROM public.sync_openrouter_models(test.feed(14)) AS answer;
SELECT answer ->> 'success' AS success, answer ->> 'models_marked_inactive' AS inactive FROM public.force_sync_openrouter_models(test.feed(1)) AS answer;
SELECT answer ->> 'success' AS success, answer ->> 'error' AS error FROM public.force_sync_openrouter_models('[]') AS answer;
ROLLBACK;
