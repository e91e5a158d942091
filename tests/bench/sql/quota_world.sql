-- People, organisations, models and usage for the quota rows. Everything is made by arithmetic and may be made again.

-- Person p_number of the bench, and organisation p_number.
CREATE FUNCTION bench.person(p_number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('0000be5d-0000-4000-8000-' || lpad(to_hex(p_number), 12, '0'))::uuid
$$;
CREATE FUNCTION bench.organization(p_number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('0000be5e-0000-4000-8000-' || lpad(to_hex(p_number), 12, '0'))::uuid
$$;

-- One model with a daily limit that is never reached, one without any; no threshold of an alert is reached either. What their
-- tokens cost, USD, since before any row of the ledger. The numbers of the rows stand in the floors.
CREATE PROCEDURE bench.make_models() LANGUAGE sql AS $$
    INSERT INTO public.model_access (model_id, model_name, status, is_free, daily_limit)
    VALUES ('tidepool/atlas-32b-limited', 'Tidepool: Atlas 32B limited', 'active', true, 2000000000),
           ('tidepool/atlas-32b-open', 'Tidepool: Atlas 32B open', 'active', true, NULL)
        ON CONFLICT (model_id) DO UPDATE
       SET status = 'active', is_free = true, daily_limit = excluded.daily_limit, monthly_limit = NULL;
    INSERT INTO public.model_price_history (id, model_id, valid_from, pricing) OVERRIDING SYSTEM VALUE
    VALUES (1000000001, 'tidepool/atlas-32b-limited', '2000-01-01 00:00+00', '{"prompt": "0.00000027", "completion": "0.0000011"}'),
           (1000000002, 'tidepool/atlas-32b-open', '2000-01-01 00:00+00', '{"prompt": "0.00000027", "completion": "0.0000011"}')
        ON CONFLICT DO NOTHING;
$$;
CALL bench.make_models();

CREATE PROCEDURE bench.make_organization(p_number bigint, p_slots integer) LANGUAGE sql AS $$
    INSERT INTO public.organizations (id, name, pricing_plan, quota_slots)
    VALUES (bench.organization(p_number), format('Bench %s', p_number), 'pro', p_slots)
        ON CONFLICT (id) DO UPDATE SET quota_slots = excluded.quota_slots;
$$;

-- People p_first … p_last of the free tier, in organisation p_organization or, where that is NULL, 100 in each.
CREATE PROCEDURE bench.make_people(p_first bigint, p_last bigint, p_organization bigint) LANGUAGE sql AS $$
    INSERT INTO public.organizations (id, name, pricing_plan)
    SELECT DISTINCT bench.organization(coalesce(p_organization, 1000000 + n / 100)), format('Bench %s', n / 100), 'pro'
      FROM generate_series(p_first, p_last) AS n
        ON CONFLICT DO NOTHING;
    INSERT INTO auth.users (id, email)
    SELECT bench.person(n), format('person%s@example.test', n) FROM generate_series(p_first, p_last) AS n
        ON CONFLICT DO NOTHING;
    INSERT INTO public.profiles (id, email, subscription_tier, organization_id)
    SELECT bench.person(n), format('person%s@example.test', n), 'free',
           bench.organization(coalesce(p_organization, 1000000 + n / 100))
      FROM generate_series(p_first, p_last) AS n
        ON CONFLICT DO NOTHING;
$$;

-- A key as the extension makes them, in the order of time.
CREATE FUNCTION bench.ordered_id(p_at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0') || '7'
            || overlay(translate(left(gen_random_uuid()::text, 22), '-', '') PLACING '8' FROM 4))::uuid
$$;

-- Ledger rows numbered p_from … p_to of the limited model, as consume_model_quota() writes them, the same number for each of
-- p_people people from p_first on, spread over p_days days that end now. Never as many tokens as calls that are measured.
CREATE PROCEDURE bench.fill_ledger(p_from bigint, p_to bigint, p_first bigint, p_people bigint, p_days integer)
LANGUAGE sql AS $$
    INSERT INTO public.ai_usage (user_id, organization_id, tier, plan, model, tokens_used, requests, created_at, occurred_at,
                                 price_id, cost_source, cost_usd, markup_percent, markup_usd, total_usd, id)
    SELECT p.id, p.organization_id, 'free', 'pro', 'tidepool/atlas-32b-limited', i.tokens, 1, i.at, i.at, 1000000001, 'estimated',
           i.tokens * 0.0000011, 20, i.tokens * 0.00000022, i.tokens * 0.00000132,
           bench.ordered_id(i.at)
      FROM (SELECT bench.person(p_first + n % p_people) AS person, 1000 + n % 200 AS tokens,
                   CASE WHEN n / p_people % p_days = 0
                        THEN d.day + (clock_timestamp() - d.day) * (n * 7919 % 10007 / 10007.0)
                        ELSE d.day - interval '1 day' * (n / p_people % p_days - n * 7919 % 10007 / 10007.0) END AS at
              FROM generate_series(p_from, p_to) AS n
             CROSS JOIN (SELECT date_trunc('day', clock_timestamp() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day) AS d
           ) AS i
      JOIN public.profiles AS p ON p.id = i.person
     ORDER BY i.at;
$$;

-- The counters that the ledger's rows belong to, for people p_first … p_last, as the first call of each would make them.
CREATE PROCEDURE bench.make_counters(p_first bigint, p_last bigint) LANGUAGE sql AS $$
    INSERT INTO public.quota_usage (subject, source, limit_id, model, slot, window_start, window_end, used)
    SELECT p.id, 'daily', 0, 'tidepool/atlas-32b-limited', 0, d.day, d.day + interval '1 day', coalesce(u.requests, 0)
      FROM (SELECT bench.person(n) AS id FROM generate_series(p_first, p_last) AS n) AS p
     CROSS JOIN (SELECT date_trunc('day', clock_timestamp() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day) AS d
      LEFT JOIN (SELECT a.user_id, sum(a.requests) AS requests
                   FROM public.ai_usage AS a
                  WHERE a.occurred_at >= date_trunc('day', clock_timestamp() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
                    AND a.model = 'tidepool/atlas-32b-limited'
                  GROUP BY a.user_id) AS u ON u.user_id = p.id
        ON CONFLICT (subject, source, limit_id, model, slot) DO UPDATE
       SET used = excluded.used, window_start = excluded.window_start, window_end = excluded.window_end;
$$;

-- Limits p_from … p_to that do not concern the people who are measured: of another person, or of another model for everyone.
CREATE PROCEDURE bench.make_other_limits(p_from integer, p_to integer) LANGUAGE plpgsql AS $$
BEGIN
    FOR n IN p_from .. p_to LOOP
        PERFORM public.set_quota_limit(
            p_name => format('other %s', n), p_metric => 'requests', p_period => 'daily', p_limit_amount => 1000,
            p_scope => CASE n % 2 WHEN 0 THEN 'everyone' ELSE 'user' END,
            p_subject => CASE n % 2 WHEN 0 THEN '' ELSE bench.person(900000000 + n)::text END,
            p_model_pattern => format('saltmarsh/atlas-%s', n), p_reason => 'bench');
    END LOOP;
END $$;
