-- The ledger's rows of a person ($1) become a stranger's ($2). Keys are the caller's text and may tell who it was.
UPDATE public.ai_usage AS u
   SET user_id = $2,
       idempotency_key = NULL,
       correction_reason = pg_catalog.regexp_replace(u.correction_reason, $1::pg_catalog.text, $2::pg_catalog.text, 'gi')
 WHERE u.user_id OPERATOR(pg_catalog.=) $1
