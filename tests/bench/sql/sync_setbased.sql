-- The sync as a good SQL programmer writes it: one statement upserts all, one marks what is gone, one logs.
CREATE TABLE bench_setbased.model_access (LIKE public.model_access INCLUDING ALL);
CREATE TABLE bench_setbased.model_sync_log (LIKE public.model_sync_log INCLUDING ALL);
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA bench_setbased TO service_role;

CREATE FUNCTION bench_setbased.sync(p_feed jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_total integer;
    v_added integer;
    v_gone integer;
BEGIN
    WITH written AS (
        INSERT INTO bench_setbased.model_access AS m (
            model_id, canonical_slug, hugging_face_id, model_name, model_description, context_length, created_timestamp,
            modality, input_modalities, output_modalities, tokenizer, prompt_price, completion_price, request_price,
            image_price, web_search_price, internal_reasoning_price, input_cache_read_price, input_cache_write_price,
            max_completion_tokens, is_moderated, supported_parameters, openrouter_last_seen, last_synced_at
        )
        SELECT f.id, f.canonical_slug, f.hugging_face_id, f.name, f.description, coalesce(f.context_length, 8192),
               coalesce(f.created, extract(epoch FROM now())::bigint),
               f.architecture ->> 'modality',
               coalesce(f.architecture -> 'input_modalities', '[]'),
               coalesce(f.architecture -> 'output_modalities', '[]'),
               f.architecture ->> 'tokenizer',
               coalesce(f.pricing ->> 'prompt', '0'),
               coalesce(f.pricing ->> 'completion', '0'),
               coalesce(f.pricing ->> 'request', '0'),
               coalesce(f.pricing ->> 'image', '0'),
               coalesce(f.pricing ->> 'web_search', '0'),
               coalesce(f.pricing ->> 'internal_reasoning', '0'),
               f.pricing ->> 'input_cache_read', f.pricing ->> 'input_cache_write',
               (f.top_provider ->> 'max_completion_tokens')::integer,
               coalesce((f.top_provider ->> 'is_moderated')::boolean, false),
               coalesce(f.supported_parameters, '[]'), now(), now()
          FROM jsonb_array_elements(p_feed) AS e (element)
         CROSS JOIN LATERAL (SELECT
                   e.element ->> 'id', e.element ->> 'canonical_slug', e.element ->> 'hugging_face_id',
                   e.element ->> 'name', e.element ->> 'description', (e.element ->> 'context_length')::integer,
                   (e.element ->> 'created')::bigint, e.element -> 'architecture', e.element -> 'pricing',
                   e.element -> 'top_provider', e.element -> 'supported_parameters'
               ) AS f (
                   id, canonical_slug, hugging_face_id, name, description, context_length, created, architecture, pricing,
                   top_provider, supported_parameters
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
        RETURNING m.xmax = 0 AS added
    )
    SELECT count(*), count(*) FILTER (WHERE w.added) INTO v_total, v_added FROM written AS w;

    -- What the first statement wrote carries now(): no need to look into the feed again.
    UPDATE bench_setbased.model_access AS m SET status = 'inactive', updated_at = now()
     WHERE m.openrouter_last_seen < now() AND m.status <> 'inactive';
    GET DIAGNOSTICS v_gone = ROW_COUNT;

    INSERT INTO bench_setbased.model_sync_log (
        sync_started_at, sync_completed_at, sync_status, total_openrouter_models, models_added, models_updated,
        models_marked_inactive, duration_ms
    )
    VALUES (v_started, clock_timestamp(), 'completed', v_total, v_added, v_total - v_added, v_gone,
            ceil(extract(epoch FROM clock_timestamp() - v_started) * 1000));
    RETURN jsonb_build_object(
        'success', true, 'total_processed', v_total, 'models_added', v_added, 'models_updated', v_total - v_added,
        'models_marked_inactive', v_gone);
END $$;
