-- What was used of system models: a row per call, never changed. Bills outlive user, organisation and model: no foreign keys.

SELECT model_access.note_table('ai_model_usage');
CREATE TABLE IF NOT EXISTS public.ai_model_usage (
    id bigserial PRIMARY KEY,
    user_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    model_id bigint NOT NULL,
    model_type text NOT NULL,
    tokens_used bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE public.ai_model_usage
    ADD COLUMN IF NOT EXISTS model_name text,
    ADD COLUMN IF NOT EXISTS requests_count integer NOT NULL DEFAULT 1,
    ADD COLUMN IF NOT EXISTS period_start timestamptz NOT NULL,
    ADD COLUMN IF NOT EXISTS period_end timestamptz NOT NULL,
    ADD COLUMN IF NOT EXISTS period_type text NOT NULL;

-- In a table of the seed stands the usage of free models too, which no organisation's quota counted.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = 'public.ai_model_usage'::regclass AND a.attname = 'is_free'
                      AND NOT a.attisdropped) THEN
        ALTER TABLE public.ai_model_usage ADD COLUMN is_free boolean NOT NULL DEFAULT false;
        UPDATE public.ai_model_usage AS u SET is_free = true
          FROM public.ai_models_system AS m
         WHERE m.id = u.model_id AND m.is_free AND u.model_type = 'system';
    END IF;
END $$;

-- A table of the seed: its key lets a deleted organisation take its bills along, and its tokens are narrow. A key that does not
-- would refuse the bill of a call whose user, organisation or model is deleted meanwhile. note_table() has kept the keys for
-- uninstall().
DO $$
DECLARE
    found record;
BEGIN
    IF 'ai_model_usage' = ANY ((SELECT s.adopted_tables FROM public.model_access_settings AS s WHERE s.singleton)::text[]) THEN
        FOR found IN
            SELECT k.conname FROM pg_constraint AS k
             WHERE k.conrelid = 'public.ai_model_usage'::regclass AND k.contype = 'f'
               AND (k.confdeltype = 'c' OR EXISTS (
                    SELECT FROM pg_attribute AS a
                     WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attname IN ('user_id', 'organization_id', 'model_id')))
        LOOP
            EXECUTE format('ALTER TABLE public.ai_model_usage DROP CONSTRAINT %I', found.conname);
        END LOOP;
    END IF;
    IF EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = 'public.ai_model_usage'::regclass AND a.attname = 'tokens_used'
                  AND a.atttypid = 'integer'::regtype) THEN
        ALTER TABLE public.ai_model_usage ALTER COLUMN tokens_used TYPE bigint;
    END IF;
END $$;

CREATE INDEX IF NOT EXISTS idx_ai_model_usage_user_period ON public.ai_model_usage (user_id, period_start DESC, period_end DESC);
CREATE INDEX IF NOT EXISTS idx_ai_model_usage_user_model ON public.ai_model_usage (user_id, model_id, model_type, period_start DESC);
CREATE INDEX IF NOT EXISTS idx_ai_model_usage_org_period ON public.ai_model_usage (organization_id, period_start DESC);
CREATE INDEX IF NOT EXISTS idx_ai_model_usage_model ON public.ai_model_usage (model_id, model_type);
CREATE INDEX IF NOT EXISTS idx_ai_model_usage_period ON public.ai_model_usage (period_type, period_start, period_end);
-- The engine sums by the instant of the call, whatever period the row names.
CREATE INDEX IF NOT EXISTS ai_model_usage_user_model_created_idx
    ON public.ai_model_usage (user_id, model_id, created_at) WHERE model_type = 'system';
CREATE INDEX IF NOT EXISTS ai_model_usage_organization_created_idx ON public.ai_model_usage (organization_id, created_at);

ALTER TABLE public.ai_model_usage ENABLE ROW LEVEL SECURITY;
-- Nobody but the engine writes it, not even service_role: what an organisation has used is not for it to say.
REVOKE ALL ON TABLE public.ai_model_usage FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.ai_model_usage TO authenticated, service_role;
DO $$
DECLARE
    sequence CONSTANT text := pg_get_serial_sequence('public.ai_model_usage', 'id');
BEGIN
    IF sequence IS NOT NULL THEN
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC, anon, authenticated, service_role', sequence);
    END IF;
END $$;

-- As in 400_ai_models_system.sql. Ranges of indexed columns, empty for whom they are not meant, as on ai_usage.
DO $$
BEGIN
    IF to_regprocedure('model_access.open_system_models()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS "Superadmin view all usage" ON public.ai_model_usage;
    CREATE POLICY "Superadmin view all usage" ON public.ai_model_usage
        FOR SELECT TO authenticated USING (
            user_id >= (SELECT '00000000-0000-0000-0000-000000000000'::uuid WHERE (SELECT model_access.is_superadmin()))
            AND user_id <= (SELECT 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid WHERE (SELECT model_access.is_superadmin())));
    DROP POLICY IF EXISTS "Admin view org usage" ON public.ai_model_usage;
    CREATE POLICY "Admin view org usage" ON public.ai_model_usage
        FOR SELECT TO authenticated USING (
            organization_id >= (SELECT model_access.get_user_organization_id() WHERE (SELECT model_access.is_admin()))
            AND organization_id <= (SELECT model_access.get_user_organization_id() WHERE (SELECT model_access.is_admin())));
    DROP POLICY IF EXISTS "User view own usage" ON public.ai_model_usage;
    CREATE POLICY "User view own usage" ON public.ai_model_usage
        FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
    -- Stands by the seed's name, and lets nobody in: no client has INSERT, see above.
    DROP POLICY IF EXISTS "System insert usage records" ON public.ai_model_usage;
    CREATE POLICY "System insert usage records" ON public.ai_model_usage
        FOR INSERT TO authenticated WITH CHECK (
            user_id = (SELECT auth.uid()) AND organization_id = (SELECT model_access.get_user_organization_id()));
END $$;

COMMENT ON TABLE public.ai_model_usage IS 'What was used of system models: a row per call. Append-only, written by the engine.';
COMMENT ON COLUMN public.ai_model_usage.id IS 'Key.';
COMMENT ON COLUMN public.ai_model_usage.user_id IS 'Who called. No foreign key: deleting an account keeps its bills.';
COMMENT ON COLUMN public.ai_model_usage.organization_id IS 'His organisation then. No foreign key, for the same reason.';
COMMENT ON COLUMN public.ai_model_usage.model_id IS 'The model: ai_models_system.id where model_type is system.';
COMMENT ON COLUMN public.ai_model_usage.model_type IS 'system; rows of an application also org_default and user.';
COMMENT ON COLUMN public.ai_model_usage.model_name IS 'Its name then.';
COMMENT ON COLUMN public.ai_model_usage.tokens_used IS 'Tokens in all.';
COMMENT ON COLUMN public.ai_model_usage.requests_count IS 'Calls that the row counts for.';
COMMENT ON COLUMN public.ai_model_usage.period_start IS 'The period of the model that the call belongs to, from here on.';
COMMENT ON COLUMN public.ai_model_usage.period_end IS 'Until before this instant.';
COMMENT ON COLUMN public.ai_model_usage.period_type IS 'daily, weekly or monthly.';
COMMENT ON COLUMN public.ai_model_usage.is_free IS 'Whether the model was free then: the organisation''s quota does not count it.';
COMMENT ON COLUMN public.ai_model_usage.created_at IS 'When the call was made: the instant that decides the period.';
