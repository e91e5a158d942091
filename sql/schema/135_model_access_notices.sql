-- What applications tell their users: that a model goes away on a day, or is gone. Written by the sync only.

SELECT model_access.note_table('model_access_notices');
CREATE TABLE IF NOT EXISTS public.model_access_notices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id varchar(100) NOT NULL,
    kind text NOT NULL CONSTRAINT model_access_notices_kind_check CHECK (kind IN ('expiring', 'removed')),
    effective_at timestamptz NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    resolved_at timestamptz
);

CREATE UNIQUE INDEX IF NOT EXISTS idx_model_access_notices_open
    ON public.model_access_notices (model_id, kind) WHERE resolved_at IS NULL;

ALTER TABLE public.model_access_notices ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_access_notices FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.model_access_notices TO authenticated, service_role;
REVOKE ALL ON SEQUENCE public.model_access_notices_id_seq FROM PUBLIC, anon, authenticated, service_role;

DROP POLICY IF EXISTS "Authenticated users can view notices" ON public.model_access_notices;
CREATE POLICY "Authenticated users can view notices" ON public.model_access_notices
    FOR SELECT TO authenticated USING ((SELECT auth.role()) = 'authenticated');

COMMENT ON TABLE public.model_access_notices IS 'Models that go away, for users to be told: at most one open notice per model and kind.';
COMMENT ON COLUMN public.model_access_notices.id IS 'Key.';
COMMENT ON COLUMN public.model_access_notices.model_id IS 'The model. Not a foreign key: notices outlive rows of the catalogue.';
COMMENT ON COLUMN public.model_access_notices.kind IS 'expiring (the provider names a day) or removed (a model that was active is gone from the feed).';
COMMENT ON COLUMN public.model_access_notices.effective_at IS 'When it goes away, the beginning of the UTC day; of a removed one when it was missed.';
COMMENT ON COLUMN public.model_access_notices.details IS 'model_name, and expiration_date where the provider named one.';
COMMENT ON COLUMN public.model_access_notices.created_at IS 'When the sync first knew.';
COMMENT ON COLUMN public.model_access_notices.resolved_at IS 'When the day was withdrawn or moved, or the model came back; NULL while it holds.';
