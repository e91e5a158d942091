-- Makes counters: $1 subjects, $2 sources, $3 limits, $4 models, $5 slots, $6 and $7 windows, $8 what was
-- used of them, $9 the part of it that no ledger row accounts for.
INSERT INTO public.quota_usage AS u (subject, source, limit_id, model, slot, window_start, window_end, used, opening)
SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5),
       pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8::pg_catalog.numeric[]),
       pg_catalog.unnest($9::pg_catalog.numeric[])
    ON CONFLICT DO NOTHING
