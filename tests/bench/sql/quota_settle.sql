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
                             requests, reservation_id, created_at, occurred_at)
SELECT r.usage_id, r.user_id, r.organization_id, r.tier, r.plan, r.model, $2::bigint + $3::bigint, $2, $3, 1, r.reservation_id,
       clock_timestamp(), r.occurred_at
  FROM reservation AS r
RETURNING id
