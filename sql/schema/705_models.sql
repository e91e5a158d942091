-- The models that an agent can be told to use. What a user may call is the catalogue's to say, not theirs.

SELECT model_access.note_table('models');
CREATE TABLE IF NOT EXISTS public.models (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    agent_id uuid NOT NULL REFERENCES public.agents (id) ON DELETE CASCADE,
    name varchar(255) NOT NULL,
    UNIQUE (agent_id, name)
);

ALTER TABLE public.models
    ADD COLUMN IF NOT EXISTS display_name varchar(255),
    ADD COLUMN IF NOT EXISTS description text,
    ADD COLUMN IF NOT EXISTS provider varchar(100),
    ADD COLUMN IF NOT EXISTS model_id varchar(255),
    ADD COLUMN IF NOT EXISTS enabled boolean DEFAULT true,
    ADD COLUMN IF NOT EXISTS config jsonb,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz DEFAULT now();

CREATE INDEX IF NOT EXISTS idx_models_agent_id ON public.models (agent_id);
CREATE INDEX IF NOT EXISTS idx_models_enabled ON public.models (enabled);

CREATE OR REPLACE TRIGGER update_models_updated_at
    BEFORE UPDATE ON public.models FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

ALTER TABLE public.models ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.models FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.models TO service_role;
-- As of agents.
GRANT SELECT (id, agent_id, name, display_name, description, provider, model_id, enabled, created_at, updated_at),
      INSERT, UPDATE, DELETE
    ON TABLE public.models TO authenticated;

-- As in 700_agents.sql.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_is_platform_admin()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS models_select ON public.models;
    CREATE POLICY models_select ON public.models FOR SELECT TO authenticated USING (true);
    DROP POLICY IF EXISTS models_admin_insert ON public.models;
    CREATE POLICY models_admin_insert ON public.models
        FOR INSERT TO authenticated WITH CHECK ((SELECT model_access.app_is_platform_admin()));
    DROP POLICY IF EXISTS models_admin_update ON public.models;
    CREATE POLICY models_admin_update ON public.models
        FOR UPDATE TO authenticated
        USING ((SELECT model_access.app_is_platform_admin())) WITH CHECK ((SELECT model_access.app_is_platform_admin()));
    DROP POLICY IF EXISTS models_admin_delete ON public.models;
    CREATE POLICY models_admin_delete ON public.models
        FOR DELETE TO authenticated USING ((SELECT model_access.app_is_platform_admin()));
END $$;

COMMENT ON TABLE public.models IS 'Models that an agent can be told to use. Not the catalogue: that is model_access.';
COMMENT ON COLUMN public.models.id IS 'Key.';
COMMENT ON COLUMN public.models.agent_id IS 'The agent.';
COMMENT ON COLUMN public.models.name IS 'Its name there.';
COMMENT ON COLUMN public.models.display_name IS 'Name to show.';
COMMENT ON COLUMN public.models.description IS 'Description to show.';
COMMENT ON COLUMN public.models.provider IS 'Who runs it.';
COMMENT ON COLUMN public.models.model_id IS 'Its id there.';
COMMENT ON COLUMN public.models.enabled IS 'Whether the agent may be told to use it. NULL is no.';
COMMENT ON COLUMN public.models.config IS 'How it is called. Clients cannot read it.';
COMMENT ON COLUMN public.models.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.models.updated_at IS 'When the row was last changed.';
