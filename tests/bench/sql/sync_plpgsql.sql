-- The sync as the seed document has it, so that it runs: one upsert per element of the feed. Mended are the names, the
-- counts, the clock, and that a model which comes back is new again.
CREATE TABLE bench_plpgsql.model_access (LIKE public.model_access INCLUDING ALL);
CREATE TABLE bench_plpgsql.model_sync_log (LIKE public.model_sync_log INCLUDING ALL);
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA bench_plpgsql TO service_role;

CREATE FUNCTION bench_plpgsql.sync(p_feed jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_log uuid;
    v_element jsonb;
    v_ids text[];
    v_new boolean;
    v_added integer := 0;
    v_updated integer := 0;
    v_gone integer;
    v_duration integer;
BEGIN
    INSERT INTO bench_plpgsql.model_sync_log (sync_started_at, sync_status, total_openrouter_models)
    VALUES (v_started, 'running', jsonb_array_length(p_feed))
    RETURNING id INTO v_log;
    v_ids := ARRAY(SELECT e.element ->> 'id' FROM jsonb_array_elements(p_feed) AS e (element));

    FOR v_element IN SELECT e.element FROM jsonb_array_elements(p_feed) AS e (element) LOOP
        INSERT INTO bench_plpgsql.model_access AS m (
            model_id, canonical_slug, hugging_face_id, model_name, model_description, context_length, created_timestamp,
            modality, input_modalities, output_modalities, tokenizer, prompt_price, completion_price, request_price,
            image_price, web_search_price, internal_reasoning_price, input_cache_read_price, input_cache_write_price,
            max_completion_tokens, is_moderated, supported_parameters, openrouter_last_seen, last_synced_at
        )
        VALUES (
            v_element ->> 'id', v_element ->> 'canonical_slug', v_element ->> 'hugging_face_id', v_element ->> 'name',
            v_element ->> 'description', coalesce((v_element ->> 'context_length')::integer, 8192),
            coalesce((v_element ->> 'created')::bigint, extract(epoch FROM now())::bigint),
            v_element -> 'architecture' ->> 'modality',
            coalesce(v_element -> 'architecture' -> 'input_modalities', '[]'),
            coalesce(v_element -> 'architecture' -> 'output_modalities', '[]'),
            v_element -> 'architecture' ->> 'tokenizer',
            coalesce(v_element -> 'pricing' ->> 'prompt', '0'),
            coalesce(v_element -> 'pricing' ->> 'completion', '0'),
            coalesce(v_element -> 'pricing' ->> 'request', '0'),
            coalesce(v_element -> 'pricing' ->> 'image', '0'),
            coalesce(v_element -> 'pricing' ->> 'web_search', '0'),
            coalesce(v_element -> 'pricing' ->> 'internal_reasoning', '0'),
            v_element -> 'pricing' ->> 'input_cache_read', v_element -> 'pricing' ->> 'input_cache_write',
            (v_element -> 'top_provider' ->> 'max_completion_tokens')::integer,
            coalesce((v_element -> 'top_provider' ->> 'is_moderated')::boolean, false),
            coalesce(v_element -> 'supported_parameters', '[]'), now(), now()
        )
        ON CONFLICT (model_id) DO UPDATE SET
            canonical_slug = excluded.canonical_slug, hugging_face_id = excluded.hugging_face_id,
            model_name = excluded.model_name, model_description = excluded.model_description,
            context_length = excluded.context_length, modality = excluded.modality,
            input_modalities = excluded.input_modalities, output_modalities = excluded.output_modalities,
            tokenizer = excluded.tokenizer, prompt_price = excluded.prompt_price,
            completion_price = excluded.completion_price, request_price = excluded.request_price,
            image_price = excluded.image_price, web_search_price = excluded.web_search_price,
            internal_reasoning_price = excluded.internal_reasoning_price,
            input_cache_read_price = excluded.input_cache_read_price,
            input_cache_write_price = excluded.input_cache_write_price,
            max_completion_tokens = excluded.max_completion_tokens, is_moderated = excluded.is_moderated,
            supported_parameters = excluded.supported_parameters,
            status = CASE m.status WHEN 'inactive' THEN 'new' ELSE m.status END,
            openrouter_last_seen = excluded.openrouter_last_seen, last_synced_at = excluded.last_synced_at,
            updated_at = now()
        RETURNING m.xmax = 0 INTO v_new; -- a row that was there has a deleted version
        IF v_new THEN
            v_added := v_added + 1;
        ELSE
            v_updated := v_updated + 1;
        END IF;
    END LOOP;

    UPDATE bench_plpgsql.model_access AS m SET status = 'inactive', updated_at = now()
     WHERE m.status <> 'inactive' AND m.model_id NOT IN (SELECT unnest(v_ids));
    GET DIAGNOSTICS v_gone = ROW_COUNT;

    v_duration := ceil(extract(epoch FROM clock_timestamp() - v_started) * 1000);
    UPDATE bench_plpgsql.model_sync_log AS l
       SET sync_status = 'completed', sync_completed_at = clock_timestamp(), models_added = v_added,
           models_updated = v_updated, models_marked_inactive = v_gone, duration_ms = v_duration
     WHERE l.id = v_log;
    RETURN jsonb_build_object(
        'success', true, 'sync_log_id', v_log, 'total_processed', jsonb_array_length(p_feed), 'models_added', v_added,
        'models_updated', v_updated, 'models_marked_inactive', v_gone, 'duration_ms', v_duration);
EXCEPTION WHEN OTHERS THEN
    INSERT INTO bench_plpgsql.model_sync_log (sync_started_at, sync_status, error_message, error_details)
    VALUES (v_started, 'failed', SQLERRM, jsonb_build_object('sqlstate', SQLSTATE))
    RETURNING id INTO v_log;
    RETURN jsonb_build_object('success', false, 'error', SQLERRM, 'sync_log_id', v_log);
END $$;
