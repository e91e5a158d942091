-- Price moves that a person should look at. The price itself is already applied.

SELECT model_access.note_table('model_review_items');
CREATE TABLE IF NOT EXISTS public.model_review_items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id varchar(100) NOT NULL,
    kind text NOT NULL CONSTRAINT model_review_items_kind_check
        CHECK (kind IN ('price_ratio', 'price_zero', 'price_unknown', 'peak_price')),
    old_value jsonb,
    new_value jsonb,
    sync_log_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    resolved_at timestamptz,
    resolved_by uuid
);

CREATE UNIQUE INDEX IF NOT EXISTS idx_model_review_items_open
    ON public.model_review_items (model_id, kind) WHERE resolved_at IS NULL;

ALTER TABLE public.model_review_items ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_review_items FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.model_review_items TO authenticated;
GRANT SELECT, UPDATE ON TABLE public.model_review_items TO service_role;
REVOKE ALL ON SEQUENCE public.model_review_items_id_seq FROM PUBLIC, anon, authenticated, service_role;

DROP POLICY IF EXISTS "Only admins can view review items" ON public.model_review_items;
CREATE POLICY "Only admins can view review items" ON public.model_review_items
    FOR SELECT TO authenticated USING ((SELECT model_access.model_access_is_admin()));

COMMENT ON TABLE public.model_review_items IS 'Alarms of the sync: at most one open item per model and kind.';
COMMENT ON COLUMN public.model_review_items.id IS 'Key.';
COMMENT ON COLUMN public.model_review_items.model_id IS 'The model.';
COMMENT ON COLUMN public.model_review_items.kind IS 'price_ratio (a large step), price_zero (to or from zero), price_unknown (-1) or peak_price (read in a peak window).';
COMMENT ON COLUMN public.model_review_items.old_value IS 'Pricing object before the first unreviewed move; NULL for a new model.';
COMMENT ON COLUMN public.model_review_items.new_value IS 'Pricing object that is in force.';
COMMENT ON COLUMN public.model_review_items.sync_log_id IS 'The sync that last raised it.';
COMMENT ON COLUMN public.model_review_items.created_at IS 'When it was first raised.';
COMMENT ON COLUMN public.model_review_items.resolved_at IS 'When a person dealt with it; NULL while open.';
COMMENT ON COLUMN public.model_review_items.resolved_by IS 'Who dealt with it.';
