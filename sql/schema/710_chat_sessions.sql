-- Chats of people with agents. User and organisation are texts without foreign keys: identities of other systems have chats too.

SELECT model_access.note_table('chat_sessions');
CREATE TABLE IF NOT EXISTS public.chat_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id varchar(255) NOT NULL,
    org_id varchar(255) NOT NULL
);

ALTER TABLE public.chat_sessions
    ADD COLUMN IF NOT EXISTS model_id uuid REFERENCES public.models (id) ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS agent_id uuid REFERENCES public.agents (id) ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS title varchar(255),
    ADD COLUMN IF NOT EXISTS metadata jsonb,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS last_message_at timestamptz;

CREATE INDEX IF NOT EXISTS idx_chat_sessions_user_id ON public.chat_sessions (user_id);
CREATE INDEX IF NOT EXISTS idx_chat_sessions_org_id ON public.chat_sessions (org_id);
CREATE INDEX IF NOT EXISTS idx_chat_sessions_created_at ON public.chat_sessions (created_at DESC);
-- Deleting an agent or a model looks for its chats.
CREATE INDEX IF NOT EXISTS chat_sessions_model_idx ON public.chat_sessions (model_id);
CREATE INDEX IF NOT EXISTS chat_sessions_agent_idx ON public.chat_sessions (agent_id);

CREATE OR REPLACE TRIGGER update_chat_sessions_updated_at
    BEFORE UPDATE ON public.chat_sessions FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

ALTER TABLE public.chat_sessions ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.chat_sessions FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.chat_sessions TO authenticated, service_role;

-- As in 700_agents.sql.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_current_org_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS chat_sessions_manage_own ON public.chat_sessions;
    CREATE POLICY chat_sessions_manage_own ON public.chat_sessions
        FOR ALL TO authenticated
        USING (user_id = (SELECT model_access.app_current_user_id())::text AND org_id = (SELECT model_access.app_current_org_id())::text)
        WITH CHECK (user_id = (SELECT model_access.app_current_user_id())::text AND org_id = (SELECT model_access.app_current_org_id())::text);
END $$;

COMMENT ON TABLE public.chat_sessions IS 'Chats of people with agents.';
COMMENT ON COLUMN public.chat_sessions.id IS 'Key.';
COMMENT ON COLUMN public.chat_sessions.user_id IS 'Whose it is: the id of users as text.';
COMMENT ON COLUMN public.chat_sessions.org_id IS 'The organisation that he belonged to then, as text: as a member of another one he does not see it.';
COMMENT ON COLUMN public.chat_sessions.model_id IS 'The model that was chosen.';
COMMENT ON COLUMN public.chat_sessions.agent_id IS 'The agent that was chosen.';
COMMENT ON COLUMN public.chat_sessions.title IS 'Title to show.';
COMMENT ON COLUMN public.chat_sessions.metadata IS 'What the application keeps of it, a JSON object.';
COMMENT ON COLUMN public.chat_sessions.created_at IS 'When it began.';
COMMENT ON COLUMN public.chat_sessions.updated_at IS 'When the row was last changed.';
COMMENT ON COLUMN public.chat_sessions.last_message_at IS 'When the last message came; append_chat_message() writes it.';
