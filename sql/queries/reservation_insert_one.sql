-- After quota_counter_write_one.sql: a reservation ($9 … $20, $23), and what it holds of counters: $21 which, $22 how much.
, made AS (
    INSERT INTO public.quota_reservations (reservation_id, user_id, organization_id, tier, plan, model, requests, tokens,
                                           cost_usd, occurred_at, expires_at, idempotency_key, price_id)
    VALUES ($9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $23)
)
INSERT INTO public.quota_holds (counter_id, reservation_id, amount, expires_at)
SELECT pg_catalog.unnest($21), $9, pg_catalog.unnest($22::pg_catalog.numeric[]), $19
RETURNING 1
