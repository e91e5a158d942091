-- Models that a superadmin offers to organisations: whom they are for, what they are told, and how they are reached.

-- Only what a row cannot be without stands here: the rest is added, to a table that was there before as well. Rules for
-- values stand in 435_system_model_rules.sql.
SELECT model_access.note_table('ai_models_system');
CREATE TABLE IF NOT EXISTS public.ai_models_system (
    id bigserial PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL
);

ALTER TABLE public.ai_models_system
    ADD COLUMN IF NOT EXISTS task jsonb,
    ADD COLUMN IF NOT EXISTS system_message text NOT NULL,
    ADD COLUMN IF NOT EXISTS api_key text NOT NULL,
    ADD COLUMN IF NOT EXISTS endpoint text NOT NULL,
    ADD COLUMN IF NOT EXISTS max_tokens integer NOT NULL DEFAULT 200,
    ADD COLUMN IF NOT EXISTS icon text,
    ADD COLUMN IF NOT EXISTS organization_types text[] NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS required_plan text NOT NULL DEFAULT 'free',
    ADD COLUMN IF NOT EXISTS token_limit_period text,
    ADD COLUMN IF NOT EXISTS token_limit_amount integer,
    ADD COLUMN IF NOT EXISTS is_free boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS is_trial boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS trial_expires_days integer,
    ADD COLUMN IF NOT EXISTS is_active boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS is_featured boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS description text,
    ADD COLUMN IF NOT EXISTS tags text[] DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS sort_order integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now();

-- A table of the seed lets it be NULL, which means what no type means: all of them.
UPDATE public.ai_models_system AS m SET organization_types = '{}' WHERE m.organization_types IS NULL;
ALTER TABLE public.ai_models_system
    ALTER COLUMN organization_types SET DEFAULT '{}', ALTER COLUMN organization_types SET NOT NULL;

CREATE INDEX IF NOT EXISTS idx_ai_models_system_active ON public.ai_models_system (is_active) WHERE is_active = true;
CREATE INDEX IF NOT EXISTS idx_ai_models_system_org_types ON public.ai_models_system USING gin (organization_types);
CREATE INDEX IF NOT EXISTS idx_ai_models_system_required_plan ON public.ai_models_system (required_plan);
CREATE INDEX IF NOT EXISTS idx_ai_models_system_featured ON public.ai_models_system (is_featured) WHERE is_featured = true;
CREATE INDEX IF NOT EXISTS idx_ai_models_system_tags ON public.ai_models_system USING gin (tags);
CREATE INDEX IF NOT EXISTS idx_ai_models_system_sort_order ON public.ai_models_system (sort_order, created_at);

-- One that the application has already is left as it is. Ours is closed each time: a restore gives it what the database gives
-- to every new function.
DO $$
DECLARE
    body CONSTANT text := 'BEGIN NEW.updated_at = pg_catalog.now(); RETURN NEW; END';
