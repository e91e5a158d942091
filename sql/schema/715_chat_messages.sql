-- What was said in a chat, never changed by clients.

SELECT model_access.note_table('chat_messages');
CREATE TABLE IF NOT EXISTS public.chat_messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    session_id uuid NOT NULL REFERENCES public.chat_sessions (id) ON DELETE CASCADE,
    role varchar(50) NOT NULL,
    content text NOT NULL
);

ALTER TABLE public.chat_messages
    ADD COLUMN IF NOT EXISTS tokens_in integer,
    ADD COLUMN IF NOT EXISTS tokens_out integer,
    ADD COLUMN IF NOT EXISTS tokens_total integer,
    ADD COLUMN IF NOT EXISTS metadata jsonb,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now();

CREATE INDEX IF NOT EXISTS idx_chat_messages_session_id ON public.chat_messages (session_id);
CREATE INDEX IF NOT EXISTS idx_chat_messages_created_at ON public.chat_messages (created_at DESC);

ALTER TABLE public.chat_messages ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.chat_messages FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.chat_messages TO service_role;
GRANT SELECT, INSERT ON TABLE public.chat_messages TO authenticated;

-- As in 700_agents.sql. Whose chat it is, is said here again: a policy that the application adds to chat_sessions shows a chat to
-- others, not what is said in it.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_current_org_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS chat_messages_view_own ON public.chat_messages;
    CREATE POLICY chat_messages_view_own ON public.chat_messages
        FOR SELECT TO authenticated USING (session_id IN (
            SELECT s.id FROM public.chat_sessions AS s
             WHERE s.user_id = (SELECT model_access.app_current_user_id())::text AND s.org_id = (SELECT model_access.app_current_org_id())::text));
    DROP POLICY IF EXISTS chat_messages_insert_own ON public.chat_messages;
    CREATE POLICY chat_messages_insert_own ON public.chat_messages
        FOR INSERT TO authenticated WITH CHECK (session_id IN (
            SELECT s.id FROM public.chat_sessions AS s
             WHERE s.user_id = (SELECT model_access.app_current_user_id())::text AND s.org_id = (SELECT model_access.app_current_org_id())::text));
END $$;

COMMENT ON TABLE public.chat_messages IS 'What was said in chats.';
COMMENT ON COLUMN public.chat_messages.id IS 'Key.';
COMMENT ON COLUMN public.chat_messages.session_id IS 'The chat.';
COMMENT ON COLUMN public.chat_messages.role IS 'Who said it: user, assistant or system.';
COMMENT ON COLUMN public.chat_messages.content IS 'What was said.';
COMMENT ON COLUMN public.chat_messages.tokens_in IS 'Tokens that were read for it.';
COMMENT ON COLUMN public.chat_messages.tokens_out IS 'Tokens that were written for it.';
COMMENT ON COLUMN public.chat_messages.tokens_total IS 'Both. What the application says: nothing is charged by it.';
COMMENT ON COLUMN public.chat_messages.metadata IS 'What the application keeps of it, a JSON object.';
COMMENT ON COLUMN public.chat_messages.created_at IS 'When it came.';
