-- DOS-01: deep nesting is an error of the server's parser (54001) or of one element, never a crash; the connection goes on.
\set SHOW_CONTEXT never
SELECT public.sync_openrouter_models(test.feed(200)) ->> 'models_added' AS added;
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT left(test.outcome(format('SELECT public.sync_openrouter_models(%L)', repeat('[', 100000))), 5) AS arrays, left(test.outcome(format('SELECT public.sync_openrouter_models(%L)', repeat('{"a":', 100000))), 5) AS objects;
SELECT depth, answer ->> 'success' AS success, answer ->> 'models_rejected' AS rejected, answer -> 'rejected' -> 0 ->> 'reason' AS reason
  FROM unnest(ARRAY[10, 100, 1000, 5000]) AS depth,
       LATERAL (SELECT public.sync_openrouter_models(test.feed(200) || jsonb_build_object('id', 'deep/1', 'name', 'x', 'pricing', jsonb_build_object('overrides', (repeat('[', depth) || repeat(']', depth))::jsonb))) AS answer) AS a ORDER BY depth;
-- In a key that the catalogue does not store, in the whole feed, and in the id.
SELECT answer ->> 'success' AS success, answer ->> 'models_rejected' AS rejected
  FROM public.sync_openrouter_models(test.feed(200) || jsonb_build_object('id', 'deep/2', 'name', 'x', 'extra', (repeat('[', 5000) || repeat(']', 5000))::jsonb)) AS answer;
SELECT answer ->> 'success' AS success, answer ->> 'error' AS error FROM public.sync_openrouter_models((repeat('[', 5000) || repeat(']', 5000))::jsonb) AS answer;
SELECT answer ->> 'success' AS success, answer -> 'rejected' -> 0 ->> 'reason' AS reason
  FROM public.sync_openrouter_models(test.feed(200) || jsonb_build_object('id', (repeat('[', 5000) || repeat(']', 5000))::jsonb, 'name', 'x')) AS answer;
ROLLBACK;
SELECT 'alive' AS connection;
