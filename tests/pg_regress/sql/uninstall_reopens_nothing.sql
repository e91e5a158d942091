-- database: supabase
-- uninstall() puts back what install() took away, and not what the application closed, tightened or described anew after it; nor does a second install().
\set SHOW_CONTEXT never
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users (id), email varchar(255) NOT NULL, full_name varchar(255));
CREATE TABLE public.user_activity_log (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES public.profiles (id), action varchar(50) NOT NULL);
CREATE TABLE public.model_access (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), model_id varchar(100) NOT NULL UNIQUE, model_name varchar(255) NOT NULL);
CREATE TABLE public.model_sync_log (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), sync_started_at timestamptz NOT NULL DEFAULT now());
REVOKE ALL ON public.profiles, public.user_activity_log, public.model_access, public.model_sync_log FROM anon, authenticated, service_role;
GRANT SELECT, UPDATE, TRUNCATE, REFERENCES, TRIGGER ON public.profiles, public.user_activity_log TO anon, authenticated;
GRANT SELECT, TRUNCATE ON public.model_access, public.model_sync_log TO anon, authenticated;
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_activity_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.model_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.model_sync_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users can view own profile" ON public.profiles FOR SELECT USING (true);
CREATE POLICY "All authenticated users can view model access" ON public.model_access FOR SELECT USING (true);
CREATE POLICY "Only admins can view sync logs" ON public.model_sync_log FOR SELECT USING (true);
COMMENT ON POLICY "Only admins can view sync logs" ON public.model_sync_log IS 'Everybody''s.';
COMMENT ON TABLE public.profiles IS 'People of old.';
COMMENT ON COLUMN public.profiles.email IS 'Address of old.';
COMMENT ON TABLE public.model_access IS 'Models of old.';
CREATE SCHEMA ours;
CREATE FUNCTION ours.state() RETURNS TABLE (relation name, what text) LANGUAGE sql AS $$
    SELECT s.* FROM (
        SELECT c.relname, format('%s of %s', string_agg(e.privilege_type, ', ' ORDER BY e.privilege_type COLLATE "C"), e.grantee::regrole) FROM pg_class AS c, aclexplode(c.relacl) AS e
         WHERE c.oid IN ('public.profiles'::regclass, 'public.user_activity_log'::regclass, 'public.model_access'::regclass, 'public.model_sync_log'::regclass) AND e.grantee <> c.relowner
         GROUP BY c.relname, e.grantee
        UNION ALL
        SELECT p.tablename, format('policy %s: %s%s', p.policyname, p.qual, ' -- ' || obj_description(x.oid, 'pg_policy')) FROM pg_policies AS p
          JOIN pg_policy AS x ON x.polname = p.policyname AND x.polrelid = format('public.%I', p.tablename)::regclass WHERE p.schemaname = 'public'
        UNION ALL
        SELECT 'comment', format('%s: %s', d.name, d.comment)
          FROM (VALUES ('profiles', obj_description('public.profiles'::regclass, 'pg_class')), ('profiles.id', col_description('public.profiles'::regclass, 1)),
                       ('profiles.email', col_description('public.profiles'::regclass, 2)), ('profiles.full_name', col_description('public.profiles'::regclass, 3)),
                       ('model_access', obj_description('public.model_access'::regclass, 'pg_class')), ('model_access.model_id', col_description('public.model_access'::regclass, 2))) AS d (name, comment)
    ) AS s (relation, what) ORDER BY s.relation COLLATE "C", s.what COLLATE "C"
$$;
CREATE EXTENSION model_access;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT * FROM ours.state();
-- The application goes on.
REVOKE ALL ON public.profiles FROM anon;
REVOKE ALL ON public.model_access FROM authenticated;
DROP POLICY "Users can view own profile" ON public.profiles;
CREATE POLICY "Users can view own profile" ON public.profiles FOR SELECT TO authenticated USING (id = auth.uid());
COMMENT ON TABLE public.profiles IS 'People of today.';
COMMENT ON COLUMN public.profiles.email IS 'Address of today.';
COMMENT ON COLUMN public.profiles.full_name IS 'Name of today.';
COMMENT ON POLICY "Only admins can view sync logs" ON public.model_sync_log IS 'Admins'', today.';
-- A second install() mends what is its own, and no comment of the application.
SELECT count(*) > 0 AS installed FROM model_access.install(ARRAY['settings']);
SELECT * FROM ours.state() WHERE relation = 'comment';
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT * FROM ours.state();
REVOKE ALL ON public.model_access FROM authenticated;
DROP POLICY "All authenticated users can view model access" ON public.model_access;
CREATE POLICY "All authenticated users can view model access" ON public.model_access FOR SELECT TO authenticated USING (model_id LIKE 'acme/%');
SELECT object, action FROM model_access.uninstall() WHERE action <> 'dropped' ORDER BY object COLLATE "C", action COLLATE "C";
SELECT * FROM ours.state();
