-- The ledger: one row per call that was paid for, never changed. Partitioned by month where install() makes it.

SELECT model_access.note_table('ai_usage');
CREATE TABLE IF NOT EXISTS public.ai_usage (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    model text NOT NULL,
    tokens_used bigint NOT NULL DEFAULT 0,
    cost_usd numeric,
    markup_usd numeric,
    total_usd numeric,
    created_at timestamptz NOT NULL DEFAULT now(),
    occurred_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);

-- A ledger of the seed: its key lets a deleted account take its bills along, its types are narrow, and an unknown cost is 0
-- in it. note_table() has kept key, defaults and NOT NULL for uninstall().
DO $$
DECLARE
    found record;
BEGIN
    IF 'ai_usage' = ANY ((SELECT s.adopted_tables FROM public.model_access_settings AS s WHERE s.singleton)::text[]) THEN
        FOR found IN
            SELECT k.conname FROM pg_constraint AS k
             WHERE k.conrelid = 'public.ai_usage'::regclass AND k.contype = 'f' AND k.confdeltype = 'c' AND k.conparentid = 0
               AND EXISTS (SELECT FROM pg_attribute AS a
                            WHERE a.attrelid = k.conrelid AND a.attname = 'user_id' AND a.attnum = ANY (k.conkey))
        LOOP
            EXECUTE format('ALTER TABLE public.ai_usage DROP CONSTRAINT %I', found.conname);
        END LOOP;
    END IF;
    FOR found IN
        SELECT a.attname, w.type, format_type(a.atttypid, a.atttypmod) <> w.type AS is_narrow,
               w.type = 'numeric' AND (a.attnotnull OR a.atthasdef) AS knows_no_null,
               pg_get_expr(d.adbin, d.adrelid) = 'timezone(''utc''::text, now())' AS is_seeds_clock
          FROM (VALUES ('tokens_used', 'bigint'), ('cost_usd', 'numeric'), ('markup_usd', 'numeric'), ('total_usd', 'numeric'),
                       ('created_at', 'timestamp with time zone')) AS w (name, type)
          JOIN pg_attribute AS a ON a.attrelid = 'public.ai_usage'::regclass AND a.attname = w.name AND NOT a.attisdropped
          LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LOOP
        IF found.is_narrow THEN
            EXECUTE format('ALTER TABLE public.ai_usage ALTER COLUMN %I TYPE %s', found.attname, found.type);
        END IF;
        IF found.knows_no_null THEN
            EXECUTE format('ALTER TABLE public.ai_usage ALTER COLUMN %1$I DROP NOT NULL, ALTER COLUMN %1$I DROP DEFAULT', found.attname);
        END IF;
        -- Right only in a session that runs in UTC.
        IF found.is_seeds_clock THEN
            EXECUTE format('ALTER TABLE public.ai_usage ALTER COLUMN %I SET DEFAULT now()', found.attname);
        END IF;
    END LOOP;
END $$;

-- Rows that an application wrote before belong to the instant at which it wrote them.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = 'public.ai_usage'::regclass
                      AND a.attname = 'occurred_at' AND NOT a.attisdropped) THEN
        ALTER TABLE public.ai_usage ADD COLUMN occurred_at timestamptz;
        UPDATE public.ai_usage AS u SET occurred_at = u.created_at WHERE true;
        ALTER TABLE public.ai_usage ALTER COLUMN occurred_at SET NOT NULL, ALTER COLUMN occurred_at SET DEFAULT now();
    END IF;
END $$;
-- Columns of fixed length first, eight bytes before four: none is padded.
ALTER TABLE public.ai_usage
    ADD COLUMN IF NOT EXISTS prompt_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS completion_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS cached_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS cache_write_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS reasoning_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS price_id bigint,
    ADD COLUMN IF NOT EXISTS requests integer NOT NULL DEFAULT 1,
    ADD COLUMN IF NOT EXISTS organization_id uuid,
    ADD COLUMN IF NOT EXISTS reservation_id uuid,
    ADD COLUMN IF NOT EXISTS corrects_id uuid,
    ADD COLUMN IF NOT EXISTS tier text,
    ADD COLUMN IF NOT EXISTS plan text,
    ADD COLUMN IF NOT EXISTS idempotency_key text,
    ADD COLUMN IF NOT EXISTS cost_source text NOT NULL DEFAULT 'application', -- of rows that stood before
    ADD COLUMN IF NOT EXISTS markup_percent numeric,
    ADD COLUMN IF NOT EXISTS computed_usd numeric,
    ADD COLUMN IF NOT EXISTS other_usage jsonb,
    ADD COLUMN IF NOT EXISTS correction_reason text;
