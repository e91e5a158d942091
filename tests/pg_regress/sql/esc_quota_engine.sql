-- ESC-01, ESC-03, ESC-04, ESC-08 for the quota engine: what the owner plants runs as the owner, whoever calls; nothing of a caller's path or temporary schema
-- is found; after an error the caller is back.
SELECT public.sync_openrouter_models(test.feed(1)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 5 WHERE true;
SELECT public.set_quota_limit('tokens', 'tokens', 'daily', 1000, p_time_zone => 'Asia/Tokyo') > 0 AS set;
CREATE TABLE public.ran (as_role name, superuser boolean, path text);
CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.ran VALUES (current_user, (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user), current_setting('search_path'));
    IF (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user) THEN EXECUTE 'ALTER ROLE postgres SUPERUSER'; END IF;
    RETURN coalesce(NEW, OLD);
END $$;
DO $$ DECLARE t name; BEGIN
    FOREACH t IN ARRAY ARRAY['quota_usage', 'quota_reservations', 'quota_holds', 'quota_requests', 'quota_alerts', 'quota_limits', 'quota_limit_history', 'ai_usage'] LOOP
        EXECUTE format('CREATE TRIGGER note BEFORE INSERT OR UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION public.note()', t);
    END LOOP;
END $$;
\connect - supabase_admin
CREATE SCHEMA evil;
GRANT USAGE, CREATE ON SCHEMA evil TO PUBLIC;
GRANT TEMPORARY ON DATABASE :DBNAME TO service_role;
CREATE FUNCTION evil.unnest(anyarray) RETURNS SETOF anyelement LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''evil ran''; END';
CREATE FUNCTION evil.same(uuid, uuid) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''evil ran''; END';
CREATE OPERATOR evil.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = evil.same);
SET search_path = evil, pg_catalog, public;
CREATE TEMP TABLE quota_usage (LIKE public.quota_usage);
CREATE TEMP TABLE quota_limits (LIKE public.quota_limits);
CREATE TEMP TABLE ai_usage (LIKE public.ai_usage);
CREATE TEMP TABLE profiles (LIKE public.profiles);
SELECT allowed, reason FROM public.consume_model_quota(test.id('A'), 'acme/m1', 900, 1, 'key');
SELECT (public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 10)).reservation_id AS id \gset
SELECT tokens FROM public.settle_model_quota(:'id', '{"total_tokens": 5}');
SELECT (public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 10)).reservation_id AS id \gset
SELECT allowed FROM public.extend_model_quota(:'id', '20 minutes');
SELECT allowed FROM public.release_model_quota(:'id');
SELECT tokens FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 5}');
SELECT jsonb_array_length(public.consume_model_quota_batch(jsonb_build_array(jsonb_build_object('user_uuid', test.id('B'), 'model_id', 'acme/m1', 'tokens', 1)))) AS decisions;
SELECT allowed FROM public.check_model_quota(test.id('A'), 'acme/m1');
SELECT name, used FROM public.get_quota_status(test.id('A')) ORDER BY name COLLATE "C";
SELECT public.set_quota_limit('more', 'requests', 'hourly', 10) OPERATOR(pg_catalog.>) 0 AS set, public.adjust_quota(test.id('A'), 'acme/m1', 'tokens', -5, 'test') AS used, public.expire_reservations() AS expired;
SELECT public.remove_quota_limit(l.limit_id) FROM public.quota_limits AS l WHERE l.name OPERATOR(pg_catalog.=) 'more';
SELECT * FROM public.verify_quota();
SELECT count(*) AS shadows FROM (SELECT 1 FROM pg_temp.quota_usage UNION ALL SELECT 1 FROM pg_temp.ai_usage UNION ALL SELECT 1 FROM pg_temp.quota_limits) AS s;
-- After an error inside, the caller is himself again.
SET search_path = public;
SELECT left(test.outcome($$SELECT public.settle_model_quota('00000000-0000-4000-8000-000000000000', '{"total_tokens": 1}')$$), 5) AS outcome, current_user, current_setting('search_path') AS path;
\connect - postgres
SELECT DISTINCT as_role, superuser, path FROM public.ran;
SELECT count(*) > 20 AS ran_often, (SELECT rolsuper FROM pg_roles WHERE rolname = 'postgres') AS developer_is_superuser FROM public.ran;
