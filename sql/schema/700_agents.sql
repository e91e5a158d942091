-- Agents: programs that answer calls with models, and how each is called.

-- Only what a row cannot be without stands here and in the files after it: the rest is added, to a table that was there before
-- as well. Rules for values stand in 745_agent_rules.sql.
SELECT model_access.note_table('agents');
CREATE TABLE IF NOT EXISTS public.agents (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL UNIQUE,
    type varchar(50) NOT NULL
);

ALTER TABLE public.agents
    ADD COLUMN IF NOT EXISTS description text,
    ADD COLUMN IF NOT EXISTS enabled boolean DEFAULT true,
    ADD COLUMN IF NOT EXISTS config jsonb,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz DEFAULT now();

-- One that the application has already is left as it is. Ours is closed each time: a restore gives it what the database gives
-- to every new function.
DO $$
DECLARE
    body CONSTANT text := 'BEGIN NEW.updated_at = pg_catalog.now(); RETURN NEW; END';
BEGIN
    IF to_regprocedure('public.update_updated_at_column()') IS NULL THEN
        EXECUTE format('CREATE FUNCTION public.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql SET search_path = '''' AS %L', body);
        COMMENT ON FUNCTION public.update_updated_at_column() IS 'Trigger: notes when a row was changed.';
    END IF;
    IF EXISTS (SELECT FROM pg_proc AS p WHERE p.oid = 'public.update_updated_at_column()'::regprocedure AND p.prosrc = body) THEN
        REVOKE ALL ON FUNCTION public.update_updated_at_column() FROM PUBLIC, anon, authenticated, service_role;
    END IF;
END $$;
CREATE OR REPLACE TRIGGER update_agents_updated_at
    BEFORE UPDATE ON public.agents FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

ALTER TABLE public.agents ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.agents FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.agents TO service_role;
-- Every column but config, which may hold secrets, and no column that an application added.
GRANT SELECT (id, name, type, description, enabled, created_at, updated_at), INSERT, UPDATE, DELETE
    ON TABLE public.agents TO authenticated;

-- An extension of an older version lacks the functions: then nobody is let in until it is updated, and install() runs again.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_is_platform_admin()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS agents_select ON public.agents;
    CREATE POLICY agents_select ON public.agents FOR SELECT TO authenticated USING (true);
    DROP POLICY IF EXISTS agents_admin_insert ON public.agents;
    CREATE POLICY agents_admin_insert ON public.agents
        FOR INSERT TO authenticated WITH CHECK ((SELECT model_access.app_is_platform_admin()));
    DROP POLICY IF EXISTS agents_admin_update ON public.agents;
    CREATE POLICY agents_admin_update ON public.agents
        FOR UPDATE TO authenticated
        USING ((SELECT model_access.app_is_platform_admin())) WITH CHECK ((SELECT model_access.app_is_platform_admin()));
    DROP POLICY IF EXISTS agents_admin_delete ON public.agents;
    CREATE POLICY agents_admin_delete ON public.agents
        FOR DELETE TO authenticated USING ((SELECT model_access.app_is_platform_admin()));
END $$;

COMMENT ON TABLE public.agents IS 'Programs that answer calls with models.';
COMMENT ON COLUMN public.agents.id IS 'Key.';
COMMENT ON COLUMN public.agents.name IS 'The name by which it is called.';
COMMENT ON COLUMN public.agents.type IS 'ccrouter, droid or custom.';
COMMENT ON COLUMN public.agents.description IS 'Description to show.';
COMMENT ON COLUMN public.agents.enabled IS 'Whether it may be called. NULL is no.';
COMMENT ON COLUMN public.agents.config IS 'How it is called: "breaker", "execution_timeout_seconds", and what the application keeps. Clients cannot read it.';
COMMENT ON COLUMN public.agents.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.agents.updated_at IS 'When the row was last changed.';
