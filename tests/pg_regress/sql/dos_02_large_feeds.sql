-- DOS-02: a feed has a largest number of elements and of bytes, long values cost no more than their length, and a timeout stops a run.
\set SHOW_CONTEXT never
SELECT public.sync_openrouter_models(test.feed(20)) ->> 'models_added' AS added;
CREATE TABLE test.large AS SELECT test.feed(40000) AS feed;
SET statement_timeout = '60s';
SELECT answer ->> 'success' AS success, answer ->> 'error' AS error FROM public.sync_openrouter_models((SELECT jsonb_agg(n) FROM generate_series(1, 200000) AS n)) AS answer;
SELECT error_details FROM public.model_sync_log WHERE total_openrouter_models = 200000;
SELECT answer ->> 'success' AS success, regexp_replace(answer ->> 'error', '\d{8}', 'a few more') AS error
  FROM public.sync_openrouter_models(test.feed(20) || jsonb_build_object('id', 'large/0', 'name', 'x', 'description', repeat('0123456789abcdef', 4194304))) AS answer;
SELECT error_details, total_openrouter_models FROM public.model_sync_log WHERE error_details ->> 'reason' = 'too_many_bytes';
-- Fifty megabytes of one description are stored text; nobody reads them for the comparison.
BEGIN;
SELECT answer ->> 'success' AS success, answer ->> 'models_added' AS added
  FROM public.sync_openrouter_models(test.feed(20) || jsonb_build_object('id', 'large/1', 'name', 'x', 'description', repeat('0123456789', 5000000))) AS answer;
ROLLBACK;
-- Digits by the hundred thousand are no price, wherever they stand.
SELECT answer ->> 'models_rejected' AS rejected, answer -> 'rejected' -> 0 ->> 'reason' AS reason
  FROM public.sync_openrouter_models(test.feed(20) || jsonb_build_object('id', 'large/2', 'name', 'x', 'pricing', jsonb_build_object('prompt', repeat('9', 200000)))) AS answer;
SET statement_timeout = '5s';
SELECT name, answer ->> 'success' AS success, answer ->> 'models_updated' AS updated FROM unnest(ARRAY['one', 'two']) AS name,
       LATERAL (SELECT public.sync_openrouter_models(test.feed(20) || jsonb_build_object('id', 'large/3', 'name', name, 'pricing', jsonb_build_object('prompt', '0', 'unknown', repeat('9', 600000)))) AS answer) AS a ORDER BY name;
-- A timeout ends a run, which then leaves nothing; the connection goes on.
DELETE FROM public.model_access WHERE model_id LIKE 'large/%';
SELECT test.catalogue_hash() AS hash \gset
SET statement_timeout = '100ms';
SELECT public.sync_openrouter_models(feed) FROM test.large;
RESET statement_timeout;
SELECT test.catalogue_hash() = :'hash' AS unchanged, (SELECT count(*) FROM public.model_sync_log WHERE total_openrouter_models = 40000) AS runs;
