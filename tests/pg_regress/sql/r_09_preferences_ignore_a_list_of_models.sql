-- R-09: a client that still sends allowed_models with its preferences is answered, and changes no rights.
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT answer - 'updated_at' AS answer FROM public.update_user_preferences(test.id('A'), 'model',
    '{"default_model": "acme/m1", "temperature": 0.5, "allowed_models": ["acme/m1"]}') AS answer;
COMMIT;
SELECT default_model, temperature FROM public.profiles WHERE id = test.id('A');
SELECT count(*) AS columns FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = 'profiles' AND column_name = 'allowed_models';
SELECT public.sync_openrouter_models(test.feed(1)) ->> 'models_added' AS added;
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS usable;
