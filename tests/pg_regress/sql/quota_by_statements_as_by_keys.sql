-- Rows are found by keys where tables are as install() makes them, else by statements: both ways a life of calls ends the same.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 3, monthly_limit = 100 WHERE model_id = 'acme/m1';
UPDATE public.model_access SET status = 'active', is_free = true WHERE model_id = 'acme/m2';
INSERT INTO public.organizations (id, name, pricing_plan, quota_slots) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One', 'pro', 3), ('00000000-0000-4000-8000-0000000000f2', 'Two', 'pro', 3);
UPDATE public.profiles SET organization_id = CASE id WHEN test.id('A') THEN '00000000-0000-4000-8000-0000000000f1' ELSE '00000000-0000-4000-8000-0000000000f2' END::uuid WHERE id IN (test.id('A'), test.id('S'));
SELECT public.set_quota_limit('tokens', 'tokens', 'lifetime', 1000, 'plan', 'pro', p_per => 'organization') > 0 AS set;
SELECT public.set_quota_limit('budget', 'cost_usd', 'daily', 0.005, 'tier', 'free', p_model_pattern => 'acme/*', p_enforcement => 'soft') > 0 AS set;
SELECT public.set_quota_limit('at once', 'concurrent', NULL, 2) > 0 AS set;
CREATE FUNCTION pg_temp.told(d public.quota_decision) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' | ', d.allowed, d.reason, d.limit_name, d.scope, d.metric, d.period, d.limit_amount, d.used, d.held, d.requested, d.remaining, CASE WHEN d.metric <> 'concurrent' THEN d.resets_at END, d.reservation_id IS NOT NULL, regexp_replace(d.warnings::text, '"resets_at": "[^"]*", ', '', 'g'))
$$;
CREATE FUNCTION pg_temp.life(p_person uuid) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    model text;
    one uuid;
    two uuid;
BEGIN
    FOREACH model IN ARRAY ARRAY['acme/m1', 'acme/m2', 'acme/m3', 'acme/none'] LOOP
        RETURN NEXT 'check ' || pg_temp.told(public.check_model_quota(p_person, model, 10));
        RETURN NEXT 'consume ' || pg_temp.told(public.consume_model_quota(p_person, model, 10));
        RETURN NEXT 'consume ' || pg_temp.told(public.consume_model_quota(p_person, model, 20, 1, 'key of ' || model));
        RETURN NEXT 'again ' || pg_temp.told(public.consume_model_quota(p_person, model, 20, 1, 'key of ' || model));
    END LOOP;
    one := (public.reserve_model_quota(p_person, 'acme/m2', 100, 200)).reservation_id;
    two := (public.reserve_model_quota(p_person, 'acme/m1', 10, 20)).reservation_id;
    RETURN NEXT 'reserve ' || pg_temp.told(public.reserve_model_quota(p_person, 'acme/m2', 1, 1));
    RETURN NEXT 'settle ' || (SELECT concat_ws(' | ', s.model_id, s.tokens, s.cost_usd, s.markup_usd, s.total_usd, s.cost_source, s.repeated, s.warnings) FROM public.settle_model_quota(one, '{"prompt_tokens": 90, "completion_tokens": 400}') AS s);
    RETURN NEXT 'settle ' || (SELECT concat_ws(' | ', s.tokens, s.repeated) FROM public.settle_model_quota(one, '{"prompt_tokens": 90, "completion_tokens": 400}') AS s);
    RETURN NEXT 'release ' || (public.release_model_quota(two)).allowed;
    RETURN NEXT 'record ' || (SELECT concat_ws(' | ', s.model_id, s.tokens, s.cost_usd, s.total_usd, s.cost_source, s.warnings) FROM public.record_model_usage(p_person, 'acme/m2', '{"prompt_tokens": 5, "completion_tokens": 600}') AS s);
    RETURN NEXT 'batch ' || public.consume_model_quota_batch((SELECT jsonb_agg(jsonb_build_object('user_uuid', p_person, 'model_id', m, 'tokens', 5)) FROM unnest(ARRAY['acme/m1', 'acme/m2', 'acme/m3', 'acme/m2']) AS m))::text;
END $$;
CREATE TABLE public.lives AS SELECT 'keys' AS way, l.place, l.line FROM pg_temp.life(test.id('A')) WITH ORDINALITY AS l (line, place);
-- A child, though it is empty, is something that only statements see.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['model_access_settings', 'profiles', 'organizations', 'model_access', 'model_price_history', 'quota_limits', 'quota_usage', 'quota_reservations', 'quota_holds'] LOOP
        EXECUTE format('CREATE TABLE public.child_of_%1$s () INHERITS (public.%1$s)', name);
    END LOOP;
END $$;
INSERT INTO public.lives SELECT 'statements', l.place, l.line FROM pg_temp.life(test.id('S')) WITH ORDINALITY AS l (line, place);
SELECT k.place, k.line AS by_keys, s.line AS by_statements
  FROM (SELECT * FROM public.lives WHERE way = 'keys') AS k FULL JOIN (SELECT * FROM public.lives WHERE way = 'statements') AS s USING (place)
 WHERE k.line IS DISTINCT FROM s.line ORDER BY 1;
SELECT count(*) AS lines, count(*) FILTER (WHERE l.line ~ 'quota_exceeded') > 0 AS refused, count(*) FILTER (WHERE l.line ~ 'soft_limit_exceeded') > 0 AS warned FROM public.lives AS l WHERE l.way = 'keys';
-- And so do the rows that they leave behind.
SELECT count(*) AS different FROM (
    SELECT u.model, u.tokens_used, u.requests, u.cost_usd, u.markup_usd, u.total_usd, u.cost_source, u.tier, u.plan, u.idempotency_key, u.price_id, count(*) FILTER (WHERE u.user_id = test.id('A')) AS keys, count(*) FILTER (WHERE u.user_id = test.id('S')) AS statements
      FROM public.ai_usage AS u GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) AS r WHERE r.keys <> r.statements;
-- Whose counters have several rows, one call is counted on one of them: which, depends on the backend.
SELECT c.source, c.model, c.used, c.held, c.rows, count(*) AS of
  FROM (SELECT u.source, u.model, u.subject, u.limit_id, sum(u.used) AS used, sum(u.held) AS held, count(*) AS rows FROM public.quota_usage AS u GROUP BY 1, 2, 3, 4) AS c
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3;
SELECT status, count(*) FROM public.quota_reservations GROUP BY 1 ORDER BY 1;
SELECT count(*) AS holds FROM public.quota_holds;
SELECT * FROM public.verify_quota();
