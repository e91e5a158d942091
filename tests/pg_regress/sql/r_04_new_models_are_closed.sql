-- R-04: a new model has no flag, even one that costs nothing; no tier sees it until an admin opens it.
SELECT public.sync_openrouter_models(test.feed(5) || '[{"id": "acme/gift:free", "name": "Gift", "pricing": {"prompt": "0", "completion": "0"}}]') ->> 'models_added' AS added;
SELECT count(*) AS models, count(*) FILTER (WHERE is_free OR is_pro OR is_enterprise) AS with_a_flag FROM public.model_access;
SELECT person, (SELECT count(*) FROM public.get_user_allowed_models_v2(test.id(person))) AS allowed
  FROM unnest(ARRAY['A', 'P', 'B', 'S']) WITH ORDINALITY AS p (person, n) ORDER BY n;
SELECT public.can_user_use_model(test.id('B'), 'acme/gift:free');
-- The same for what a later sync brings.
SELECT public.sync_openrouter_models(test.feed(7) || '[{"id": "acme/gift:free", "name": "Gift"}]') ->> 'models_added' AS added;
SELECT count(*) FILTER (WHERE is_free OR is_pro OR is_enterprise) AS with_a_flag FROM public.model_access;
