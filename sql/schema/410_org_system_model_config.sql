-- What an organisation's admin decides about a system model: whether its users may call it, and how much each may use.

SELECT model_access.note_table('org_system_model_config');
CREATE TABLE IF NOT EXISTS public.org_system_model_config (
    id bigserial PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES public.organizations (id) ON DELETE CASCADE,
    system_model_id bigint NOT NULL REFERENCES public.ai_models_system (id) ON DELETE CASCADE,
    UNIQUE (organization_id, system_model_id)
);

ALTER TABLE public.org_system_model_config
    ADD COLUMN IF NOT EXISTS is_enabled_for_users boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS token_limit_per_user integer,
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now();

CREATE INDEX IF NOT EXISTS idx_org_system_model_config_org ON public.org_system_model_config (organization_id);
CREATE INDEX IF NOT EXISTS idx_org_system_model_config_model ON public.org_system_model_config (system_model_id);
CREATE INDEX IF NOT EXISTS idx_org_system_model_config_enabled
    ON public.org_system_model_config (organization_id, is_enabled_for_users) WHERE is_enabled_for_users = true;

-- One that the application has already is left as it is. Ours is closed each time: a restore gives it what the database gives
-- to every new function.
DO $$
DECLARE
    body CONSTANT text := 'BEGIN NEW.updated_at = pg_catalog.now(); RETURN NEW; END';
BEGIN
    IF to_regprocedure('public.update_org_system_model_config_updated_at()') IS NULL THEN
        EXECUTE format('CREATE FUNCTION public.update_org_system_model_config_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path = '''' AS %L', body);
        COMMENT ON FUNCTION public.update_org_system_model_config_updated_at() IS 'Trigger: notes when a row of org_system_model_config was changed.';
    END IF;
    IF EXISTS (SELECT FROM pg_proc AS p WHERE p.oid = 'public.update_org_system_model_config_updated_at()'::regprocedure AND p.prosrc = body) THEN
        REVOKE ALL ON FUNCTION public.update_org_system_model_config_updated_at() FROM PUBLIC, anon, authenticated, service_role;
    END IF;
END $$;
CREATE OR REPLACE TRIGGER trigger_org_system_model_config_updated_at
    BEFORE UPDATE ON public.org_system_model_config FOR EACH ROW
    EXECUTE FUNCTION public.update_org_system_model_config_updated_at();

-- As in 030_organizations.sql.
DO $$
BEGIN
    IF to_regprocedure('model_access.note_decision()') IS NOT NULL THEN
        CREATE OR REPLACE TRIGGER org_system_model_config_note_decision
            AFTER INSERT OR UPDATE OR DELETE ON public.org_system_model_config FOR EACH ROW
            EXECUTE FUNCTION model_access.note_decision('org_system_model', 'system_model_id', 'organization_id', 'is_enabled_for_users', 'token_limit_per_user');
    END IF;
END $$;

ALTER TABLE public.org_system_model_config ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.org_system_model_config FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.org_system_model_config TO service_role;
-- Who chooses ids could take those that the sequence is about to give to other organisations.
GRANT SELECT, DELETE, INSERT (organization_id, system_model_id, is_enabled_for_users, token_limit_per_user),
      UPDATE (organization_id, system_model_id, is_enabled_for_users, token_limit_per_user)
    ON TABLE public.org_system_model_config TO authenticated;
DO $$
DECLARE
    sequence CONSTANT text := pg_get_serial_sequence('public.org_system_model_config', 'id');
BEGIN
    IF sequence IS NOT NULL THEN
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC, anon, authenticated, service_role', sequence);
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO authenticated, service_role', sequence);
    END IF;
END $$;

-- As in 400_ai_models_system.sql.
DO $$
BEGIN
    IF to_regprocedure('model_access.open_system_models()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS "Superadmin full access to model configs" ON public.org_system_model_config;
    CREATE POLICY "Superadmin full access to model configs" ON public.org_system_model_config
        FOR ALL TO authenticated USING ((SELECT model_access.is_superadmin())) WITH CHECK ((SELECT model_access.is_superadmin()));
    DROP POLICY IF EXISTS "Admin manage org model configs" ON public.org_system_model_config;
    CREATE POLICY "Admin manage org model configs" ON public.org_system_model_config
        FOR ALL TO authenticated
        USING ((SELECT model_access.is_admin()) AND organization_id = (SELECT model_access.get_user_organization_id()))
        WITH CHECK ((SELECT model_access.is_admin()) AND organization_id = (SELECT model_access.get_user_organization_id()));
    DROP POLICY IF EXISTS "User read org model configs" ON public.org_system_model_config;
    CREATE POLICY "User read org model configs" ON public.org_system_model_config
        FOR SELECT TO authenticated USING (organization_id = (SELECT model_access.get_user_organization_id()));
END $$;

COMMENT ON TABLE public.org_system_model_config IS 'What an organisation''s admin decides about a system model. Without a row its users may not call it.';
COMMENT ON COLUMN public.org_system_model_config.id IS 'Key.';
COMMENT ON COLUMN public.org_system_model_config.organization_id IS 'The organisation.';
COMMENT ON COLUMN public.org_system_model_config.system_model_id IS 'The model: ai_models_system.id.';
COMMENT ON COLUMN public.org_system_model_config.is_enabled_for_users IS 'Whether users of the organisation may call it; its admins may in any case.';
COMMENT ON COLUMN public.org_system_model_config.token_limit_per_user IS 'Tokens of each user in the model''s period, in the place of the model''s own amount; NULL is that one.';
COMMENT ON COLUMN public.org_system_model_config.created_at IS 'When the row was made. A trial that has not begun begins then, not later than the clock: see system_model_trials.';
COMMENT ON COLUMN public.org_system_model_config.updated_at IS 'When the row was last changed.';
