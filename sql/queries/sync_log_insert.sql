-- The one row of a sync, written when its outcome is known.
INSERT INTO public.model_sync_log (
    id, sync_started_at, sync_completed_at, created_at, sync_status, total_openrouter_models, models_added,
    models_updated, models_unchanged, models_reactivated, models_rejected, models_duplicate,
    models_marked_inactive, duration_ms, error_message, error_details, http_status
)
VALUES ($1, $2, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::pg_catalog.jsonb, $16)
