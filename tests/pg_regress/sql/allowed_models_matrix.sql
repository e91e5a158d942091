-- R-03, R-04, R-05, R-10, R-11: flags by tier, status, and what is open right after a sync.
SELECT public.sync_openrouter_models(test.feed(8)) ->> 'models_added' AS added;
SELECT status, is_free, is_pro, is_enterprise, count(*) FROM public.model_access GROUP BY 1, 2, 3, 4;
SELECT (SELECT count(*) FROM public.get_user_allowed_models_v2(test.id('A'))) AS free,
       (SELECT count(*) FROM public.get_user_allowed_models_v2(test.id('P'))) AS pro,
       (SELECT count(*) FROM public.get_user_allowed_models_v2(test.id('B'))) AS enterprise;
-- m1 … m8: the eight combinations of free, pro, enterprise.
SELECT count(public.update_model_tier_access(format('acme/m%s', n), (n - 1) & 4 > 0, (n - 1) & 2 > 0, (n - 1) & 1 > 0, 'active'))
  FROM generate_series(1, 8) AS n;
SELECT m.model_id, m.is_free, m.is_pro, m.is_enterprise,
       public.can_user_use_model(test.id('A'), m.model_id) AS by_free,
       public.can_user_use_model(test.id('P'), m.model_id) AS by_pro,
       public.can_user_use_model(test.id('B'), m.model_id) AS by_enterprise
  FROM public.model_access AS m ORDER BY m.model_id;
-- The list and the single answer agree, for people with and without a profile.
SELECT person, m.model_id
  FROM unnest(ARRAY['A', 'P', 'B', 'N', 'X']) AS person CROSS JOIN public.model_access AS m
 WHERE public.can_user_use_model(test.id(person), m.model_id)
       <> EXISTS (SELECT FROM public.get_user_allowed_models_v2(test.id(person)) AS l WHERE l.model_id = m.model_id);
-- Only active models; the list is read at call time.
UPDATE public.model_access SET status = 'disabled' WHERE model_id = 'acme/m5';
SELECT string_agg(model_id, ' ') AS open_to_free FROM public.get_user_allowed_models_v2(test.id('A'));
UPDATE public.model_access SET status = 'new' WHERE model_id = 'acme/m6';
SELECT string_agg(model_id, ' ') AS open_to_free FROM public.get_user_allowed_models_v2(test.id('A'));
-- A NULL tier is free; any other word opens nothing.
UPDATE public.profiles SET subscription_tier = NULL WHERE id = test.id('B');
SELECT count(*) AS open_to_null_tier FROM public.get_user_allowed_models_v2(test.id('B'));
ALTER TABLE public.profiles DROP CONSTRAINT profiles_subscription_tier_check;
UPDATE public.profiles SET subscription_tier = 'gold' WHERE id = test.id('B');
SELECT count(*) AS open_to_gold FROM public.get_user_allowed_models_v2(test.id('B'));
SELECT public.can_user_use_model(test.id('B'), 'acme/m8') AS gold_may, public.can_user_use_model(test.id('A'), NULL) AS null_model,
       public.can_user_use_model(test.id('A'), 'no/such') AS unknown_model;
