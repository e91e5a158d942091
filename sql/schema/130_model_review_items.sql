-- What a person should look at: price moves, models that came back, contexts that shrank. The change itself is already applied.

SELECT model_access.note_table('model_review_items');
CREATE TABLE IF NOT EXISTS public.model_review_items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id varchar(100) NOT NULL,
    kind text NOT NULL CONSTRAINT model_review_items_kind_check
        CHECK (kind IN ('price_ratio', 'price_zero', 'price_unknown', 'peak_price', 'returned', 'context_shrunk')),
    old_value jsonb,
    new_value jsonb,
    sync_log_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    resolved_at timestamptz,
    resolved_by uuid
);

-- Tables of 0.1.0 know four kinds.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint AS k
                    WHERE k.conrelid = 'public.model_review_items'::regclass AND k.conname = 'model_review_items_kind_check'
                      AND pg_get_constraintdef(k.oid) LIKE '%context_shrunk%') THEN
        ALTER TABLE public.model_review_items
            DROP CONSTRAINT IF EXISTS model_review_items_kind_check,
            ADD CONSTRAINT model_review_items_kind_check
                CHECK (kind IN ('price_ratio', 'price_zero', 'price_unknown', 'peak_price', 'returned', 'context_shrunk'));
    END IF;
END $$;

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
COMMENT ON COLUMN public.model_review_items.kind IS 'price_ratio (a large step), price_zero, price_unknown (-1), peak_price, returned (was inactive) or context_shrunk.';
COMMENT ON COLUMN public.model_review_items.old_value IS 'Before the first unreviewed change: pricing, {"context_length": n} or a status; NULL for prices of a new model.';
COMMENT ON COLUMN public.model_review_items.new_value IS 'The same after the last one that alarmed.';
COMMENT ON COLUMN public.model_review_items.sync_log_id IS 'The sync that last raised it.';
COMMENT ON COLUMN public.model_review_items.created_at IS 'When it was first raised.';
COMMENT ON COLUMN public.model_review_items.resolved_at IS 'When a person, or a rule that is applied by itself, dealt with it; NULL while open.';
COMMENT ON COLUMN public.model_review_items.resolved_by IS 'Who dealt with it; NULL for a rule, and for a server.';
