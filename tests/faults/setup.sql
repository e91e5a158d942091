-- What the tests of faults need in a database of their own, after people.sql; run by the developer role.

-- So many months ago began.
CREATE FUNCTION test.m(p_months integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => p_months)) AT TIME ZONE 'UTC'
$$;

-- Models acme/m1 … that all cost the same, so that a mixture of two feeds shows.
CREATE FUNCTION test.priced(p_count integer, p_price integer) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_agg(jsonb_build_object('id', format('acme/m%s', n), 'name', format('Model %s', n), 'description', repeat('x', 200),
               'pricing', jsonb_build_object('prompt', (p_price * 0.000001)::text, 'completion', (p_price * 0.00001)::text)) ORDER BY n)
      FROM generate_series(1, p_count) AS n
$$;

-- The prices that are open: one number when the catalogue is one feed.
CREATE FUNCTION test.open_prices() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(p.price::integer || ' x ' || p.models, ', ' ORDER BY p.price)
      FROM (SELECT (h.pricing ->> 'prompt')::numeric * 1000000 AS price, count(*) AS models FROM public.model_price_history AS h
             WHERE h.valid_to IS NULL GROUP BY 1) AS p
$$;

-- What the ledger and its folded months come to.
CREATE FUNCTION test.bill() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(' ', sum(x.n), sum(x.requests), sum(x.tokens), trim_scale(sum(x.cost)), trim_scale(sum(x.total)))
      FROM (SELECT 1 AS n, u.requests, u.tokens_used AS tokens, u.cost_usd AS cost, u.total_usd AS total FROM public.ai_usage AS u
            UNION ALL SELECT f.ledger_rows, f.requests, f.tokens_used, f.cost_usd, f.total_usd FROM public.ai_usage_folded AS f) AS x
$$;

-- The rows of every table, as one line each.
CREATE FUNCTION test.everything() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text;
    digest text;
    lines text[];
BEGIN
    FOR name IN SELECT c.oid::regclass FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1 LOOP
        EXECUTE format('SELECT count(*) || '' rows '' || coalesce(md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")), '''') FROM %s AS t', name) INTO digest;
        lines := lines || (name || ' ' || digest);
    END LOOP;
    RETURN array_to_string(lines, E'\n');
END $$;

-- What is wrong, whatever happened: no row when all is well.
CREATE FUNCTION test.wrong() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT 'verify: ' || v::text FROM model_access.verify() AS v WHERE NOT v.ok
    UNION ALL SELECT 'verify_quota: ' || v::text FROM public.verify_quota() AS v
    UNION ALL SELECT 'two open prices of ' || h.model_id FROM public.model_price_history AS h WHERE h.valid_to IS NULL
               GROUP BY h.model_id HAVING count(*) > 1
    UNION ALL SELECT 'no open price of ' || m.model_id FROM public.model_access AS m
               WHERE m.status <> 'inactive' AND NOT EXISTS (SELECT FROM public.model_price_history AS h
                                                             WHERE h.model_id = m.model_id AND h.valid_to IS NULL)
    UNION ALL SELECT 'a log row of a run that was cut off: ' || l::text FROM public.model_sync_log AS l
               WHERE l.sync_status NOT IN ('completed', 'failed') OR l.error_details ->> 'sqlstate' IN ('57014', '57P01', '57P02')
    UNION ALL SELECT 'twice in the ledger: ' || u.idempotency_key FROM public.ai_usage AS u
               WHERE u.idempotency_key IS NOT NULL AND u.corrects_id IS NULL GROUP BY u.user_id, u.idempotency_key HAVING count(*) > 1
    UNION ALL SELECT 'settled twice: ' || u.reservation_id FROM public.ai_usage AS u
               WHERE u.reservation_id IS NOT NULL AND u.corrects_id IS NULL GROUP BY u.reservation_id HAVING count(*) > 1
$$;

-- Calls of months ago, whose partitions may be dropped.
CREATE PROCEDURE test.old_months(p_rows integer) LANGUAGE sql AS $$
    SELECT model_access.make_usage_partitions(test.m(8), 4);
    INSERT INTO public.ai_usage (user_id, model, prompt_tokens, completion_tokens, tokens_used, occurred_at, cost_usd, markup_usd, total_usd,
                                 cost_source, markup_percent)
    SELECT test.id(CASE n % 2 WHEN 0 THEN 'A' ELSE 'B' END), 'acme/m' || 1 + n % 3, 100, 10, 110, test.m(5 + n % 4) + interval '10 days',
           0.001, 0.0002, 0.0012, 'provider', 20
      FROM generate_series(1, p_rows) AS n;
$$;

-- Calls of the last month whose cost is to be corrected, each of 1000 tokens of acme/m9.
CREATE PROCEDURE test.priced_calls(p_rows integer) LANGUAGE sql AS $$
    INSERT INTO public.ai_usage (user_id, model, prompt_tokens, completion_tokens, tokens_used, occurred_at, cost_usd, markup_usd, total_usd,
                                 cost_source, markup_percent)
    SELECT test.id(CASE n % 2 WHEN 0 THEN 'A' ELSE 'B' END), 'acme/m9', 1000, 0, 1000, test.m(1) + interval '10 days', 0, 0, 0, 'computed', 20
      FROM generate_series(1, p_rows) AS n;
$$;
CREATE FUNCTION test.cost_of_priced_calls() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT trim_scale(sum(u.cost_usd))::text FROM public.ai_usage AS u WHERE u.model = 'acme/m9' AND u.occurred_at = test.m(1) + interval '10 days'
$$;

SELECT public.sync_openrouter_models(test.priced(40, 1));
UPDATE public.model_access SET status = 'active', is_free = true, is_pro = true, is_enterprise = true WHERE true;
INSERT INTO public.organizations (id, name, quota_slots) VALUES ('00000000-0000-4000-8000-0000000000f1', 'Acme', 2);
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1' WHERE id IN (test.id('B'), test.id('P'));
SELECT public.set_quota_limit('each', 'requests', 'lifetime', 1000000000),
       public.set_quota_limit('cost', 'cost_usd', 'lifetime', 1000000000),
       public.set_quota_limit('open', 'concurrent', NULL, 1000000),
       public.set_quota_limit('pool', 'tokens', 'lifetime', 1000000000000, p_per => 'pool', p_model_pattern => 'acme/*'),
       public.set_quota_limit('firm', 'tokens', 'lifetime', 1000000000000, 'organization', '00000000-0000-4000-8000-0000000000f1',
                              p_per => 'organization');
