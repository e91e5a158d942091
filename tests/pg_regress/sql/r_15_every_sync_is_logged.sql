-- R-15: every call leaves one row with outcome and counts, a failed one too; the answer names it.
CREATE TEMP TABLE answers (n integer GENERATED ALWAYS AS IDENTITY, answer jsonb);
INSERT INTO answers (answer) SELECT public.sync_openrouter_models(test.feed(12));
INSERT INTO answers (answer) SELECT public.sync_openrouter_models(test.feed(11) || test.feed(1, 'acme', 13));
INSERT INTO answers (answer) SELECT public.sync_openrouter_models('[]');
INSERT INTO answers (answer) SELECT public.sync_openrouter_models(test.feed(2));
INSERT INTO answers (answer) SELECT public.force_sync_openrouter_models(test.feed(11));
INSERT INTO answers (answer) SELECT public.sync_openrouter_models(NULL);
SELECT a.n, l.sync_status, l.total_openrouter_models AS total, l.models_added AS added, l.models_updated AS updated,
       l.models_unchanged AS unchanged, l.models_marked_inactive AS inactive, l.error_message = a.answer ->> 'error' AS same_error,
       (l.sync_status = 'completed') = (a.answer ->> 'success')::boolean AS same_outcome,
       l.sync_completed_at >= l.sync_started_at AND l.duration_ms >= 1 AS timed
  FROM answers AS a LEFT JOIN public.model_sync_log AS l ON l.id = (a.answer ->> 'sync_log_id')::uuid ORDER BY a.n;
SELECT count(*) AS rows_in_the_log FROM public.model_sync_log;
