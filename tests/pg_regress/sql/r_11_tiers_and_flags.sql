-- R-11: free sees models flagged free; pro those flagged free or pro; enterprise those with any flag. Each set of flags by each tier.
SELECT public.sync_openrouter_models(test.feed(8)) ->> 'models_added' AS added;
SELECT count(public.update_model_tier_access('acme/m' || n, (n - 1) & 4 > 0, (n - 1) & 2 > 0, (n - 1) & 1 > 0, 'active')) FROM generate_series(1, 8) AS n;
SELECT concat_ws(' ', CASE WHEN m.is_free THEN 'free' END, CASE WHEN m.is_pro THEN 'pro' END, CASE WHEN m.is_enterprise THEN 'enterprise' END) AS flags,
       (SELECT string_agg(p.subscription_tier, ' ' ORDER BY t.n)
          FROM unnest(ARRAY['A', 'P', 'B']) WITH ORDINALITY AS t (person, n)
          JOIN public.profiles AS p ON p.id = test.id(t.person)
         WHERE m.model_id IN (SELECT l.model_id FROM public.get_user_allowed_models_v2(p.id) AS l)) AS tiers_that_see_it
  FROM public.model_access AS m ORDER BY m.model_id;
