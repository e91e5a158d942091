-- R-05: a model is usable only when an admin made it active and opened it to the tier: neither alone is enough.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
SELECT public.update_model_tier_access('acme/m1', true, true, true) ->> 'success' AS flags_only;
SELECT public.update_model_tier_access('acme/m2', p_status => 'active') ->> 'success' AS active_only;
SELECT public.update_model_tier_access('acme/m3', true, true, true, 'active') ->> 'success' AS both;
SELECT model_id, status, is_free, public.can_user_use_model(test.id('A'), model_id) AS usable FROM public.model_access ORDER BY model_id;
SELECT person, (SELECT string_agg(l.model_id, ' ' ORDER BY l.model_id) FROM public.get_user_allowed_models_v2(test.id(person)) AS l) AS listed
  FROM unnest(ARRAY['A', 'P', 'B']) WITH ORDINALITY AS p (person, n) ORDER BY n;
