-- How each agent does, by its last calls.

SELECT model_access.note_table('agent_health');
CREATE TABLE IF NOT EXISTS public.agent_health (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id uuid NOT NULL UNIQUE REFERENCES public.agents (id) ON DELETE CASCADE,
    status varchar(50) NOT NULL
);

ALTER TABLE public.agent_health
    ADD COLUMN IF NOT EXISTS last_check timestamptz,
    ADD COLUMN IF NOT EXISTS last_error text,
    ADD COLUMN IF NOT EXISTS consecutive_failures integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS metadata jsonb,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz DEFAULT now();

CREATE OR REPLACE TRIGGER update_agent_health_updated_at
    BEFORE UPDATE ON public.agent_health FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

ALTER TABLE public.agent_health ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.agent_health FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.agent_health TO service_role;
-- What an agent answered when it failed is for those who run it.
GRANT SELECT (id, agent_id, status, last_check, consecutive_failures, created_at, updated_at) ON TABLE public.agent_health TO authenticated;

DROP POLICY IF EXISTS agent_health_select ON public.agent_health;
CREATE POLICY agent_health_select ON public.agent_health FOR SELECT TO authenticated USING (true);

COMMENT ON TABLE public.agent_health IS 'How each agent does, by its last calls. Written by finish_agent_execution().';
COMMENT ON COLUMN public.agent_health.id IS 'Key.';
COMMENT ON COLUMN public.agent_health.agent_id IS 'The agent.';
COMMENT ON COLUMN public.agent_health.status IS 'healthy; degraded when its last call failed; unhealthy when its breaker is open.';
COMMENT ON COLUMN public.agent_health.last_check IS 'When a call last ended.';
COMMENT ON COLUMN public.agent_health.last_error IS 'What the last failure said. Clients cannot read it.';
COMMENT ON COLUMN public.agent_health.consecutive_failures IS 'Failures since the last success.';
COMMENT ON COLUMN public.agent_health.metadata IS 'What the application keeps of it. Clients cannot read it.';
COMMENT ON COLUMN public.agent_health.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.agent_health.updated_at IS 'When the row was last changed.';
