-- forget_user() leaves no trace of a person in the tables of model_access but the audit log, which nobody rewrites, and every sum as it was; an open reservation can still be settled.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 1000 WHERE true;
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-9000-000000000001', 'one');
UPDATE public.profiles SET organization_id = '00000000-0000-4000-9000-000000000001' WHERE id IN (test.id('A'), test.id('B'));
SET ROLE service_role;
-- He is the subject of a limit, its author, and in a reason, in capitals too.
SELECT set_config('request.jwt.claims', jsonb_build_object('sub', test.id('A'))::text, false) IS NOT NULL AS signed_in;
SELECT count(public.set_quota_limit(l.name, l.metric, l.period, 100000, l.scope, l.subject, l.per, p_per_model => l.per_model, p_reason => l.reason))
  FROM (VALUES ('own', 'tokens', 'lifetime', 'user', test.id('A')::text, 'user', true, 'for ' || upper(test.id('A')::text)), ('other', 'tokens', 'lifetime', 'user', test.id('B')::text, 'user', false, NULL),
               ('of one', 'tokens', 'lifetime', 'organization', '00000000-0000-4000-9000-000000000001', 'organization', false, test.id('A')::text || ' asked'), ('all', 'requests', 'lifetime', 'everyone', NULL, 'pool', false, NULL),
               ('at once', 'concurrent', NULL, 'everyone', NULL, 'user', false, NULL)) AS l (name, metric, period, scope, subject, per, per_model, reason);
SELECT count(*) FILTER (WHERE c.allowed) FROM unnest(ARRAY['A', 'B', 'A', 'X']) WITH ORDINALITY AS w (who, n) CROSS JOIN LATERAL public.consume_model_quota(test.id(w.who), 'acme/m' || 1 + n % 2, 10 * n, 1, 'mail of ' || w.who || n) AS c;
SELECT allowed, reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 50, 60, 'thread 7') \gset open_
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m2', 5, 6, 'thread 8') \gset settled_
SELECT tokens FROM public.settle_model_quota(:'settled_id', '{"total_tokens": 99000}');
SELECT tokens FROM public.record_model_usage(test.id('A'), 'gone/model', '{"total_tokens": 40}', 'record 1');
SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'own', 5, 'refund') > 0 AS adjusted;
RESET request.jwt.claims;
RESET ROLE;
INSERT INTO public.ai_usage (user_id, organization_id, model, tokens_used, requests, cost_usd, cost_source, corrects_id, correction_reason, tier) SELECT user_id, organization_id, model, 0, 0, 0.5, 'repriced', id, 'asked by ' || user_id, tier FROM public.ai_usage WHERE reservation_id = :'settled_id';
SELECT public.log_user_activity(test.id('A'), 'login', 'session', 'x', '{"mail": "a@example.test"}') IS NOT NULL AS own, public.log_user_activity(test.id('B'), 'invited', 'user', test.id('A')::text, jsonb_build_object('to', test.id('A'))) IS NOT NULL AS of_another;
INSERT INTO public.model_review_items (model_id, kind, sync_log_id, created_at, resolved_at, resolved_by) VALUES ('acme/m1', 'price_zero', gen_random_uuid(), now(), now(), test.id('A')), ('acme/m2', 'price_zero', gen_random_uuid(), now(), now(), test.id('B'));

-- Every row of every table in public, views aside: how many name somebody.
CREATE FUNCTION pg_temp.named(p_who uuid) RETURNS TABLE (table_name text, named bigint) LANGUAGE plpgsql AS $$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN SELECT c.oid FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'f') AND NOT c.relispartition AND c.relname NOT LIKE 'audit\_log%' ORDER BY c.relname LOOP
        EXECUTE format('SELECT count(*) FROM %s AS t WHERE strpos(lower(t::text), %L) > 0', relation, p_who) INTO named;
        table_name := relation::text;
        IF named > 0 THEN RETURN NEXT; END IF;
    END LOOP;
END $$;
-- What bills, counters and limits say, without the users' names.
CREATE FUNCTION pg_temp.books() RETURNS text LANGUAGE sql AS $$
    SELECT md5(concat_ws('|',
        (SELECT string_agg(concat_ws(',', s.model, s.organization_id, s.requests, s.total_tokens, s.cost_usd, s.unknown_cost_requests, s.n), ';' ORDER BY s.model, s.total_tokens, s.n)
           FROM (SELECT model, organization_id, requests, total_tokens, cost_usd, unknown_cost_requests, dense_rank() OVER (PARTITION BY model ORDER BY total_tokens) AS n FROM public.get_usage_summary('-infinity', 'infinity', '{user,model,organisation}')) AS s),
        (SELECT string_agg(concat_ws(',', u.counter_id, u.source, u.limit_id, u.model, u.slot, u.window_start, u.window_end, u.used, u.held, u.opening), ';' ORDER BY u.counter_id) FROM public.quota_usage AS u),
        (SELECT string_agg(concat_ws(',', l.limit_id, l.name, l.scope, l.limit_amount), ';' ORDER BY l.limit_id) FROM public.quota_limits AS l),
        (SELECT string_agg(concat_ws(',', h.history_id, h.operation, h.old_value ->> 'limit_amount', h.new_value ->> 'limit_amount'), ';' ORDER BY h.history_id) FROM public.quota_limit_history AS h),
        (SELECT string_agg(concat_ws(',', h.counter_id, h.reservation_id, h.amount), ';' ORDER BY h.counter_id, h.reservation_id) FROM public.quota_holds AS h),
        (SELECT string_agg(concat_ws(',', a.alert_id, a.limit_name, a.threshold), ';' ORDER BY a.alert_id) FROM public.quota_alerts AS a),
        (SELECT string_agg(concat_ws(',', r.reservation_id, r.status, r.tokens), ';' ORDER BY r.reservation_id) FROM public.quota_reservations AS r)))
