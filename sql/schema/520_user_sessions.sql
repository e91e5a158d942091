-- Sessions of members: where somebody works, until when, and what his agent is told there.

SELECT model_access.note_table('user_sessions');
CREATE TABLE IF NOT EXISTS public.user_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    workspace_path text NOT NULL
);

ALTER TABLE public.user_sessions
    ADD COLUMN IF NOT EXISTS system_prompt text,
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS expires_at timestamptz,
    ADD COLUMN IF NOT EXISTS last_active_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS session_metadata jsonb DEFAULT '{}';

CREATE INDEX IF NOT EXISTS idx_user_sessions_user_id ON public.user_sessions (user_id);
CREATE INDEX IF NOT EXISTS idx_user_sessions_organization_id ON public.user_sessions (organization_id);
CREATE INDEX IF NOT EXISTS idx_user_sessions_expires_at ON public.user_sessions (expires_at);
CREATE INDEX IF NOT EXISTS idx_user_sessions_last_active ON public.user_sessions (last_active_at DESC);
-- For the key to users, of both columns.
CREATE INDEX IF NOT EXISTS user_sessions_user_organization_idx ON public.user_sessions (user_id, organization_id);

ALTER TABLE public.user_sessions ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.user_sessions FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.user_sessions TO service_role;
GRANT SELECT, DELETE, INSERT (user_id, organization_id, workspace_path, system_prompt, expires_at, last_active_at, session_metadata),
      UPDATE (workspace_path, system_prompt, expires_at, last_active_at, session_metadata)
    ON TABLE public.user_sessions TO authenticated;

-- As in 510_users.sql. A session is of its user's organisation, so that of the caller tells whether he is an active member.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_current_org_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS user_sessions_view_own ON public.user_sessions;
    CREATE POLICY user_sessions_view_own ON public.user_sessions FOR SELECT TO authenticated
        USING (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()));
    DROP POLICY IF EXISTS user_sessions_insert_own ON public.user_sessions;
    CREATE POLICY user_sessions_insert_own ON public.user_sessions FOR INSERT TO authenticated
        WITH CHECK (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()));
    DROP POLICY IF EXISTS user_sessions_update_own ON public.user_sessions;
    CREATE POLICY user_sessions_update_own ON public.user_sessions FOR UPDATE TO authenticated
        USING (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()))
        WITH CHECK (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()));
    DROP POLICY IF EXISTS user_sessions_delete_own ON public.user_sessions;
    CREATE POLICY user_sessions_delete_own ON public.user_sessions FOR DELETE TO authenticated
        USING (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()));
END $$;

COMMENT ON TABLE public.user_sessions IS 'Sessions of members. cleanup_expired_sessions() deletes those that are over.';
COMMENT ON COLUMN public.user_sessions.id IS 'Key.';
COMMENT ON COLUMN public.user_sessions.user_id IS 'Whose it is.';
COMMENT ON COLUMN public.user_sessions.organization_id IS 'His organisation.';
COMMENT ON COLUMN public.user_sessions.workspace_path IS 'Where he works.';
COMMENT ON COLUMN public.user_sessions.system_prompt IS 'What his agent is told in it.';
COMMENT ON COLUMN public.user_sessions.created_at IS 'When it began.';
COMMENT ON COLUMN public.user_sessions.expires_at IS 'When it is over; NULL is never.';
COMMENT ON COLUMN public.user_sessions.last_active_at IS 'When it was last used.';
COMMENT ON COLUMN public.user_sessions.session_metadata IS 'What the application keeps of it, a JSON object.';
