-- Kept answers to some users' ($1) idempotency keys ($2).
SELECT k.place, q.operation, q.fingerprint, q.result
  FROM (SELECT pg_catalog.unnest($1) AS user_id, pg_catalog.unnest($2) AS idempotency_key,
               pg_catalog.unnest($3) AS place) AS k
  JOIN public.quota_requests AS q
    ON q.user_id OPERATOR(pg_catalog.=) k.user_id AND q.idempotency_key OPERATOR(pg_catalog.=) k.idempotency_key
