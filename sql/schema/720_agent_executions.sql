-- Calls of agents: one answers one message of a chat. Written by start_agent_execution() and finish_agent_execution().

SELECT model_access.note_table('agent_executions');
CREATE TABLE IF NOT EXISTS public.agent_executions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    session_id uuid REFERENCES public.chat_sessions (id) ON DELETE SET NULL,
    message_id uuid REFERENCES public.chat_messages (id) ON DELETE SET NULL,
    status varchar(50) NOT NULL
);

-- A table of the seed: who deletes his chat would take the calls along that run for it, and they would cost him nothing.
-- note_table() has kept keys and NOT NULL for uninstall().
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT k.conname, replace(pg_get_constraintdef(k.oid), 'ON DELETE CASCADE', 'ON DELETE SET NULL') AS definition
          FROM pg_constraint AS k
         WHERE k.conrelid = 'public.agent_executions'::regclass AND k.contype = 'f' AND k.confdeltype = 'c'
           AND EXISTS (SELECT FROM pg_attribute AS a
                        WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attname IN ('session_id', 'message_id'))
    LOOP
        EXECUTE format('ALTER TABLE public.agent_executions DROP CONSTRAINT %1$I, ADD CONSTRAINT %1$I %2$s', found.conname, found.definition);
    END LOOP;
    FOR found IN
        SELECT a.attname FROM pg_attribute AS a
         WHERE a.attrelid = 'public.agent_executions'::regclass AND a.attname IN ('session_id', 'message_id') AND a.attnotnull
    LOOP
        EXECUTE format('ALTER TABLE public.agent_executions ALTER COLUMN %I DROP NOT NULL', found.attname);
    END LOOP;
END $$;

ALTER TABLE public.agent_executions
    ADD COLUMN IF NOT EXISTS agent_id uuid REFERENCES public.agents (id) ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS model_id uuid REFERENCES public.models (id) ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS input_tokens integer,
    ADD COLUMN IF NOT EXISTS output_tokens integer,
    ADD COLUMN IF NOT EXISTS total_tokens integer,
    ADD COLUMN IF NOT EXISTS latency_ms integer,
    ADD COLUMN IF NOT EXISTS error_message text,
    ADD COLUMN IF NOT EXISTS response_content text,
    ADD COLUMN IF NOT EXISTS metadata jsonb,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS completed_at timestamptz,
    ADD COLUMN IF NOT EXISTS reservation_id uuid,
    ADD COLUMN IF NOT EXISTS finish_fingerprint bigint,
    ADD COLUMN IF NOT EXISTS finish_answer jsonb;

CREATE INDEX IF NOT EXISTS idx_agent_executions_session_id ON public.agent_executions (session_id);
CREATE INDEX IF NOT EXISTS idx_agent_executions_agent_id ON public.agent_executions (agent_id);
CREATE INDEX IF NOT EXISTS idx_agent_executions_status ON public.agent_executions (status);
CREATE INDEX IF NOT EXISTS idx_agent_executions_created_at ON public.agent_executions (created_at DESC);
-- Deleting a message or a model looks for its executions.
CREATE INDEX IF NOT EXISTS agent_executions_message_idx ON public.agent_executions (message_id);
CREATE INDEX IF NOT EXISTS agent_executions_model_idx ON public.agent_executions (model_id);
-- What expire_agent_executions() removes.
CREATE INDEX IF NOT EXISTS agent_executions_left_idx
    ON public.agent_executions (completed_at) WHERE session_id IS NULL OR message_id IS NULL;
-- What pick_agent() reads: an agent's last calls, and those that run. A list of varchar in a predicate would read otherwise after a
-- dump.
CREATE INDEX IF NOT EXISTS agent_executions_recent_idx
    ON public.agent_executions (agent_id, created_at DESC) WHERE status = 'success';
CREATE INDEX IF NOT EXISTS agent_executions_running_idx
    ON public.agent_executions (agent_id, created_at) WHERE status::text = ANY ('{pending,running}'::text[]);
-- Whose call a reservation is. That it is one at a time, the reservation's row lock says.
CREATE INDEX IF NOT EXISTS agent_executions_reservation_idx ON public.agent_executions (reservation_id) WHERE reservation_id IS NOT NULL;

ALTER TABLE public.agent_executions ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.agent_executions FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.agent_executions TO service_role;
GRANT SELECT ON TABLE public.agent_executions TO authenticated;

-- As in 715_chat_messages.sql.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_current_org_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS agent_executions_view_own ON public.agent_executions;
    CREATE POLICY agent_executions_view_own ON public.agent_executions
        FOR SELECT TO authenticated USING (session_id IN (
            SELECT s.id FROM public.chat_sessions AS s
             WHERE s.user_id = (SELECT model_access.app_current_user_id())::text AND s.org_id = (SELECT model_access.app_current_org_id())::text));
END $$;

COMMENT ON TABLE public.agent_executions IS 'Calls of agents: what became of each, and what it used.';
COMMENT ON COLUMN public.agent_executions.id IS 'Key.';
COMMENT ON COLUMN public.agent_executions.session_id IS 'The chat; NULL when it is gone. expire_agent_executions() removes the row when nothing is left to be told of it.';
COMMENT ON COLUMN public.agent_executions.message_id IS 'The message that it answers; NULL when it is gone.';
COMMENT ON COLUMN public.agent_executions.status IS 'pending, running, success or failed.';
COMMENT ON COLUMN public.agent_executions.agent_id IS 'The agent.';
COMMENT ON COLUMN public.agent_executions.model_id IS 'The model that it was told to use; NULL leaves that to the agent.';
COMMENT ON COLUMN public.agent_executions.input_tokens IS 'Tokens that it read; NULL while nobody knows.';
COMMENT ON COLUMN public.agent_executions.output_tokens IS 'Tokens that it wrote.';
COMMENT ON COLUMN public.agent_executions.total_tokens IS 'Tokens in all.';
COMMENT ON COLUMN public.agent_executions.latency_ms IS 'Milliseconds from start to finish; NULL of one that timed out.';
COMMENT ON COLUMN public.agent_executions.error_message IS 'Why it failed.';
COMMENT ON COLUMN public.agent_executions.response_content IS 'The answer, where the application keeps it here.';
COMMENT ON COLUMN public.agent_executions.metadata IS 'What the application keeps of it, a JSON object.';
COMMENT ON COLUMN public.agent_executions.created_at IS 'When it began, by the server''s clock. Its day is that of the metrics.';
COMMENT ON COLUMN public.agent_executions.completed_at IS 'When it ended.';
COMMENT ON COLUMN public.agent_executions.reservation_id IS 'The reservation that it settles. No foreign key: reservations are not kept for ever.';
COMMENT ON COLUMN public.agent_executions.finish_fingerprint IS 'A hash of what finish_agent_execution() was told.';
COMMENT ON COLUMN public.agent_executions.finish_answer IS 'What it answered.';
