-- One row per sync, whether it completed or failed.

-- Only what a row cannot be without stands here: the rest is added, to a table that was there before as well.
SELECT model_access.note_table('model_sync_log');
CREATE TABLE IF NOT EXISTS public.model_sync_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid()
);

ALTER TABLE public.model_sync_log
    ADD COLUMN IF NOT EXISTS sync_started_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS sync_completed_at timestamptz,
    ADD COLUMN IF NOT EXISTS total_openrouter_models integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS models_added integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS models_updated integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS models_marked_inactive integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS sync_status varchar(20) DEFAULT 'running' CHECK (sync_status IN ('running', 'completed', 'failed')),
    ADD COLUMN IF NOT EXISTS error_message text,
    ADD COLUMN IF NOT EXISTS error_details jsonb,
    ADD COLUMN IF NOT EXISTS duration_ms integer,
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS models_unchanged integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS models_reactivated integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS models_rejected integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS models_duplicate integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS http_status integer;

CREATE INDEX IF NOT EXISTS idx_model_sync_log_status ON public.model_sync_log (sync_status, sync_started_at DESC);

ALTER TABLE public.model_sync_log ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_sync_log FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.model_sync_log TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.model_sync_log TO service_role;

DROP POLICY IF EXISTS "Only admins can view sync logs" ON public.model_sync_log;
CREATE POLICY "Only admins can view sync logs" ON public.model_sync_log
    FOR SELECT TO authenticated USING ((SELECT model_access.model_access_is_admin()));

COMMENT ON TABLE public.model_sync_log IS 'Every sync of the catalogue: counts, outcome and time.';
COMMENT ON COLUMN public.model_sync_log.id IS 'Key; sync functions return it as sync_log_id.';
COMMENT ON COLUMN public.model_sync_log.sync_started_at IS 'Wall clock at the start.';
COMMENT ON COLUMN public.model_sync_log.sync_completed_at IS 'Wall clock at the end, of a failed run too.';
COMMENT ON COLUMN public.model_sync_log.total_openrouter_models IS 'Elements in the feed.';
COMMENT ON COLUMN public.model_sync_log.models_added IS 'Ids that were new.';
COMMENT ON COLUMN public.model_sync_log.models_updated IS 'Known models of which a stored value changed.';
COMMENT ON COLUMN public.model_sync_log.models_marked_inactive IS 'Models that the feed no longer had.';
COMMENT ON COLUMN public.model_sync_log.sync_status IS 'completed or failed; running is never seen from outside the run''s transaction.';
COMMENT ON COLUMN public.model_sync_log.error_message IS 'Why the run failed.';
COMMENT ON COLUMN public.model_sync_log.error_details IS 'SQLSTATE or figures of a failure; the first 20 rejected elements with index, id and reason.';
COMMENT ON COLUMN public.model_sync_log.duration_ms IS 'Wall time in milliseconds, rounded up.';
COMMENT ON COLUMN public.model_sync_log.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.model_sync_log.models_unchanged IS 'Known models of which nothing stored changed; their rows were not written.';
COMMENT ON COLUMN public.model_sync_log.models_reactivated IS 'Models that were inactive and came back as new.';
COMMENT ON COLUMN public.model_sync_log.models_rejected IS 'Elements that could not be stored.';
COMMENT ON COLUMN public.model_sync_log.models_duplicate IS 'Elements whose id came again later in the same feed.';
COMMENT ON COLUMN public.model_sync_log.http_status IS 'What the server answered: 304 for a feed that had not changed. NULL where none was asked or none answered.';
