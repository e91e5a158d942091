-- IDN-04: service_role is served for any user; one that nobody knows has the free tier.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT person, (SELECT string_agg(m.model_id, ' ' ORDER BY m.model_id) FROM public.get_user_allowed_models_v2(test.id(person)) AS m) AS list,
       public.can_user_use_model(test.id(person), 'acme/m1') AS m1, public.can_user_use_model(test.id(person), 'acme/m2') AS m2,
       public.can_user_use_model(test.id(person), 'acme/m3') AS not_active
  FROM unnest(ARRAY['A', 'B', 'N', 'X']) AS person;
ROLLBACK;