ALTER TABLE public.ai_usage ALTER COLUMN cost_source SET DEFAULT 'unknown';

SELECT model_access.make_usage_partitions(now(), 3);

CREATE INDEX IF NOT EXISTS ai_usage_user_id_idx ON public.ai_usage (user_id);
CREATE INDEX IF NOT EXISTS ai_usage_created_at_idx ON public.ai_usage (created_at DESC);
CREATE INDEX IF NOT EXISTS ai_usage_user_created_idx ON public.ai_usage (user_id, created_at DESC);
-- By the day, not the instant: rows of one user and day share an entry, of 6 bytes each instead of 40 to 50.
CREATE INDEX IF NOT EXISTS ai_usage_user_day_idx ON public.ai_usage (user_id, (timezone('UTC', occurred_at)::date));
CREATE INDEX IF NOT EXISTS ai_usage_organization_day_idx
    ON public.ai_usage (organization_id, (timezone('UTC', occurred_at)::date)) WHERE organization_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS ai_usage_corrects_idx ON public.ai_usage (corrects_id) WHERE corrects_id IS NOT NULL;

ALTER TABLE public.ai_usage ENABLE ROW LEVEL SECURITY;
-- Nobody but the engine writes the ledger, not even service_role: its rows and the counters belong together.
REVOKE ALL ON TABLE public.ai_usage FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.ai_usage TO authenticated, service_role;

DROP POLICY IF EXISTS "Users can view their own usage" ON public.ai_usage;
CREATE POLICY "Users can view their own usage" ON public.ai_usage
    FOR SELECT TO authenticated USING ((SELECT auth.uid()) = user_id);
-- Stands by the seed's name, and lets nobody in: service_role has no INSERT, see above.
DROP POLICY IF EXISTS "Service can insert usage records" ON public.ai_usage;
CREATE POLICY "Service can insert usage records" ON public.ai_usage
    FOR INSERT TO service_role WITH CHECK (true);
-- Policies are alternatives. One that says yes or no for all rows, as "is he an admin?" does, takes every index from
-- everybody: 50 rows of one's own were looked for in the whole ledger. So both of the admins' are ranges of a column with an
-- index, empty for those who are none: from an id to itself is that id, from the least uuid to the greatest is everybody.
DROP POLICY IF EXISTS "Admins can view all usage" ON public.ai_usage;
CREATE POLICY "Admins can view all usage" ON public.ai_usage
    FOR SELECT TO authenticated USING (
        user_id >= (SELECT '00000000-0000-0000-0000-000000000000'::uuid FROM public.user_profiles AS p
                     WHERE p.id = (SELECT auth.uid()) AND p.role = 'admin' LIMIT 1)
        AND user_id <= (SELECT 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid FROM public.user_profiles AS p
                         WHERE p.id = (SELECT auth.uid()) AND p.role = 'admin' LIMIT 1));
DROP POLICY IF EXISTS "Organization admins can view its usage" ON public.ai_usage;
CREATE POLICY "Organization admins can view its usage" ON public.ai_usage
    FOR SELECT TO authenticated USING (
        organization_id >= (SELECT p.organization_id FROM public.profiles AS p
                             WHERE p.id = (SELECT auth.uid()) AND p.role IN ('admin', 'superadmin'))
        AND organization_id <= (SELECT p.organization_id FROM public.profiles AS p
                                 WHERE p.id = (SELECT auth.uid()) AND p.role IN ('admin', 'superadmin')));

-- Policies read with the reader's own rights: where he may not read what they read, he would not even see his own usage.
DO $$
DECLARE
    missing record;