BEGIN
    IF to_regprocedure('public.update_ai_models_system_updated_at()') IS NULL THEN
        EXECUTE format('CREATE FUNCTION public.update_ai_models_system_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path = '''' AS %L', body);
        COMMENT ON FUNCTION public.update_ai_models_system_updated_at() IS 'Trigger: notes when a row of ai_models_system was changed.';
    END IF;
    IF EXISTS (SELECT FROM pg_proc AS p WHERE p.oid = 'public.update_ai_models_system_updated_at()'::regprocedure AND p.prosrc = body) THEN
        REVOKE ALL ON FUNCTION public.update_ai_models_system_updated_at() FROM PUBLIC, anon, authenticated, service_role;
    END IF;
END $$;
CREATE OR REPLACE TRIGGER trigger_ai_models_system_updated_at
    BEFORE UPDATE ON public.ai_models_system FOR EACH ROW
    EXECUTE FUNCTION public.update_ai_models_system_updated_at();

-- As in 030_organizations.sql. Of keys and prompts nothing is told.
DO $$
BEGIN
    IF to_regprocedure('model_access.note_decision()') IS NOT NULL THEN
        CREATE OR REPLACE TRIGGER ai_models_system_note_decision
            AFTER UPDATE OR DELETE ON public.ai_models_system FOR EACH ROW
            EXECUTE FUNCTION model_access.note_decision('system_model', 'id', '', 'name', 'organization_types', 'required_plan', 'token_limit_period',
                'token_limit_amount', 'is_free', 'is_trial', 'trial_expires_days', 'is_active');
    END IF;
END $$;

ALTER TABLE public.ai_models_system ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.ai_models_system FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.ai_models_system TO service_role;
-- Every column but api_key, and no column that an application added: policies say which rows, and rows are not enough.
GRANT SELECT (id, name, role, task, system_message, endpoint, max_tokens, icon, organization_types, required_plan, token_limit_period,
              token_limit_amount, is_free, is_trial, trial_expires_days, is_active, is_featured, description, tags, sort_order,
              created_at, updated_at), INSERT, UPDATE, DELETE
    ON TABLE public.ai_models_system TO authenticated;
DO $$
DECLARE
    sequence CONSTANT text := pg_get_serial_sequence('public.ai_models_system', 'id');
BEGIN
    IF sequence IS NOT NULL THEN
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC, anon, authenticated, service_role', sequence);
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO authenticated, service_role', sequence);
    END IF;
END $$;

-- An extension of an older version lacks the functions: then nobody is let in until it is updated, and install() runs again.
DO $$
BEGIN
    IF to_regprocedure('model_access.open_system_models()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS "Superadmin full access to system models" ON public.ai_models_system;
    CREATE POLICY "Superadmin full access to system models" ON public.ai_models_system
        FOR ALL TO authenticated USING ((SELECT model_access.is_superadmin())) WITH CHECK ((SELECT model_access.is_superadmin()));
    -- Who may not call a model does not read what it is told either.
    DROP POLICY IF EXISTS "Admin read filtered system models" ON public.ai_models_system;
    CREATE POLICY "Admin read filtered system models" ON public.ai_models_system
        FOR SELECT TO authenticated USING (
            (SELECT model_access.get_user_role()) = 'admin' AND id = ANY ((SELECT model_access.open_system_models())::bigint[]));
    DROP POLICY IF EXISTS "User read enabled system models" ON public.ai_models_system;
    CREATE POLICY "User read enabled system models" ON public.ai_models_system
        FOR SELECT TO authenticated USING (
            (SELECT model_access.get_user_role()) = 'user' AND id = ANY ((SELECT model_access.open_system_models())::bigint[]));
END $$;

COMMENT ON TABLE public.ai_models_system IS 'Models that a superadmin offers to organisations. Elsewhere one is called system/<id>.';
COMMENT ON COLUMN public.ai_models_system.id IS 'Key; system/<id> is the model in limits, reservations and ledger.';
COMMENT ON COLUMN public.ai_models_system.name IS 'Name to show.';
COMMENT ON COLUMN public.ai_models_system.role IS 'What it does, in a word of the application: writer, tutor.';
COMMENT ON COLUMN public.ai_models_system.task IS 'Its tasks: an array of objects with name and system_message.';
COMMENT ON COLUMN public.ai_models_system.system_message IS 'What the model is told before everything else.';
COMMENT ON COLUMN public.ai_models_system.api_key IS 'The provider''s key, or vault:<name> of a secret in Supabase''s vault. Clients cannot read it.';
COMMENT ON COLUMN public.ai_models_system.endpoint IS 'Where the model is called.';
COMMENT ON COLUMN public.ai_models_system.max_tokens IS 'The most tokens of an answer.';
COMMENT ON COLUMN public.ai_models_system.icon IS 'Symbol to show.';
COMMENT ON COLUMN public.ai_models_system.organization_types IS 'Types of organisations that it is for; none is all.';
COMMENT ON COLUMN public.ai_models_system.required_plan IS 'The least plan of an organisation: free, starter, pro or enterprise.';
COMMENT ON COLUMN public.ai_models_system.token_limit_period IS 'When token_limit_amount begins anew: daily, weekly or monthly (UTC); NULL is monthly.';
COMMENT ON COLUMN public.ai_models_system.token_limit_amount IS 'Tokens that each user may use in the period; NULL is unlimited.';
COMMENT ON COLUMN public.ai_models_system.is_free IS 'Whether it has no limit and counts for no quota.';
COMMENT ON COLUMN public.ai_models_system.is_trial IS 'Whether organisations may only try it, for trial_expires_days.';
COMMENT ON COLUMN public.ai_models_system.trial_expires_days IS 'Days of a trial; NULL for ever.';
COMMENT ON COLUMN public.ai_models_system.is_active IS 'Whether anybody may call it.';
COMMENT ON COLUMN public.ai_models_system.is_featured IS 'Whether it is shown first.';
COMMENT ON COLUMN public.ai_models_system.description IS 'Description to show.';
COMMENT ON COLUMN public.ai_models_system.tags IS 'Words to search for.';
COMMENT ON COLUMN public.ai_models_system.sort_order IS 'Order in lists, the least first.';
COMMENT ON COLUMN public.ai_models_system.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.ai_models_system.updated_at IS 'When the row was last changed.';
