-- A failing sync: one failed row that says why, and a catalogue that is byte-identical.
SELECT public.sync_openrouter_models(test.feed(100)) ->> 'models_added' AS added;
CREATE TEMP TABLE before AS SELECT test.catalogue_hash() AS hash;
CREATE FUNCTION pg_temp.try(feed jsonb) RETURNS TABLE (answer text, catalogue text) LANGUAGE sql AS $$
    SELECT concat_ws(' | ', a ->> 'success', a ->> 'error', 'listed ' || jsonb_array_length(a -> 'rejected')),
           CASE WHEN test.catalogue_hash() = (SELECT hash FROM before) THEN 'identical' ELSE 'CHANGED' END
      FROM public.sync_openrouter_models(feed) AS a
$$;
SELECT * FROM pg_temp.try('[]');
SELECT * FROM pg_temp.try(NULL);
SELECT * FROM pg_temp.try('null');
SELECT * FROM pg_temp.try('{}');
SELECT * FROM pg_temp.try('{"data": {"id": "x"}}');
SELECT * FROM pg_temp.try('{"data": []}');
SELECT * FROM pg_temp.try('"x"');
SELECT * FROM pg_temp.try('7');
SELECT * FROM pg_temp.try('[1]');
SELECT * FROM pg_temp.try('[null]');
SELECT * FROM pg_temp.try('[{}]');
-- 40 of 100 missing; 11 of 100 rejected.
SELECT * FROM pg_temp.try(test.feed(60));
SELECT * FROM pg_temp.try(test.feed(89) || (SELECT jsonb_agg(jsonb_build_object('id', format('acme/m%s', n))) FROM generate_series(90, 100) AS n));
SELECT * FROM pg_temp.try((SELECT jsonb_agg(jsonb_build_object('id', n)) FROM generate_series(1, 30) AS n));
SELECT sync_status, total_openrouter_models AS total, models_rejected AS rejected, left(error_message, 100) AS error,
       error_details - 'rejected' AS details, jsonb_array_length(error_details -> 'rejected') AS listed
  FROM public.model_sync_log WHERE sync_status = 'failed' ORDER BY sync_started_at;
-- 30 of 100 missing and 10 of 100 rejected are still right.
SELECT answer ->> 'success' AS success, answer ->> 'models_marked_inactive' AS inactive
  FROM public.sync_openrouter_models(test.feed(70)) AS answer;
SELECT answer ->> 'success' AS success, answer ->> 'models_rejected' AS rejected, answer ->> 'models_marked_inactive' AS inactive
  FROM public.sync_openrouter_models(test.feed(90) || (SELECT jsonb_agg(jsonb_build_object('id', format('acme/m%s', n))) FROM generate_series(91, 100) AS n)) AS answer;
-- Force skips the mass guard, and only that.
SELECT answer ->> 'success' AS success, answer ->> 'models_marked_inactive' AS inactive
  FROM public.force_sync_openrouter_models(test.feed(10)) AS answer;
SELECT answer ->> 'success' AS success, answer ->> 'error' AS error FROM public.force_sync_openrouter_models('[]') AS answer;
-- The limits are settings.
UPDATE public.model_access_settings SET max_inactive_percent = 0 WHERE singleton;
SELECT answer ->> 'error' AS error FROM public.sync_openrouter_models(test.feed(9)) AS answer;
-- Fewer than ten rows may all change at once.
UPDATE public.model_access SET status = 'inactive' WHERE model_id <> ALL (ARRAY['acme/m1', 'acme/m2']);
SELECT answer ->> 'success' AS success FROM public.sync_openrouter_models(test.feed(3, 'other')) AS answer;
