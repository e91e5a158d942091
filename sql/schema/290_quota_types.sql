-- What the quota functions return. The engine has types of the same columns; these lie where PostgREST looks.

DO $$
BEGIN
    IF to_regtype('public.quota_decision') IS NULL THEN
        CREATE TYPE public.quota_decision AS (
            allowed boolean, reason text, limit_name text, scope text, metric text, period text, limit_amount numeric,
            used numeric, held numeric, requested numeric, remaining numeric, resets_at timestamptz,
            retry_after_seconds integer, reservation_id uuid, warnings jsonb
        );
    END IF;
    IF to_regtype('public.usage_receipt') IS NULL THEN
        CREATE TYPE public.usage_receipt AS (
            usage_id uuid, reservation_id uuid, model_id text, tokens bigint, cost_usd numeric, markup_usd numeric,
            total_usd numeric, cost_source text, repeated boolean, warnings jsonb
        );
    END IF;
    IF to_regtype('public.usage_repricing') IS NULL THEN
        CREATE TYPE public.usage_repricing AS (
            rows_seen bigint, rows_corrected bigint, rows_unknown bigint, cost_difference_usd numeric, total_difference_usd numeric
        );
    END IF;
END $$;

COMMENT ON TYPE public.quota_decision IS 'May this call be made, and if not, why and when.';
COMMENT ON COLUMN public.quota_decision.allowed IS 'Whether it may.';
COMMENT ON COLUMN public.quota_decision.reason IS 'Why not: a stable word; NULL when it may.';
COMMENT ON COLUMN public.quota_decision.limit_name IS 'The limit that refuses, else the one of which the smallest share is left.';
COMMENT ON COLUMN public.quota_decision.scope IS 'For whom that limit is.';
COMMENT ON COLUMN public.quota_decision.metric IS 'requests, tokens, cost_usd or concurrent.';
COMMENT ON COLUMN public.quota_decision.period IS 'When its count begins anew.';
COMMENT ON COLUMN public.quota_decision.limit_amount IS 'The most that it admits.';
COMMENT ON COLUMN public.quota_decision.used IS 'What is used of it.';
COMMENT ON COLUMN public.quota_decision.held IS 'What live reservations hold of it.';
COMMENT ON COLUMN public.quota_decision.requested IS 'What this call asks of it.';
COMMENT ON COLUMN public.quota_decision.remaining IS 'What is left of it, after this call where it was counted.';
COMMENT ON COLUMN public.quota_decision.resets_at IS 'When waiting helps; NULL when it never does.';
COMMENT ON COLUMN public.quota_decision.retry_after_seconds IS 'Seconds until then; NULL when allowed, or when waiting never helps.';
COMMENT ON COLUMN public.quota_decision.reservation_id IS 'The reservation that was made, to be settled or released.';
COMMENT ON COLUMN public.quota_decision.warnings IS 'Every limit that refuses or warns, an array of objects.';
COMMENT ON TYPE public.usage_receipt IS 'What was stored of a call.';
COMMENT ON COLUMN public.usage_receipt.usage_id IS 'The ledger row.';
COMMENT ON COLUMN public.usage_receipt.reservation_id IS 'The reservation that was settled.';
COMMENT ON COLUMN public.usage_receipt.model_id IS 'The model.';
COMMENT ON COLUMN public.usage_receipt.tokens IS 'Tokens in all.';
COMMENT ON COLUMN public.usage_receipt.cost_usd IS 'What the provider charges, USD; NULL while not known.';
COMMENT ON COLUMN public.usage_receipt.markup_usd IS 'What is added, USD.';
COMMENT ON COLUMN public.usage_receipt.total_usd IS 'Both.';
COMMENT ON COLUMN public.usage_receipt.cost_source IS 'Where the cost comes from: provider, provider_byok, computed, estimated or unknown.';
COMMENT ON COLUMN public.usage_receipt.repeated IS 'Whether the same usage had been stored before.';
COMMENT ON COLUMN public.usage_receipt.warnings IS 'Limits that are exceeded now, an array of objects.';
COMMENT ON TYPE public.usage_repricing IS 'What reprice_usage() did.';
COMMENT ON COLUMN public.usage_repricing.rows_seen IS 'Rows whose cost is our own or unknown, and that were not voided.';
COMMENT ON COLUMN public.usage_repricing.rows_corrected IS 'Those of them that got a correction.';
COMMENT ON COLUMN public.usage_repricing.rows_unknown IS 'Those of them whose price is not known: they stay as they are.';
COMMENT ON COLUMN public.usage_repricing.cost_difference_usd IS 'What the corrections change the cost by, USD.';
COMMENT ON COLUMN public.usage_repricing.total_difference_usd IS 'What they change cost and markup by, USD.';
