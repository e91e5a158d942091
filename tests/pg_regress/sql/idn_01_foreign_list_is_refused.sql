-- IDN-01: a signed-in user cannot ask for another one, and cannot tell whether that one exists.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT person, test.outcome(format('SELECT * FROM public.get_user_allowed_models_v2(%L)', test.id(person))) AS list,
       test.outcome(format('SELECT public.can_user_use_model(%L, %L)', test.id(person), 'acme/m2')) AS one
  FROM unnest(ARRAY['B', 'N', 'X']) AS person;
-- The functions behind the wrappers answer alike.
SELECT person, test.outcome(format('SELECT * FROM model_access.get_user_allowed_models_v2(%L)', test.id(person))) AS list,
       test.outcome(format('SELECT model_access.can_user_use_model(%L, %L)', test.id(person), 'acme/m2')) AS one
  FROM unnest(ARRAY['B', 'X']) AS person;
-- What is allowed: oneself, by name.
SELECT model_id FROM public.get_user_allowed_models_v2(test.id('A'));
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS m1, public.can_user_use_model(test.id('A'), 'acme/m2') AS m2;
ROLLBACK;
-- An admin of the catalogue administers models, not people.
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT test.outcome(format('SELECT * FROM public.get_user_allowed_models_v2(%L)', test.id('B')));
ROLLBACK;
