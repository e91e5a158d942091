-- R-02: a model is active, inactive, disabled or new, and nothing else, whoever writes.
SELECT public.sync_openrouter_models(test.feed(1)) ->> 'models_added' AS added;
SELECT word, test.outcome(format('UPDATE public.model_access SET status = %L WHERE model_id = %L', word, 'acme/m1')) AS outcome
  FROM unnest(ARRAY['active', 'inactive', 'disabled', 'new']) WITH ORDINALITY AS w (word, n) ORDER BY n;
SELECT word, left(test.outcome(format('UPDATE public.model_access SET status = %L WHERE model_id = %L', word, 'acme/m1')), 5) AS sqlstate
  FROM unnest(ARRAY['Active', 'gone', '', NULL]) WITH ORDINALITY AS w (word, n) ORDER BY n;
SELECT public.update_model_tier_access('acme/m1', p_status => 'gone');
SELECT status FROM public.model_access;
