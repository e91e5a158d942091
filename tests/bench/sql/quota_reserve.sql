-- The floor of reserve_model_quota(): reservation, hold and counter by one statement. $1 user, $2 organisation, $3 model,
-- $4 tokens, $5 the day. The cost is that of the prompt's 500 and of the longest answer.
WITH counter AS (
    UPDATE public.quota_usage AS u
       SET used = CASE WHEN u.window_start = $5 THEN u.used ELSE 0 END, held = u.held + 1, window_start = $5,
           window_end = $5 + interval '1 day'
     WHERE u.subject = $1 AND u.source = 'daily' AND u.limit_id = 0 AND u.model = $3 AND u.slot = 0
       AND CASE WHEN u.window_start = $5 THEN u.used ELSE 0 END + u.held + 1 <= 2000000000
    RETURNING u.counter_id
), reservation AS (
    INSERT INTO public.quota_reservations (reservation_id, user_id, organization_id, tier, plan, model, requests, tokens,
                                           occurred_at, expires_at, price_id, cost_usd)
    SELECT gen_random_uuid(), $1, $2, 'free', 'pro', $3, 1, $4::bigint, n.now, n.now + interval '10 minutes', 1000000001,
           500 * 0.00000027 + ($4::bigint - 500) * 0.0000011
      FROM counter CROSS JOIN (SELECT clock_timestamp() AS now) AS n
    RETURNING reservation_id, expires_at
)
INSERT INTO public.quota_holds (counter_id, reservation_id, amount, expires_at)
SELECT c.counter_id, r.reservation_id, 1, r.expires_at
  FROM counter AS c CROSS JOIN reservation AS r
RETURNING reservation_id
