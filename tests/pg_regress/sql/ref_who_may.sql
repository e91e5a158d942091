-- Who may fetch the catalogue, have it fetched, and see how it is kept: its admins and the service. What is refused is refused before anything is asked.
UPDATE public.model_access_settings SET openrouter_url = 'ftp://nowhere' WHERE singleton;
\connect - authenticator
CREATE TEMP TABLE asked AS SELECT x.place, x.call FROM (VALUES (1, 'public.refresh_openrouter_models() -> ''error'''), (2, 'public.get_catalogue_status() -> ''last_error'''),
    (3, 'public.schedule_catalogue_refresh()'), (4, 'public.unschedule_catalogue_refresh()')) AS x (place, call);
GRANT SELECT ON asked TO PUBLIC;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT a.call, split_part(test.outcome('SELECT ' || a.call), E'\n', 1) AS by_a_user FROM asked AS a ORDER BY a.place;
ROLLBACK;
BEGIN;
SELECT test.request('anon');
SELECT a.call, split_part(test.outcome('SELECT ' || a.call), E'\n', 1) AS by_anon FROM asked AS a ORDER BY a.place;
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT a.call, split_part(test.outcome('SELECT ' || a.call), E'\n', 1) AS by_an_admin FROM asked AS a ORDER BY a.place;
SELECT public.refresh_openrouter_models() - 'sync_log_id' AS answer;
COMMIT;
BEGIN READ ONLY;
SELECT test.request('service_role');
SELECT a.call, test.outcome('SELECT ' || a.call) AS by_the_service FROM asked AS a ORDER BY a.place;
ROLLBACK;
\connect - postgres
SELECT l.sync_status, l.error_message, l.error_details, l.http_status FROM public.model_sync_log AS l WHERE l.error_message IS NOT NULL;
SELECT s - '{last_failure_at,failing_since}'::text[] AS status, (s ->> 'last_failure_at')::timestamptz >= (s ->> 'failing_since')::timestamptz AS failing FROM public.get_catalogue_status() AS s;
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'success' AS synced;
SELECT s -> 'failing_since' AS failing_since, (s ->> 'age_seconds')::int < 100 AS age, s -> 'models' AS models, s -> 'next_run_at' AS next_run FROM public.get_catalogue_status() AS s;
