-- ADM-11: no policy runs into itself (42P17), not even when the application lets admins read all of profiles.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
CREATE POLICY "Admins read all profiles" ON public.profiles FOR SELECT TO authenticated USING ((SELECT model_access.model_access_is_admin()));
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT (SELECT count(*) FROM public.profiles) AS profiles, (SELECT count(*) FROM public.user_activity_log) AS activity, (SELECT count(*) FROM public.model_access) AS models,
       (SELECT count(*) FROM public.model_sync_log) AS runs, (SELECT count(*) FROM public.model_price_history) AS prices, (SELECT count(*) FROM public.model_review_items) AS reviews;
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT (SELECT count(*) FROM public.profiles) AS profiles, (SELECT count(*) FROM public.user_activity_log) AS activity, (SELECT count(*) FROM public.model_access) AS models,
       (SELECT count(*) FROM public.model_sync_log) AS runs, (SELECT count(*) FROM public.model_price_history) AS prices, (SELECT count(*) FROM public.model_review_items) AS reviews;
ROLLBACK;
