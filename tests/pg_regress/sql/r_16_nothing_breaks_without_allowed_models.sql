-- database: supabase
-- R-16: an application that was adopted and cut over works without allowed_models: sign-up, settings, lists, its own views and policies, syncs.
\set ECHO none
\i tests/fixtures/seed_database.sql
\i tests/fixtures/plpgsql_functions.sql
\o /dev/null
CREATE EXTENSION model_access;
SELECT * FROM model_access.install();
\i sql/cutover/functions.sql
\o
\set ECHO all
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok ORDER BY check_name COLLATE "C";
-- Sign-up and settings, as the person.
INSERT INTO auth.users (id, email) VALUES ('10000000-0000-4000-8000-000000000099', 'new@shop.test');
INSERT INTO public.profiles (id, email) VALUES ('10000000-0000-4000-8000-000000000099', 'new@shop.test');
BEGIN;
SELECT set_config('request.jwt.claims', '{"sub": "10000000-0000-4000-8000-000000000099", "role": "authenticated"}', true) <> '' AS signed_in;
SET LOCAL ROLE authenticated;
SELECT public.update_user_preferences('10000000-0000-4000-8000-000000000099', 'ui', '{"theme": "light"}') ->> 'success' AS saved;
UPDATE public.profiles SET nickname = 'N' WHERE id = '10000000-0000-4000-8000-000000000099';
SELECT email, nickname, ui_preferences FROM public.profiles;
SELECT model_id FROM public.my_models ORDER BY model_id;
INSERT INTO public.chats (user_id, model_id) VALUES ('10000000-0000-4000-8000-000000000099', 'acme/m2');
SELECT model_id FROM public.chats ORDER BY model_id;
COMMIT;
-- What the server does.
SELECT p.subscription_tier AS tier, min(public.count_models(p.id)) AS models FROM public.profiles AS p GROUP BY 1 ORDER BY 1;
SELECT answer ->> 'success' AS success, answer ->> 'models_added' AS added, answer ->> 'models_marked_inactive' AS inactive
  FROM public.sync_openrouter_models((SELECT jsonb_agg(jsonb_build_object('id', m.model_id, 'name', m.model_name) ORDER BY m.model_id)
                                        FROM public.model_access AS m WHERE m.status <> 'inactive') || '[{"id": "acme/m99", "name": "New"}]') AS answer;
SELECT status, count(*) FROM public.model_access GROUP BY status ORDER BY status;
SELECT count(*) AS users FROM public.api_user_summary;
DELETE FROM public.chats WHERE user_id = '10000000-0000-4000-8000-000000000099';
DELETE FROM auth.users WHERE id = '10000000-0000-4000-8000-000000000099';
SELECT count(*) AS users FROM public.profiles;
