-- When an organisation began to try a system model. A row stays when config row, model or organisation go, so that nothing
-- restarts a trial: no foreign keys, and nobody but the engine writes it.

SELECT model_access.note_table('system_model_trials');
CREATE TABLE IF NOT EXISTS public.system_model_trials (
    organization_id uuid NOT NULL,
    system_model_id bigint NOT NULL,
    started_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, system_model_id)
);

-- What began before there was this table: with the config row, and without one with the first call.
INSERT INTO public.system_model_trials (organization_id, system_model_id, started_at)
SELECT c.organization_id, c.system_model_id, c.created_at
  FROM public.org_system_model_config AS c
 WHERE c.created_at IS NOT NULL
    ON CONFLICT (organization_id, system_model_id) DO NOTHING;
INSERT INTO public.system_model_trials (organization_id, system_model_id, started_at)
SELECT u.organization_id, u.model_id, min(u.created_at)
  FROM public.ai_model_usage AS u
 WHERE u.model_type = 'system'
 GROUP BY u.organization_id, u.model_id
    ON CONFLICT (organization_id, system_model_id) DO NOTHING;

-- Not in replica mode: there the rows of both tables come from elsewhere, and a start of its own would be in their way.
DO $$
BEGIN
    IF to_regprocedure('model_access.note_trial_start()') IS NOT NULL THEN
        CREATE OR REPLACE TRIGGER org_system_model_config_note_trial_start
            AFTER INSERT OR UPDATE OF organization_id, system_model_id ON public.org_system_model_config FOR EACH ROW
            EXECUTE FUNCTION model_access.note_trial_start();
    END IF;
END $$;

ALTER TABLE public.system_model_trials ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.system_model_trials FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.system_model_trials TO authenticated, service_role;

-- As in 400_ai_models_system.sql.
DO $$
BEGIN
    IF to_regprocedure('model_access.open_system_models()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS "Superadmin view all trials" ON public.system_model_trials;
    CREATE POLICY "Superadmin view all trials" ON public.system_model_trials
        FOR SELECT TO authenticated USING ((SELECT model_access.is_superadmin()));
    DROP POLICY IF EXISTS "Members view trials of their organization" ON public.system_model_trials;
    CREATE POLICY "Members view trials of their organization" ON public.system_model_trials
        FOR SELECT TO authenticated USING (organization_id = (SELECT model_access.get_user_organization_id()));
END $$;

COMMENT ON TABLE public.system_model_trials IS 'When an organisation began to try a system model. Written once, by the engine.';
COMMENT ON COLUMN public.system_model_trials.organization_id IS 'The organisation.';
COMMENT ON COLUMN public.system_model_trials.system_model_id IS 'The model: ai_models_system.id.';
COMMENT ON COLUMN public.system_model_trials.started_at IS 'When it began, not later than the server''s clock. It is over trial_expires_days later.';
