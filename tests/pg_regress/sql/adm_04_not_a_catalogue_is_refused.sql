-- ADM-04: what is no list of models fails with the position, one log row, and nothing changed.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash;
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT payload, answer ->> 'success' AS success, answer ->> 'error' AS error
  FROM (VALUES (1, NULL), (2, 'null'), (3, '{}'), (4, '"x"'), (5, 'true'), (6, '7'), (7, '[1]'), (8, '[null]'), (9, '[{}]'), (10, '[[]]'), (11, '["x"]'),
               (12, '{"data": null}'), (13, '{"data": {}}'), (14, '{"data": [7]}'), (15, '{"models": []}'), (16, '[{"id": "acme/m1"}, {"name": "x"}]'))
       AS p (place, payload), LATERAL (SELECT public.sync_openrouter_models(payload::jsonb) AS answer) AS a ORDER BY place;
COMMIT;
\connect - postgres
SELECT test.catalogue_hash() = hash AS unchanged FROM public.before;
SELECT sync_status, count(*) FROM public.model_sync_log GROUP BY 1 ORDER BY 1;
SELECT error_message, error_details FROM public.model_sync_log WHERE error_message LIKE '2 of%';
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_unchanged' AS unchanged;
