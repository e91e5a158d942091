-- Writes one counter ($1, which is locked; none for NULL): $2 and $3 window, $4 used, $5 held, $6 opening, $7 granted, $8 of which
-- limit. By itself, or as the part `counter` of a statement that writes other rows beside it.
UPDATE public.quota_usage AS u
   SET window_start = $2, window_end = $3, used = $4, held = $5, opening = $6, granted = $7, granted_of = $8
 WHERE u.counter_id OPERATOR(pg_catalog.=) $1
