-- Keeps answers ($5) to calls of users ($1) with keys ($2): $3 operations, $4 fingerprints, $6 now.
INSERT INTO public.quota_requests (user_id, idempotency_key, operation, fingerprint, result, created_at)
SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),
       pg_catalog.unnest($5)::pg_catalog.jsonb, $6
