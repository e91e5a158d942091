-- A line of the history: $1 limit, $2 operation, $3 when, $4 by whom, $5 before, $6 after, $7 why.
INSERT INTO public.quota_limit_history (limit_id, operation, changed_at, changed_by, old_value, new_value, reason)
VALUES ($1, $2, $3, $4, $5::pg_catalog.jsonb, $6::pg_catalog.jsonb, $7)
