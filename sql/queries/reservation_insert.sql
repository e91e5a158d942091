-- A reservation. What it holds of counters is stored beside it.
INSERT INTO public.quota_reservations (reservation_id, user_id, organization_id, tier, plan, model, requests, tokens, cost_usd,
                                       occurred_at, expires_at, idempotency_key, price_id, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
