-- ADM-08: an error of the server inside a run (here: a trigger of the application) is logged, and nothing else stays.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'not on my table' USING ERRCODE = current_setting('test.code');
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON public.model_access FOR EACH ROW WHEN (NEW.model_id = 'acme/m4') EXECUTE FUNCTION public.refuse();
CREATE TEMP TABLE before AS SELECT test.catalogue_hash() AS hash;
SET test.code = '23514';
CREATE TEMP TABLE answers AS SELECT public.sync_openrouter_models(test.feed(6)) AS answer;
SELECT answer ->> 'success' AS success, answer ->> 'error' AS error FROM answers;
SELECT test.catalogue_hash() = hash AS identical FROM before;
SELECT l.sync_status, l.error_message, l.error_details
  FROM answers JOIN public.model_sync_log AS l ON l.id::text = answer ->> 'sync_log_id';
-- What is the transaction's own affair is raised, and leaves no row.
SET test.code = '40001';
SELECT test.outcome($$SELECT public.sync_openrouter_models(test.feed(6))$$);
SET test.code = '40P01';
SELECT test.outcome($$SELECT public.sync_openrouter_models(test.feed(6))$$);
SET test.code = '53200';
SELECT test.outcome($$SELECT public.sync_openrouter_models(test.feed(6))$$);
SELECT sync_status, count(*) FROM public.model_sync_log GROUP BY 1 ORDER BY 1;
