-- A reservation ($1 … $12, $15), and what it holds of counters: $13 which, $14 how much.
WITH made AS (
    INSERT INTO public.quota_reservations (reservation_id, user_id, organization_id, tier, plan, model, requests, tokens,
                                           cost_usd, occurred_at, expires_at, idempotency_key, price_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::pg_catalog.numeric, $10, $11, $12, $15)
)
INSERT INTO public.quota_holds (counter_id, reservation_id, amount, expires_at)
SELECT pg_catalog.unnest($13), $1, pg_catalog.unnest($14::pg_catalog.numeric[]), $11
