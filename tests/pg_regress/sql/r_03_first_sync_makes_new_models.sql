-- R-03: after the first sync every model is new.
SELECT count(*) AS before FROM public.model_access;
SELECT public.sync_openrouter_models(test.feed(50)) ->> 'models_added' AS added;
SELECT status, count(*) FROM public.model_access GROUP BY status ORDER BY status;
