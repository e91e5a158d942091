-- Admission in plpgsql, written so that it is right for the one kind of limit that it knows, a model's daily_limit: gates of
-- the catalogue, the counter locked before it is read, the window rolled in place, the ledger row in the same transaction, with
-- the price in force.
CREATE FUNCTION bench.consume(p_user uuid, p_model text, p_tokens bigint, OUT allowed boolean, OUT reason text,
                              OUT used numeric, OUT remaining numeric, OUT resets_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_day timestamptz := date_trunc('day', v_now AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
    v_person record;
    v_counter public.quota_usage;
    v_cost numeric;
BEGIN
    SELECT p.subscription_tier, p.organization_id, o.pricing_plan, m.status, m.daily_limit,
           CASE p.subscription_tier
               WHEN 'pro' THEN m.is_free OR m.is_pro
               WHEN 'enterprise' THEN m.is_free OR m.is_pro OR m.is_enterprise
               ELSE m.is_free END AS is_open,
           h.id AS price_id, greatest((h.pricing ->> 'prompt')::numeric, (h.pricing ->> 'completion')::numeric) AS price,
           s.markup_percent
      INTO v_person
      FROM public.model_access AS m
     CROSS JOIN public.model_access_settings AS s
      LEFT JOIN public.model_price_history AS h ON h.model_id = m.model_id AND h.valid_to IS NULL
      LEFT JOIN public.profiles AS p ON p.id = p_user
      LEFT JOIN public.organizations AS o ON o.id = p.organization_id
     WHERE m.model_id = p_model;
    allowed := false;
    reason := CASE WHEN NOT FOUND THEN 'model_not_found'
                   WHEN v_person.status <> 'active' THEN 'model_not_active'
                   WHEN NOT v_person.is_open THEN 'tier_not_allowed' END;
    IF reason IS NOT NULL THEN
        RETURN;
    END IF;
    LOOP
        SELECT * INTO v_counter
          FROM public.quota_usage AS u
         WHERE u.subject = p_user AND u.source = 'daily' AND u.limit_id = 0 AND u.model = p_model AND u.slot = 0
           FOR NO KEY UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO public.quota_usage (subject, source, limit_id, model, slot, window_start, window_end)
        VALUES (p_user, 'daily', 0, p_model, 0, v_day, v_day + interval '1 day')
            ON CONFLICT DO NOTHING;
    END LOOP;
    IF v_counter.window_end <= v_now THEN
        v_counter.used := 0;
        v_counter.held := 0;
        v_counter.window_start := v_day;
        v_counter.window_end := v_day + interval '1 day';
    END IF;
    allowed := coalesce(v_counter.used + v_counter.held + 1 <= v_person.daily_limit, true);
    resets_at := v_counter.window_end;
    IF NOT allowed THEN
        reason := 'quota_exceeded';
        used := v_counter.used;
        remaining := greatest(v_person.daily_limit - v_counter.used - v_counter.held, 0);
        RETURN;
    END IF;
    used := v_counter.used + 1;
    remaining := v_person.daily_limit - used - v_counter.held;
    UPDATE public.quota_usage AS u
       SET used = consume.used, held = v_counter.held, window_start = v_counter.window_start, window_end = v_counter.window_end
     WHERE u.counter_id = v_counter.counter_id;
    v_cost := p_tokens * v_person.price;
    INSERT INTO public.ai_usage (user_id, organization_id, tier, plan, model, tokens_used, requests, created_at, occurred_at,
                                 price_id, cost_source, cost_usd, markup_percent, markup_usd, total_usd)
    VALUES (p_user, v_person.organization_id, v_person.subscription_tier, v_person.pricing_plan, p_model, p_tokens, 1, v_now,
            v_now, v_person.price_id, CASE WHEN v_cost IS NULL THEN 'unknown' ELSE 'estimated' END, v_cost,
            v_person.markup_percent, v_cost * v_person.markup_percent / 100, v_cost * (100 + v_person.markup_percent) / 100);
END $$;
