-- The ledger's rows of a time ($1 to before $2): how many there are, and sums over hashes of their keys and users.
SELECT pg_catalog.count(*), pg_catalog.sum(pg_catalog.uuid_hash_extended(u.id, 0))::pg_catalog.text,
       pg_catalog.sum(pg_catalog.uuid_hash_extended(u.user_id, 0))::pg_catalog.text
  FROM public.ai_usage AS u
 WHERE u.occurred_at OPERATOR(pg_catalog.>=) $1 AND u.occurred_at OPERATOR(pg_catalog.<) $2
