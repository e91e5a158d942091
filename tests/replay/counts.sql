-- One line of tests/replay/expected.tsv for the sync that has just run; :answer is what it returned.
SELECT :'file', :'step', a ->> 'success',
       l.total_openrouter_models, l.models_added, l.models_updated, l.models_unchanged, l.models_reactivated,
       l.models_rejected, l.models_duplicate, l.models_marked_inactive,
       (SELECT count(*) FROM public.model_access WHERE status = 'new'),
       (SELECT count(*) FROM public.model_access WHERE status = 'inactive'),
       (SELECT count(*) FROM public.model_price_history WHERE valid_to IS NULL),
       (SELECT count(*) FROM public.model_price_history),
       (SELECT count(*) FROM public.model_review_items WHERE resolved_at IS NULL AND kind = 'price_ratio'),
       (SELECT count(*) FROM public.model_review_items WHERE resolved_at IS NULL AND kind = 'price_zero'),
       (SELECT count(*) FROM public.model_review_items WHERE resolved_at IS NULL AND kind = 'price_unknown'),
       (SELECT count(*) FROM public.model_review_items WHERE resolved_at IS NULL AND kind = 'peak_price')
  FROM (SELECT :'answer'::jsonb) AS x (a)
  JOIN public.model_sync_log AS l ON l.id = (a ->> 'sync_log_id')::uuid
  -- The log says what was answered.
 WHERE NOT (a ->> 'success')::boolean
    OR (l.total_openrouter_models, l.models_added, l.models_updated, l.models_unchanged, l.models_reactivated,
        l.models_rejected, l.models_duplicate, l.models_marked_inactive)
     = ((a ->> 'total_processed')::int, (a ->> 'models_added')::int, (a ->> 'models_updated')::int,
        (a ->> 'models_unchanged')::int, (a ->> 'models_reactivated')::int, (a ->> 'models_rejected')::int,
        (a ->> 'models_duplicate')::int, (a ->> 'models_marked_inactive')::int);
