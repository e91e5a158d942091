-- People: their tier and their role. An application usually has this table; then what is missing is added.

-- Only what a row cannot be without stands here: the rest is added, to a table that was there before as well.
SELECT model_access.note_table('profiles');
CREATE TABLE IF NOT EXISTS public.profiles (
    id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
    email varchar(255) NOT NULL
);

ALTER TABLE public.profiles
    ADD COLUMN IF NOT EXISTS email varchar(255),
    ADD COLUMN IF NOT EXISTS full_name varchar(255),
    ADD COLUMN IF NOT EXISTS avatar_url text,
    ADD COLUMN IF NOT EXISTS default_model varchar(100),
    ADD COLUMN IF NOT EXISTS temperature numeric(3, 2) DEFAULT 0.7 CHECK (temperature >= 0.0 AND temperature <= 2.0),
    ADD COLUMN IF NOT EXISTS system_prompt text DEFAULT 'Answer helpfully, correctly and briefly.',
    ADD COLUMN IF NOT EXISTS subscription_tier varchar(20) DEFAULT 'free' CHECK (subscription_tier IN ('free', 'pro', 'enterprise')),
    ADD COLUMN IF NOT EXISTS credits integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS usage_stats jsonb DEFAULT '{"total_messages": 0, "total_tokens": 0, "sessions_created": 0}',
    ADD COLUMN IF NOT EXISTS ui_preferences jsonb DEFAULT '{"theme": "system", "sidebar_width": 280, "code_highlighting": true, "auto_save": true, "show_token_count": true}',
    ADD COLUMN IF NOT EXISTS session_preferences jsonb DEFAULT '{"max_history": 10, "auto_title": true, "save_anonymous": false}',
    ADD COLUMN IF NOT EXISTS role text DEFAULT 'user' CONSTRAINT profiles_role_check CHECK (role IN ('superadmin', 'admin', 'user')),
    ADD COLUMN IF NOT EXISTS organization_id uuid,
    ADD COLUMN IF NOT EXISTS account_type text NOT NULL DEFAULT 'user' CHECK (account_type IN ('user', 'admin')),
    ADD COLUMN IF NOT EXISTS last_active timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz DEFAULT now();

ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
-- In a table of the application, who may read and write what is the application's: here only what nobody but the
-- owner needs is taken away.
DO $$
BEGIN
    IF 'profiles' = ANY ((SELECT s.made_tables FROM public.model_access_settings AS s WHERE s.singleton)::text[]) THEN
        REVOKE ALL ON TABLE public.profiles FROM PUBLIC, anon, authenticated, service_role;
        GRANT SELECT, INSERT, UPDATE ON TABLE public.profiles TO authenticated;
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.profiles TO service_role;
        DROP POLICY IF EXISTS "Users can view own profile" ON public.profiles;
        CREATE POLICY "Users can view own profile" ON public.profiles
            FOR SELECT TO authenticated USING ((SELECT auth.uid()) = id);
        DROP POLICY IF EXISTS "Users can insert own profile" ON public.profiles;
        CREATE POLICY "Users can insert own profile" ON public.profiles
            FOR INSERT TO authenticated WITH CHECK ((SELECT auth.uid()) = id);
        DROP POLICY IF EXISTS "Users can update own profile" ON public.profiles;
        CREATE POLICY "Users can update own profile" ON public.profiles
            FOR UPDATE TO authenticated USING ((SELECT auth.uid()) = id) WITH CHECK ((SELECT auth.uid()) = id);
    ELSE
        REVOKE TRUNCATE, REFERENCES, TRIGGER ON TABLE public.profiles FROM PUBLIC, anon, authenticated, service_role;
    END IF;
END $$;

-- The update policy has no column limit: without this, everybody could make himself a superadmin.
CREATE OR REPLACE TRIGGER profiles_guard_privileged_columns
    BEFORE INSERT OR UPDATE ON public.profiles FOR EACH ROW
    EXECUTE FUNCTION model_access.guard_privileged_columns(
        'subscription_tier', 'role', 'account_type', 'organization_id', 'credits'
    );
ALTER TABLE public.profiles ENABLE ALWAYS TRIGGER profiles_guard_privileged_columns;

COMMENT ON TABLE public.profiles IS 'One row per person: tier, role and preferences. The id is the one of auth.users.';
COMMENT ON COLUMN public.profiles.id IS 'The person: auth.users.id.';
COMMENT ON COLUMN public.profiles.email IS 'Address, as the application keeps it.';
COMMENT ON COLUMN public.profiles.full_name IS 'Name to show.';
COMMENT ON COLUMN public.profiles.avatar_url IS 'Picture to show.';
COMMENT ON COLUMN public.profiles.default_model IS 'model_id that the person prefers; honoured only when allowed.';
COMMENT ON COLUMN public.profiles.temperature IS 'Sampling temperature that the person prefers, 0 to 2.';
COMMENT ON COLUMN public.profiles.system_prompt IS 'System prompt that the person prefers.';
COMMENT ON COLUMN public.profiles.subscription_tier IS 'free, pro or enterprise; NULL counts as free. Guarded: clients cannot set it.';
COMMENT ON COLUMN public.profiles.credits IS 'Credits of the application; the engine does not read them. Guarded.';
COMMENT ON COLUMN public.profiles.usage_stats IS 'Counters that the application shows; no quota depends on them.';
COMMENT ON COLUMN public.profiles.ui_preferences IS 'Preferences of the user interface, a JSON object.';
COMMENT ON COLUMN public.profiles.session_preferences IS 'Preferences of chat sessions, a JSON object.';
COMMENT ON COLUMN public.profiles.role IS 'user, admin (of an organisation) or superadmin (of the catalogue). Guarded.';
COMMENT ON COLUMN public.profiles.organization_id IS 'The person''s organisation. Guarded.';
COMMENT ON COLUMN public.profiles.account_type IS 'user or admin; admin administers the catalogue. Guarded.';
COMMENT ON COLUMN public.profiles.last_active IS 'When the person was last seen by the application.';
COMMENT ON COLUMN public.profiles.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.profiles.updated_at IS 'When the row was last changed.';
