-- What takes user_profiles.role away again, where a table of the application stands without it and install() is about to add
-- it: one statement, so that the column goes only with a backup that has every role. Index and CHECK go with the column.
SELECT 'DO $take$ BEGIN '
       'LOCK TABLE public.user_profiles IN ACCESS EXCLUSIVE MODE; '
       'CREATE TABLE public.user_profiles_role_backup AS SELECT p.id, p.role FROM public.user_profiles AS p; '
       'ALTER TABLE public.user_profiles_role_backup ENABLE ROW LEVEL SECURITY; '
       'REVOKE ALL ON TABLE public.user_profiles_role_backup FROM PUBLIC, anon, authenticated, service_role; '
       'COMMENT ON TABLE public.user_profiles_role_backup IS ''user_profiles.role when uninstall() took it away. Closed to clients.''; '
       'ALTER TABLE public.user_profiles DROP COLUMN role; '
       'END $take$'
  FROM pg_class AS c
 WHERE c.oid = to_regclass('public.user_profiles')
   AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'role' AND NOT a.attisdropped)