$$;
SELECT * FROM pg_temp.named(test.id('A'));
CREATE TEMP TABLE others AS SELECT * FROM pg_temp.named(test.id('B'));
SELECT * FROM others;
SELECT count(*) AS mismatches FROM public.verify_quota();
SELECT pg_temp.books() AS books \gset
-- service_role only, and somebody.
BEGIN; SELECT test.request('authenticated', 'A'); SELECT test.outcome($$SELECT public.forget_user(test.id('A'))$$); ROLLBACK;
BEGIN; SELECT test.request('anon'); SELECT test.outcome($$SELECT public.forget_user(test.id('A'))$$); ROLLBACK;
SET ROLE service_role;
SELECT test.outcome('SELECT public.forget_user(NULL)');
SELECT test.outcome($$SELECT public.forget_user('00000000-0000-0000-0000-000000000000')$$);
SELECT * FROM jsonb_each(public.forget_user('00000000-0000-4000-8000-00000000dead'));
-- An organisation is no person: what counts it stays its own.
SELECT public.forget_user('00000000-0000-4000-9000-000000000001') -> 'quota_usage' AS counters_of_an_organisation;
RESET ROLE;
SELECT * FROM pg_temp.named('00000000-0000-4000-9000-000000000001');
SELECT pg_temp.books() = :'books' AS nothing_happened;
-- The account goes first; what was the application's goes with it.
DELETE FROM auth.users WHERE id = test.id('A');
SELECT * FROM pg_temp.named(test.id('A'));
SET ROLE service_role;
SELECT * FROM jsonb_each(public.forget_user(test.id('A')));
SELECT * FROM jsonb_each(public.forget_user(test.id('A'))) WHERE value <> '0';
RESET ROLE;
SELECT * FROM pg_temp.named(test.id('A'));
SELECT count(*) AS others_changed FROM ((TABLE others EXCEPT SELECT * FROM pg_temp.named(test.id('B'))) UNION ALL (SELECT * FROM pg_temp.named(test.id('B')) EXCEPT TABLE others)) AS x;
SELECT pg_temp.books() = :'books' AS same_books;
SELECT count(*) AS mismatches FROM public.verify_quota();
-- One stranger stands for him everywhere, his keys are gone, those of others stay.
SELECT count(DISTINCT s.id) AS strangers, bool_and(s.id NOT IN (test.id('B'), test.id('X')) AND substr(s.id::text, 15, 1) = '4') AS random FROM (
    SELECT user_id AS id FROM public.ai_usage WHERE model = 'gone/model' UNION ALL SELECT user_id FROM public.quota_reservations UNION ALL SELECT subject::uuid FROM public.quota_limits WHERE name = 'own'
    UNION ALL SELECT u.subject FROM public.quota_usage AS u JOIN public.quota_limits AS l USING (limit_id) WHERE l.name = 'own' UNION ALL SELECT a.subject FROM public.quota_alerts AS a WHERE a.limit_name = 'own'
    UNION ALL SELECT changed_by::uuid FROM public.quota_limit_history WHERE reason = 'refund' UNION ALL SELECT substr(reason, 5)::uuid FROM public.quota_limit_history WHERE reason LIKE 'for %'
    UNION ALL SELECT resource_id::uuid FROM public.user_activity_log WHERE action = 'invited' UNION ALL SELECT resolved_by FROM public.model_review_items WHERE model_id = 'acme/m1') AS s;
SELECT idempotency_key FROM public.ai_usage WHERE idempotency_key IS NOT NULL ORDER BY 1;
SELECT idempotency_key FROM public.quota_requests ORDER BY 1;
SELECT count(*) AS kept_keys FROM public.quota_reservations WHERE idempotency_key IS NOT NULL;
-- What was reserved before is settled under the stranger's name, exactly once.
SET ROLE service_role;
SELECT tokens, repeated FROM public.settle_model_quota(:'open_id', '{"total_tokens": 70}');
SELECT tokens, repeated FROM public.settle_model_quota(:'open_id', '{"total_tokens": 70}');
RESET ROLE;
SELECT count(*) AS mismatches FROM public.verify_quota();
SELECT * FROM pg_temp.named(test.id('A'));
SELECT count(DISTINCT user_id) AS users, sum(tokens_used) AS tokens FROM public.ai_usage;
-- Whose account still stands keeps his profile, and nothing else of ours.
SELECT public.forget_user(test.id('B')) ->> 'user_activity_log' AS activities;
SELECT * FROM pg_temp.named(test.id('B'));
SELECT count(*) AS mismatches FROM public.verify_quota();
