-- The floor of settle_model_quota(): hold, counter, reservation and ledger by one statement. $1 the reservation, $2 tokens of
-- the prompt, $3 of the answer.
WITH hold AS (
    DELETE FROM public.quota_holds AS h WHERE h.reservation_id = $1 RETURNING h.counter_id, h.amount
), counter AS (
    UPDATE public.quota_usage AS u
       SET held = u.held - h.amount, used = u.used + 1
      FROM hold AS h
     WHERE u.counter_id = h.counter_id
), reservation AS (
    UPDATE public.quota_reservations AS r
       SET status = 'settled', usage_id = gen_random_uuid(), usage_fingerprint = 4711
     WHERE r.reservation_id = $1 AND r.status = 'active'
    RETURNING r.*
)
INSERT INTO public.ai_usage (id, user_id, organization_id, tier, plan, model, tokens_used, prompt_tokens, completion_tokens,
                             requests, reservation_id, created_at, occurred_at, price_id, cost_source, cost_usd,
                             markup_percent, markup_usd, total_usd)
SELECT r.usage_id, r.user_id, r.organization_id, r.tier, r.plan, r.model, $2::bigint + $3::bigint, $2::bigint, $3::bigint, 1, r.reservation_id,
       clock_timestamp(), r.occurred_at, r.price_id, 'computed', c.cost_usd, 20, c.cost_usd * 0.2, c.cost_usd * 1.2
  FROM reservation AS r
 CROSS JOIN (SELECT $2::bigint * 0.00000027 + $3::bigint * 0.0000011 AS cost_usd) AS c
RETURNING id
