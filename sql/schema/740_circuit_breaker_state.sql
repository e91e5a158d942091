-- Whether calls reach an agent: its breaker. Written by acquire_agent(), start_agent_execution() and finish_agent_execution().

SELECT model_access.note_table('circuit_breaker_state');
CREATE TABLE IF NOT EXISTS public.circuit_breaker_state (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id uuid NOT NULL UNIQUE REFERENCES public.agents (id) ON DELETE CASCADE,
    state varchar(50) NOT NULL
);

ALTER TABLE public.circuit_breaker_state
    ADD COLUMN IF NOT EXISTS failure_count integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS success_count integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS last_failure_time timestamptz,
    ADD COLUMN IF NOT EXISTS last_success_time timestamptz,
    ADD COLUMN IF NOT EXISTS opened_at timestamptz,
    ADD COLUMN IF NOT EXISTS metadata jsonb,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS probe_times timestamptz[] NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS probe_executions uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS probe_ids uuid[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE TRIGGER update_circuit_breaker_state_updated_at
    BEFORE UPDATE ON public.circuit_breaker_state FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

ALTER TABLE public.circuit_breaker_state ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.circuit_breaker_state FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.circuit_breaker_state TO service_role;
GRANT SELECT ON TABLE public.circuit_breaker_state TO authenticated;

DROP POLICY IF EXISTS circuit_breaker_state_select ON public.circuit_breaker_state;
CREATE POLICY circuit_breaker_state_select ON public.circuit_breaker_state FOR SELECT TO authenticated USING (true);

COMMENT ON TABLE public.circuit_breaker_state IS 'Breakers of agents. One that never failed has none.';
COMMENT ON COLUMN public.circuit_breaker_state.id IS 'Key.';
COMMENT ON COLUMN public.circuit_breaker_state.agent_id IS 'The agent.';
COMMENT ON COLUMN public.circuit_breaker_state.state IS 'closed: calls pass; open: none does; half_open: a few try.';
COMMENT ON COLUMN public.circuit_breaker_state.failure_count IS 'Failures in a row while it was closed.';
COMMENT ON COLUMN public.circuit_breaker_state.success_count IS 'Successes since it is half-open.';
COMMENT ON COLUMN public.circuit_breaker_state.last_failure_time IS 'When a call last failed.';
COMMENT ON COLUMN public.circuit_breaker_state.last_success_time IS 'When a call last succeeded.';
COMMENT ON COLUMN public.circuit_breaker_state.opened_at IS 'When it last opened.';
COMMENT ON COLUMN public.circuit_breaker_state.metadata IS 'What the application keeps of it.';
COMMENT ON COLUMN public.circuit_breaker_state.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.circuit_breaker_state.updated_at IS 'When the row was last changed.';
COMMENT ON COLUMN public.circuit_breaker_state.probe_times IS 'Since when each call is out that tries whether the agent works again.';
COMMENT ON COLUMN public.circuit_breaker_state.probe_executions IS 'Their executions, in the same order; NULL before one has begun.';
COMMENT ON COLUMN public.circuit_breaker_state.probe_ids IS 'What acquire_agent() calls them, in the same order.';
