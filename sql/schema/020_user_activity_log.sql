-- What people did, for support and audit. Written by the engine and the server, read by the person.

-- Only what a row cannot be without stands here: the rest is added, to a table that was there before as well.
SELECT model_access.note_table('user_activity_log');
CREATE TABLE IF NOT EXISTS public.user_activity_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES public.profiles (id) ON DELETE CASCADE,
    action varchar(50) NOT NULL
);

ALTER TABLE public.user_activity_log
    ADD COLUMN IF NOT EXISTS resource_type varchar(50),
    ADD COLUMN IF NOT EXISTS resource_id text,
    ADD COLUMN IF NOT EXISTS details jsonb DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS "timestamp" timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS ip_address inet,
    ADD COLUMN IF NOT EXISTS user_agent text;

CREATE INDEX IF NOT EXISTS idx_user_activity_log_user_id ON public.user_activity_log (user_id);
CREATE INDEX IF NOT EXISTS idx_user_activity_log_timestamp ON public.user_activity_log ("timestamp");
CREATE INDEX IF NOT EXISTS idx_user_activity_log_action ON public.user_activity_log (action);

ALTER TABLE public.user_activity_log ENABLE ROW LEVEL SECURITY;
-- In a table of the application, who may read and write what is the application's: here only what nobody but the
-- owner needs is taken away.
DO $$
BEGIN
    IF 'user_activity_log' = ANY ((SELECT s.made_tables FROM public.model_access_settings AS s WHERE s.singleton)::text[]) THEN
        REVOKE ALL ON TABLE public.user_activity_log FROM PUBLIC, anon, authenticated, service_role;
        GRANT SELECT ON TABLE public.user_activity_log TO authenticated;
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.user_activity_log TO service_role;
        DROP POLICY IF EXISTS "Users can view own activity" ON public.user_activity_log;
        CREATE POLICY "Users can view own activity" ON public.user_activity_log
            FOR SELECT TO authenticated USING ((SELECT auth.uid()) = user_id);
    ELSE
        REVOKE TRUNCATE, REFERENCES, TRIGGER ON TABLE public.user_activity_log FROM PUBLIC, anon, authenticated, service_role;
    END IF;
END $$;

COMMENT ON TABLE public.user_activity_log IS 'What people did: one row per action.';
COMMENT ON COLUMN public.user_activity_log.id IS 'Key.';
COMMENT ON COLUMN public.user_activity_log.user_id IS 'Who did it.';
COMMENT ON COLUMN public.user_activity_log.action IS 'What was done, for example preferences_updated.';
COMMENT ON COLUMN public.user_activity_log.resource_type IS 'Kind of the thing it was done to.';
COMMENT ON COLUMN public.user_activity_log.resource_id IS 'Key of the thing it was done to.';
COMMENT ON COLUMN public.user_activity_log.details IS 'Whatever else belongs to the action, a JSON object.';
COMMENT ON COLUMN public.user_activity_log."timestamp" IS 'When it was done.';
COMMENT ON COLUMN public.user_activity_log.ip_address IS 'From where, if the application tells.';
COMMENT ON COLUMN public.user_activity_log.user_agent IS 'With what program, if the application tells.';
