-- API-12: what a caller does wrong has its own SQLSTATE, which PostgREST turns into a status: 42501 401/403, 22P02 and 22023 400, 25006 405; never P0001 or XX000.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
CREATE TABLE test.calls (place integer GENERATED ALWAYS AS IDENTITY, call text);
INSERT INTO test.calls (call) VALUES ('public.get_user_allowed_models_v2()'), ('public.get_user_allowed_models_v2(test.id(''B''))'), ('public.get_user_allowed_models_v2(''x'')'), ('public.can_user_use_model(NULL, NULL)'),
    ('public.can_user_use_model(test.id(''X''), ''x'')'), ('public.model_access_is_admin()'), ('public.update_model_tier_access(''no/such'')'), ('public.update_model_tier_access(''acme/m1'', p_status => ''gone'')'),
    ('public.sync_openrouter_models(''[]'')'), ('public.sync_openrouter_models(''{'')'), ('public.force_sync_openrouter_models(NULL)'), ('model_access.install()'), ('model_access.verify()');
GRANT SELECT ON test.calls TO PUBLIC;
CREATE FUNCTION test.state(p_role text, p_person text, p_call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
    PERFORM test.request(p_role, p_person);
    EXECUTE 'SELECT r::text FROM ' || p_call || ' AS r' INTO answer;
    RETURN CASE WHEN answer LIKE '{%"success": false%' THEN 'false' WHEN answer LIKE '{%' THEN 'true' ELSE 'answer' END;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
\connect - authenticator
SELECT call, test.state('anon', NULL, call) AS anon, test.state('authenticated', NULL, call) AS no_sub, test.state('authenticated', 'A', call) AS a, test.state('authenticated', 'S', call) AS s, test.state('service_role', NULL, call) AS service
  FROM test.calls ORDER BY place;
SET request.jwt.claims = 'x';
SET ROLE authenticated;
SELECT left(test.outcome('SELECT public.model_access_is_admin()'), 5) AS bad_claims;
-- Before install() and with tables too old or given away: 55000 with a hint.
\connect - postgres
BEGIN;
UPDATE public.model_access_settings SET schema_version = 0 WHERE singleton;
SELECT test.outcome('SELECT public.can_user_use_model(test.id(''A''), ''x'')');
ROLLBACK;
BEGIN;
ALTER TABLE public.model_access_settings RENAME TO away;
SELECT test.outcome('SELECT public.can_user_use_model(test.id(''A''), ''x'')');
ROLLBACK;
\connect - supabase_admin
BEGIN;
ALTER TABLE public.profiles OWNER TO supabase_admin;
SELECT test.outcome('SELECT public.can_user_use_model(test.id(''A''), ''x'')');
ROLLBACK;
