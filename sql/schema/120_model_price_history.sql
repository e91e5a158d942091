-- Every price that was ever in force. A ledger row names the price row by which it was charged.

SELECT model_access.note_table('model_price_history');
CREATE TABLE IF NOT EXISTS public.model_price_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id varchar(100) NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    pricing jsonb NOT NULL,
    CONSTRAINT model_price_history_validity_check CHECK (valid_to >= valid_from)
);

CREATE UNIQUE INDEX IF NOT EXISTS idx_model_price_history_open
    ON public.model_price_history (model_id) WHERE valid_to IS NULL;
CREATE INDEX IF NOT EXISTS idx_model_price_history_model
    ON public.model_price_history (model_id, valid_from DESC);

ALTER TABLE public.model_price_history ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_price_history FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.model_price_history TO authenticated, service_role;
REVOKE ALL ON SEQUENCE public.model_price_history_id_seq FROM PUBLIC, anon, authenticated, service_role;

DROP POLICY IF EXISTS "Authenticated users can view prices" ON public.model_price_history;
CREATE POLICY "Authenticated users can view prices" ON public.model_price_history
    FOR SELECT TO authenticated USING ((SELECT auth.role()) = 'authenticated');

COMMENT ON TABLE public.model_price_history IS 'Prices of each model through time: the whole pricing object, one open row per model.';
COMMENT ON COLUMN public.model_price_history.id IS 'Key; ledger rows name it.';
COMMENT ON COLUMN public.model_price_history.model_id IS 'The model. Not a foreign key: prices outlive rows of the catalogue.';
COMMENT ON COLUMN public.model_price_history.valid_from IS 'First instant at which the price held.';
COMMENT ON COLUMN public.model_price_history.valid_to IS 'First instant at which it no longer held; NULL for the price in force.';
COMMENT ON COLUMN public.model_price_history.pricing IS 'The pricing object as sent: USD decimal strings, overrides included.';
