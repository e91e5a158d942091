-- Counts of a sync are disjoint and sum to the elements; a run leaves one completed row in the log.
CREATE FUNCTION pg_temp.sync(feed jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT format('total %s: added %s updated %s unchanged %s reactivated %s rejected %s duplicate %s | inactive %s | sum %s',
                  a ->> 'total_processed', a ->> 'models_added', a ->> 'models_updated', a ->> 'models_unchanged',
                  a ->> 'models_reactivated', a ->> 'models_rejected', a ->> 'models_duplicate', a ->> 'models_marked_inactive',
                  (a ->> 'total_processed')::int = (a ->> 'models_added')::int + (a ->> 'models_updated')::int
                      + (a ->> 'models_unchanged')::int + (a ->> 'models_reactivated')::int
                      + (a ->> 'models_rejected')::int + (a ->> 'models_duplicate')::int)
      FROM public.sync_openrouter_models(feed) AS a
$$;
SELECT pg_temp.sync(test.feed(5));
SELECT pg_temp.sync(test.feed(5));
SELECT pg_temp.sync(jsonb_build_object('data', test.feed(5), 'total_count', 5, 'links', '{}'::jsonb));
-- m5 gone, m6 new, m1 renamed, an element without name, a model twice of which the last counts.
SELECT pg_temp.sync((test.feed(4) #- '{0}') || test.feed(1, 'acme', 6)
    || '[{"id": "acme/m1", "name": "first"}, {"id": "acme/bad"}, {"id": "acme/m1", "name": "Renamed"}]');
SELECT model_id, model_name, status FROM public.model_access ORDER BY model_id;
-- m5 is back.
SELECT pg_temp.sync(test.feed(6));
SELECT model_id, model_name, status FROM public.model_access ORDER BY model_id;
SELECT sync_status, total_openrouter_models AS total, models_added AS added, models_updated AS updated,
       models_unchanged AS unchanged, models_reactivated AS back, models_rejected AS rejected, models_duplicate AS dup,
       models_marked_inactive AS inactive, error_message, error_details,
       duration_ms > 0 AND sync_completed_at > sync_started_at AS timed
  FROM public.model_sync_log ORDER BY sync_started_at;
-- A run inside a savepoint that is rolled back is as if it never was; the next one sees nothing of it.
BEGIN;
SAVEPOINT s;
SELECT pg_temp.sync(test.feed(20));
ROLLBACK TO s;
SELECT pg_temp.sync(test.feed(6));
COMMIT;
SELECT count(*) FROM public.model_sync_log;
