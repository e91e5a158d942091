-- Reservations, what they hold, and the answers kept for retries. Written by the engine only.

SELECT model_access.note_table('quota_reservations');
CREATE TABLE IF NOT EXISTS public.quota_reservations (
    reservation_id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    organization_id uuid,
    tier text,
    plan text,
    model text NOT NULL,
    requests integer NOT NULL,
    tokens bigint NOT NULL,
    cost_usd numeric,
    price_id bigint,
    occurred_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'active' CONSTRAINT quota_reservations_status_check
        CHECK (status IN ('active', 'settled', 'released', 'expired')),
    idempotency_key text,
    usage_id uuid,
    usage_fingerprint bigint
) WITH (fillfactor = 80);
ALTER TABLE public.quota_reservations ADD COLUMN IF NOT EXISTS is_free boolean;
CREATE INDEX IF NOT EXISTS quota_reservations_user_idx ON public.quota_reservations (user_id);
CREATE INDEX IF NOT EXISTS quota_reservations_expires_idx ON public.quota_reservations (expires_at);

SELECT model_access.note_table('quota_holds');
CREATE TABLE IF NOT EXISTS public.quota_holds (
    counter_id bigint NOT NULL,
    reservation_id uuid NOT NULL,
    amount numeric NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (reservation_id, counter_id)
);
CREATE INDEX IF NOT EXISTS quota_holds_counter_idx ON public.quota_holds (counter_id, expires_at);
CREATE INDEX IF NOT EXISTS quota_holds_expires_idx ON public.quota_holds (expires_at);

SELECT model_access.note_table('quota_requests');
CREATE TABLE IF NOT EXISTS public.quota_requests (
    user_id uuid NOT NULL,
    idempotency_key text COLLATE "C" NOT NULL,
    operation text NOT NULL,
    fingerprint bigint NOT NULL,
    result jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, idempotency_key)
);
CREATE INDEX IF NOT EXISTS quota_requests_created_idx ON public.quota_requests (created_at);

ALTER TABLE public.quota_reservations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.quota_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.quota_requests ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.quota_reservations, public.quota_holds, public.quota_requests
    FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.quota_reservations TO authenticated;
GRANT SELECT ON TABLE public.quota_reservations, public.quota_holds, public.quota_requests TO service_role;

DROP POLICY IF EXISTS "Users can view their own reservations" ON public.quota_reservations;
CREATE POLICY "Users can view their own reservations" ON public.quota_reservations FOR SELECT TO authenticated
    USING (user_id = (SELECT auth.uid()));

COMMENT ON TABLE public.quota_reservations IS 'Calls that were admitted and are to be settled, with what was true when they were.';
COMMENT ON COLUMN public.quota_reservations.reservation_id IS 'Key, which reserve_model_quota() returned.';
COMMENT ON COLUMN public.quota_reservations.user_id IS 'Who calls.';
COMMENT ON COLUMN public.quota_reservations.organization_id IS 'The user''s organisation when it was made.';
COMMENT ON COLUMN public.quota_reservations.tier IS 'The user''s tier when it was made.';
COMMENT ON COLUMN public.quota_reservations.plan IS 'The organisation''s plan when it was made.';
COMMENT ON COLUMN public.quota_reservations.model IS 'The model.';
COMMENT ON COLUMN public.quota_reservations.requests IS 'Requests that are held.';
COMMENT ON COLUMN public.quota_reservations.tokens IS 'Tokens that are held: the prompt and the longest answer.';
COMMENT ON COLUMN public.quota_reservations.cost_usd IS 'Cost that is held, USD; NULL when not known.';
COMMENT ON COLUMN public.quota_reservations.price_id IS 'Row of model_price_history that was in force then: its price is charged.';
COMMENT ON COLUMN public.quota_reservations.occurred_at IS 'When it was made: the usage will belong to this instant.';
COMMENT ON COLUMN public.quota_reservations.expires_at IS 'From then on it no longer counts. It can still be settled.';
COMMENT ON COLUMN public.quota_reservations.status IS 'active, settled, released or expired. An active one past expires_at holds nothing.';
COMMENT ON COLUMN public.quota_reservations.idempotency_key IS 'The caller''s key, if he gave one.';
COMMENT ON COLUMN public.quota_reservations.usage_id IS 'The ledger row that settled it.';
COMMENT ON COLUMN public.quota_reservations.usage_fingerprint IS 'Hash of the usage that settled it, to know a retry.';
COMMENT ON COLUMN public.quota_reservations.is_free IS 'Whether it is of a system model that was free then, which no organisation''s quota counts; else NULL.';
COMMENT ON TABLE public.quota_holds IS 'What reservations hold of which counters.';
COMMENT ON COLUMN public.quota_holds.counter_id IS 'The counter.';
COMMENT ON COLUMN public.quota_holds.reservation_id IS 'The reservation.';
COMMENT ON COLUMN public.quota_holds.amount IS 'How much, in the counter''s metric.';
COMMENT ON COLUMN public.quota_holds.expires_at IS 'As of the reservation.';
COMMENT ON TABLE public.quota_requests IS 'Answers to calls with an idempotency key, for retries. Only what was admitted is kept.';
COMMENT ON COLUMN public.quota_requests.user_id IS 'For whom the call was.';
COMMENT ON COLUMN public.quota_requests.idempotency_key IS 'The caller''s key.';
COMMENT ON COLUMN public.quota_requests.operation IS 'consume, reserve or record.';
COMMENT ON COLUMN public.quota_requests.fingerprint IS 'Hash of the arguments, to know another call with the same key.';
COMMENT ON COLUMN public.quota_requests.result IS 'The answer.';
COMMENT ON COLUMN public.quota_requests.created_at IS 'When; kept for key_retention.';
