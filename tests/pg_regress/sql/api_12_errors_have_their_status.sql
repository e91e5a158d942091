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
-- Quotas and bills: PT404, PT409 and PT410 are those statuses, 54000 is 413, and PGRST brings its own. What is there already is no 23505 (409): a key
-- is answered, a limit changed.
\connect - postgres
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
SELECT public.set_quota_limit('calls', 'requests', 'daily', 9) = public.set_quota_limit('calls', 'requests', 'daily', 2) AS one_limit;
SELECT r.reservation_id AS settled FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 5, 5, 'open') AS r \gset
SELECT r.reservation_id AS released FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 5, 5) AS r \gset
SELECT s.tokens, (SELECT allowed FROM public.release_model_quota(:'released')) AS released FROM public.settle_model_quota(:'settled', '{"total_tokens": 7}') AS s;
SELECT u.tokens FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 5}', 'kept') AS u;
SELECT set_config('test.settled', :'settled', false) <> '' AND set_config('test.released', :'released', false) <> '' AS known;
SET ROLE service_role;
SELECT c.why, CASE WHEN left(o.told, 6) = 'PGRST ' THEN 'PGRST ' || (substring(o.told FROM '^PGRST (\{.*\})\n')::jsonb ->> 'message') || ' ' || (substring(o.told FROM 'DETAIL: (\{.*\})')::jsonb ->> 'status')
                   ELSE split_part(o.told, E'\n', 1) END AS told
  FROM (VALUES (1, 'unknown', 'public.settle_model_quota(test.id(''X''), ''{"total_tokens": 7}'')'),
               (2, 'unknown', 'public.extend_model_quota(test.id(''X''), ''1 hour'')'),
               (3, 'unknown', 'public.release_model_quota(test.id(''X''))'),
               (4, 'unknown', 'public.void_usage(test.id(''X''), ''test'')'),
               (5, 'unknown', 'public.adjust_quota(test.id(''A''), ''acme/m1'', ''no such limit'', 1, ''test'')'),
               (6, 'other call', 'public.consume_model_quota(test.id(''A''), ''acme/m1'', 5, 1, ''kept'')'),
               (7, 'other call', 'public.reserve_model_quota(test.id(''A''), ''acme/m1'', 6, 5, ''open'')'),
               (8, 'other usage', format('public.settle_model_quota(%L, ''{"total_tokens": 8}'')', current_setting('test.settled'))),
               (9, 'gone', format('public.extend_model_quota(%L, ''1 hour'')', current_setting('test.released'))),
               (10, 'too large', 'public.record_model_usage(test.id(''A''), ''acme/m1'', jsonb_build_object(''total_tokens'', 5, ''x'', repeat(''x'', 70000)))'),
               (11, 'too deep', 'public.estimate_model_cost(''acme/m1'', (repeat(''{"a":'', 2000) || ''1'' || repeat(''}'', 2000))::jsonb)'),
               (12, 'too many', 'public.consume_model_quota_batch((SELECT jsonb_agg(jsonb_build_object(''user_uuid'', test.id(''A''), ''model_id'', ''acme/m1'', ''tokens'', 1)) FROM generate_series(1, 1001)))'),
               (13, 'refused', 'public.require_model_quota(test.id(''A''), ''acme/m1'', 1, 1)'),
               (14, 'refused', 'public.require_model_quota(test.id(''A''), ''acme/none'', 1, 1)'),
               (15, 'again', 'public.record_model_usage(test.id(''A''), ''acme/m1'', ''{"total_tokens": 5}'', ''kept'')'),
               (16, 'again', 'public.set_quota_limit(''calls'', ''requests'', ''daily'', 3)')) AS c (place, why, call)
 CROSS JOIN LATERAL (SELECT test.outcome('SELECT * FROM ' || c.call) AS told) AS o ORDER BY c.place;
