-- API-03: PostgREST cuts a set at its max-rows; the same list as JSON is one value and whole, in the same order.
SELECT public.sync_openrouter_models(test.feed(1500)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
\connect - authenticator
BEGIN READ ONLY;
SELECT test.request('authenticated', 'A');
-- As PostgREST asks with max-rows 1000.
SELECT count(*) AS rows FROM (SELECT r.* FROM public.get_user_allowed_models_v2() AS r LIMIT 1000) AS x;
SELECT count(*) AS values, sum(json_array_length(r)) AS models FROM public.get_user_allowed_models_json() AS r LIMIT 1000;
SELECT (SELECT array_agg(r.model_id::text ORDER BY r.ordinality) FROM public.get_user_allowed_models_v2() WITH ORDINALITY AS r)
     = (SELECT array_agg(e.item ->> 'model_id' ORDER BY e.ordinality) FROM json_array_elements(public.get_user_allowed_models_json()) WITH ORDINALITY AS e (item)) AS same_order;
ROLLBACK;
