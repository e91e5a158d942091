-- What the ledger said of months that are kept no longer, summed. Written by maintain_usage_partitions() only.

SELECT model_access.note_table('ai_usage_folded');
CREATE TABLE IF NOT EXISTS public.ai_usage_folded (
    fold_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    month date NOT NULL,
    user_id uuid NOT NULL,
    organization_id uuid,
    tier text,
    plan text,
    model text NOT NULL,
    ledger_rows bigint NOT NULL,
    requests bigint NOT NULL,
    tokens_used numeric NOT NULL,
    quota_cost_usd numeric NOT NULL,
    cost_usd numeric NOT NULL,
    markup_usd numeric NOT NULL,
    total_usd numeric NOT NULL,
    folded_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS ai_usage_folded_user_idx ON public.ai_usage_folded (user_id, month);
CREATE INDEX IF NOT EXISTS ai_usage_folded_organization_idx
    ON public.ai_usage_folded (organization_id, month) WHERE organization_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS ai_usage_folded_month_idx ON public.ai_usage_folded (month);

ALTER TABLE public.ai_usage_folded ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.ai_usage_folded FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.ai_usage_folded TO service_role;
REVOKE ALL ON SEQUENCE public.ai_usage_folded_fold_id_seq FROM PUBLIC, anon, authenticated, service_role;

COMMENT ON TABLE public.ai_usage_folded IS 'What months held that the ledger no longer keeps, summed. Several rows of one month and user add up.';
COMMENT ON COLUMN public.ai_usage_folded.fold_id IS 'Key.';
COMMENT ON COLUMN public.ai_usage_folded.month IS 'The first day of the UTC month.';
COMMENT ON COLUMN public.ai_usage_folded.user_id IS 'As in ai_usage.';
COMMENT ON COLUMN public.ai_usage_folded.organization_id IS 'As in ai_usage.';
COMMENT ON COLUMN public.ai_usage_folded.tier IS 'As in ai_usage.';
COMMENT ON COLUMN public.ai_usage_folded.plan IS 'As in ai_usage.';
COMMENT ON COLUMN public.ai_usage_folded.model IS 'As in ai_usage.';
COMMENT ON COLUMN public.ai_usage_folded.ledger_rows IS 'How many rows were folded, corrections among them.';
COMMENT ON COLUMN public.ai_usage_folded.requests IS 'Their requests.';
COMMENT ON COLUMN public.ai_usage_folded.tokens_used IS 'Their tokens.';
COMMENT ON COLUMN public.ai_usage_folded.quota_cost_usd IS 'Their cost as quotas count it: corrections aside, USD.';
COMMENT ON COLUMN public.ai_usage_folded.cost_usd IS 'Their cost as bills count it: with corrections, USD. A cost that was never known adds nothing.';
COMMENT ON COLUMN public.ai_usage_folded.markup_usd IS 'Their markup, with corrections, USD.';
COMMENT ON COLUMN public.ai_usage_folded.total_usd IS 'Their total, with corrections, USD.';
COMMENT ON COLUMN public.ai_usage_folded.folded_at IS 'When they were folded.';
