-- verify() is silent about a sound installation and names exactly what is not.
CREATE VIEW pg_temp.wrong AS SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
TABLE pg_temp.wrong;
\set VERBOSITY terse
BEGIN; DROP POLICY "Only admins can view sync logs" ON public.model_sync_log; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER POLICY "All authenticated users can view model access" ON public.model_access USING (true); TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER POLICY "All authenticated users can view model access" ON public.model_access TO PUBLIC; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; DROP INDEX public.idx_model_access_status; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; GRANT INSERT ON public.model_sync_log TO authenticated; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; GRANT UPDATE (status) ON public.model_access TO anon; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; REVOKE EXECUTE ON FUNCTION public.can_user_use_model FROM authenticated; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; GRANT EXECUTE ON FUNCTION public.model_access_is_admin TO PUBLIC; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER TABLE public.profiles DISABLE TRIGGER profiles_guard_privileged_columns; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER TABLE public.model_access ENABLE TRIGGER ALL; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER TABLE public.model_price_history DISABLE ROW LEVEL SECURITY; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER TABLE public.model_access ALTER COLUMN is_free DROP NOT NULL; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER TABLE public.model_access DROP COLUMN daily_limit; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER TABLE public.profiles DROP CONSTRAINT profiles_role_check; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER TABLE public.model_access ADD CONSTRAINT late UNIQUE (model_id) DEFERRABLE INITIALLY DEFERRED; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; DROP FUNCTION public.can_user_use_model; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER FUNCTION public.can_user_use_model SECURITY DEFINER; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; DROP POLICY "Service can insert usage records" ON public.ai_usage; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER POLICY "Admins can view all usage" ON public.ai_usage USING (EXISTS (SELECT FROM public.profiles AS p WHERE p.id = (SELECT auth.uid()) AND p.role = 'admin')); TABLE pg_temp.wrong; ROLLBACK;
BEGIN; INSERT INTO public.user_profiles (id, role) VALUES (test.id('A'), NULL), (test.id('B'), 'user'); TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER TABLE public.user_profiles ALTER COLUMN role DROP DEFAULT; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; REVOKE SELECT ON public.user_profiles FROM authenticated; TABLE pg_temp.wrong; ROLLBACK;
BEGIN; ALTER TABLE public.ai_usage ADD CONSTRAINT takes_bills FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE; TABLE pg_temp.wrong; ROLLBACK;
-- What users add of their own is theirs.
BEGIN;
ALTER TABLE public.model_access ADD COLUMN note text;
CREATE INDEX mine ON public.model_access (model_name);
CREATE POLICY mine ON public.model_access FOR SELECT TO service_role USING (true);
TABLE pg_temp.wrong;
ROLLBACK;
-- install() mends what it can mend.
DROP POLICY "Only admins can view sync logs" ON public.model_sync_log;
ALTER TABLE public.profiles DISABLE TRIGGER profiles_guard_privileged_columns;
GRANT ALL ON public.model_access TO anon;
SELECT object, action FROM model_access.install() WHERE action <> 'kept' ORDER BY object COLLATE "C";
TABLE pg_temp.wrong;
