-- Locks a reservation ($1) and reads it as it is then.
SELECT r.user_id, r.organization_id, r.tier, r.plan, r.model, r.occurred_at, r.expires_at, r.status, r.usage_id,
       r.usage_fingerprint, r.idempotency_key, r.price_id, r.cost_usd
  FROM public.quota_reservations AS r
 WHERE r.reservation_id OPERATOR(pg_catalog.=) $1
   FOR NO KEY UPDATE
