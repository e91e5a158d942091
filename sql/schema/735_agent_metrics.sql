-- What each agent did on each day (UTC). The means are those of the sums beside them, exact after every call.

SELECT model_access.note_table('agent_metrics');
CREATE TABLE IF NOT EXISTS public.agent_metrics (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id uuid NOT NULL REFERENCES public.agents (id) ON DELETE CASCADE,
    date date NOT NULL,
    UNIQUE (agent_id, date)
);

ALTER TABLE public.agent_metrics
    ADD COLUMN IF NOT EXISTS total_requests integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS successful_requests integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS failed_requests integer DEFAULT 0,
    ADD COLUMN IF NOT EXISTS avg_latency_ms numeric(10,2),
    ADD COLUMN IF NOT EXISTS avg_tokens_in integer,
    ADD COLUMN IF NOT EXISTS avg_tokens_out integer,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now();

-- Of a table that was there before, means and counts tell the sums as well as they can.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = 'public.agent_metrics'::regclass AND a.attname = 'counted_requests'
                      AND NOT a.attisdropped) THEN
        ALTER TABLE public.agent_metrics
            ADD COLUMN sum_latency_ms bigint NOT NULL DEFAULT 0,
            ADD COLUMN sum_tokens_in bigint NOT NULL DEFAULT 0,
            ADD COLUMN sum_tokens_out bigint NOT NULL DEFAULT 0,
            ADD COLUMN counted_requests integer NOT NULL DEFAULT 0;
        UPDATE public.agent_metrics AS m
           SET sum_latency_ms = round(coalesce(m.avg_latency_ms, 0) * coalesce(m.successful_requests, 0)),
               sum_tokens_in = coalesce(m.avg_tokens_in, 0)::bigint * coalesce(m.successful_requests, 0),
               sum_tokens_out = coalesce(m.avg_tokens_out, 0)::bigint * coalesce(m.successful_requests, 0),
               counted_requests = CASE WHEN m.avg_tokens_in IS NULL THEN 0 ELSE coalesce(m.successful_requests, 0) END
         WHERE m.successful_requests > 0;
    END IF;
END $$;

CREATE INDEX IF NOT EXISTS idx_agent_metrics_agent_id ON public.agent_metrics (agent_id);
CREATE INDEX IF NOT EXISTS idx_agent_metrics_date ON public.agent_metrics (date DESC);

ALTER TABLE public.agent_metrics ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.agent_metrics FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.agent_metrics TO service_role;
GRANT SELECT ON TABLE public.agent_metrics TO authenticated;

DROP POLICY IF EXISTS agent_metrics_select ON public.agent_metrics;
CREATE POLICY agent_metrics_select ON public.agent_metrics FOR SELECT TO authenticated USING (true);

COMMENT ON TABLE public.agent_metrics IS 'What each agent did on each day. Statistics, not bills: those are in ai_usage.';
COMMENT ON COLUMN public.agent_metrics.id IS 'Key.';
COMMENT ON COLUMN public.agent_metrics.agent_id IS 'The agent.';
COMMENT ON COLUMN public.agent_metrics.date IS 'The day (UTC) on which the calls began.';
COMMENT ON COLUMN public.agent_metrics.total_requests IS 'Calls that ended.';
COMMENT ON COLUMN public.agent_metrics.successful_requests IS 'Those that succeeded.';
COMMENT ON COLUMN public.agent_metrics.failed_requests IS 'Those that failed or timed out.';
COMMENT ON COLUMN public.agent_metrics.avg_latency_ms IS 'Mean latency of those that succeeded.';
COMMENT ON COLUMN public.agent_metrics.avg_tokens_in IS 'Mean tokens read by those whose usage is known.';
COMMENT ON COLUMN public.agent_metrics.avg_tokens_out IS 'Mean tokens written by them.';
COMMENT ON COLUMN public.agent_metrics.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.agent_metrics.sum_latency_ms IS 'Milliseconds of the calls that succeeded, in all.';
COMMENT ON COLUMN public.agent_metrics.sum_tokens_in IS 'Tokens read, in all.';
COMMENT ON COLUMN public.agent_metrics.sum_tokens_out IS 'Tokens written, in all.';
COMMENT ON COLUMN public.agent_metrics.counted_requests IS 'Calls whose usage is known.';