BEGIN
    FOR missing IN
        SELECT r.name, r.columns
          FROM (VALUES ('user_profiles', 'id, role'), ('profiles', 'id, role, organization_id')) AS r (name, columns)
         WHERE NOT (SELECT bool_and(has_column_privilege('authenticated', format('public.%I', r.name), x.name, 'SELECT'))
                      FROM unnest(string_to_array(r.columns, ', ')) AS x (name))
    LOOP
        RAISE WARNING 'authenticated may not read % of %, which a policy on ai_usage reads', missing.columns, missing.name
            USING DETAIL = 'Whoever asks for his usage gets an error.',
                  HINT = format('Run GRANT SELECT (%s) ON public.%I TO authenticated; row level security says which rows.', missing.columns, missing.name);
    END LOOP;
END $$;

COMMENT ON TABLE public.ai_usage IS 'The ledger of calls: who used which model, how much, at which cost. Append-only.';
COMMENT ON COLUMN public.ai_usage.id IS 'Key, with occurred_at.';
COMMENT ON COLUMN public.ai_usage.user_id IS 'Who called. No foreign key: deleting an account keeps its bills.';
COMMENT ON COLUMN public.ai_usage.model IS 'The model: an OpenRouter id, or system/<id>.';
COMMENT ON COLUMN public.ai_usage.tokens_used IS 'Tokens in all.';
COMMENT ON COLUMN public.ai_usage.cost_usd IS 'What the provider charges, USD. NULL: not known. Of a correction: the difference.';
COMMENT ON COLUMN public.ai_usage.markup_usd IS 'What is added, USD.';
COMMENT ON COLUMN public.ai_usage.total_usd IS 'cost_usd + markup_usd.';
COMMENT ON COLUMN public.ai_usage.created_at IS 'When the row was written.';
COMMENT ON COLUMN public.ai_usage.occurred_at IS 'When the call was admitted: the instant that decides window and price.';
COMMENT ON COLUMN public.ai_usage.organization_id IS 'The user''s organisation at that instant.';
COMMENT ON COLUMN public.ai_usage.tier IS 'The user''s tier at that instant.';
COMMENT ON COLUMN public.ai_usage.plan IS 'The organisation''s plan at that instant.';
COMMENT ON COLUMN public.ai_usage.prompt_tokens IS 'Tokens sent, cached ones and written ones among them.';
COMMENT ON COLUMN public.ai_usage.completion_tokens IS 'Tokens received, reasoning ones among them.';
COMMENT ON COLUMN public.ai_usage.cached_tokens IS 'Prompt tokens that were read from the provider''s cache.';
COMMENT ON COLUMN public.ai_usage.cache_write_tokens IS 'Prompt tokens that were written to the provider''s cache.';
COMMENT ON COLUMN public.ai_usage.reasoning_tokens IS 'Completion tokens that were spent on reasoning.';
COMMENT ON COLUMN public.ai_usage.requests IS 'Requests that the row counts for; 0 for corrections.';
COMMENT ON COLUMN public.ai_usage.reservation_id IS 'The reservation that was settled.';
COMMENT ON COLUMN public.ai_usage.idempotency_key IS 'The caller''s key, if he gave one.';
COMMENT ON COLUMN public.ai_usage.price_id IS 'Row of model_price_history that was in force then, if the model had a price.';
COMMENT ON COLUMN public.ai_usage.cost_source IS 'provider, provider_byok, computed, estimated, unknown, application; of corrections repriced or voided.';
COMMENT ON COLUMN public.ai_usage.markup_percent IS 'The markup that was applied, percent of cost_usd.';
COMMENT ON COLUMN public.ai_usage.other_usage IS 'What else is charged for, by the name of its price: {"web_search": 2}. NULL when nothing is.';
COMMENT ON COLUMN public.ai_usage.computed_usd IS 'What our prices give, USD, where the provider says another cost. NULL when they agree.';
COMMENT ON COLUMN public.ai_usage.corrects_id IS 'The row that this one corrects.';
COMMENT ON COLUMN public.ai_usage.correction_reason IS 'Why it was corrected.';
