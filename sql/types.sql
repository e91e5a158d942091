-- What the quota functions return. install() makes types of the same columns in public, for the wrappers.

CREATE TYPE model_access.quota_decision AS (
    allowed boolean, reason text, limit_name text, scope text, metric text, period text, limit_amount numeric,
    used numeric, held numeric, requested numeric, remaining numeric, resets_at timestamptz,
    retry_after_seconds integer, reservation_id uuid, warnings jsonb
);

CREATE TYPE model_access.usage_receipt AS (
    usage_id uuid, reservation_id uuid, model_id text, tokens bigint, cost_usd numeric, markup_usd numeric,
    total_usd numeric, cost_source text, repeated boolean, warnings jsonb
);

CREATE TYPE model_access.usage_repricing AS (
    rows_seen bigint, rows_corrected bigint, rows_unknown bigint, cost_difference_usd numeric, total_difference_usd numeric
);

COMMENT ON TYPE model_access.quota_decision IS 'May this call be made, and if not, why and when. Columns: as public.quota_decision.';
COMMENT ON TYPE model_access.usage_receipt IS 'What was stored of a call. Columns: as public.usage_receipt.';
COMMENT ON TYPE model_access.usage_repricing IS 'What reprice_usage() did. Columns: as public.usage_repricing.';
