-- Profiles as the usage module reads them: the role decides who sees everybody's usage. An application usually has this
-- table; then the role is added. Here stands no more than what that needs.

SELECT model_access.note_table('user_profiles');
CREATE TABLE IF NOT EXISTS public.user_profiles (
    id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
    username text,
    email text
);

ALTER TABLE public.user_profiles
    ADD COLUMN IF NOT EXISTS role text DEFAULT 'user';

-- A role of NULL passes the CHECK and means no more than 'user'. The column may stay NULL: so the seed has it.
UPDATE public.user_profiles AS p SET role = 'user' WHERE p.role IS NULL;

-- Rows that break it stay, with a WARNING: who they are is for the application to say.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint AS k
                    WHERE k.conrelid = 'public.user_profiles'::regclass AND k.conname = 'user_profiles_role_check') THEN
        ALTER TABLE public.user_profiles
            ADD CONSTRAINT user_profiles_role_check CHECK (role IN ('user', 'admin', 'moderator')) NOT VALID;
        BEGIN
            ALTER TABLE public.user_profiles VALIDATE CONSTRAINT user_profiles_role_check;
        EXCEPTION WHEN check_violation THEN
            RAISE WARNING 'rows of user_profiles have a role other than user, admin and moderator'
                USING HINT = 'Mend them, then run ALTER TABLE public.user_profiles VALIDATE CONSTRAINT user_profiles_role_check;';
        END;
    END IF;
END $$;

CREATE INDEX IF NOT EXISTS idx_user_profiles_role ON public.user_profiles (role);

ALTER TABLE public.user_profiles ENABLE ROW LEVEL SECURITY;
-- In a table of the application, who may read and write what is the application's. What only our own has is described here.
DO $$
BEGIN
    IF 'user_profiles' = ANY ((SELECT s.made_tables FROM public.model_access_settings AS s WHERE s.singleton)::text[]) THEN
        REVOKE ALL ON TABLE public.user_profiles FROM PUBLIC, anon, authenticated, service_role;
        GRANT SELECT ON TABLE public.user_profiles TO authenticated;
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.user_profiles TO service_role;
        DROP POLICY IF EXISTS "Users can view own user profile" ON public.user_profiles;
        CREATE POLICY "Users can view own user profile" ON public.user_profiles
            FOR SELECT TO authenticated USING ((SELECT auth.uid()) = id);
        COMMENT ON COLUMN public.user_profiles.username IS 'Name to show.';
        COMMENT ON COLUMN public.user_profiles.email IS 'Address, as the application keeps it; auth.users has the one that counts.';
    ELSE
        REVOKE TRUNCATE, REFERENCES, TRIGGER ON TABLE public.user_profiles FROM PUBLIC, anon, authenticated, service_role;
    END IF;
END $$;

-- Nobody makes himself an admin, whatever policies the application has.
CREATE OR REPLACE TRIGGER user_profiles_guard_privileged_columns
    BEFORE INSERT OR UPDATE ON public.user_profiles FOR EACH ROW
    EXECUTE FUNCTION model_access.guard_privileged_columns('role');
ALTER TABLE public.user_profiles ENABLE ALWAYS TRIGGER user_profiles_guard_privileged_columns;

COMMENT ON TABLE public.user_profiles IS 'One row per person, with the role that decides who sees everybody''s usage. The id is the one of auth.users.';
COMMENT ON COLUMN public.user_profiles.id IS 'The person: auth.users.id.';
COMMENT ON COLUMN public.user_profiles.role IS 'User role for access control: user (default), moderator (community management), admin (full access)';
