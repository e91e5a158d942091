-- Removes counters ($1) that are locked, and what reservations hold of them.
WITH held AS (
    DELETE FROM public.quota_holds AS h WHERE h.counter_id OPERATOR(pg_catalog.=) ANY ($1)
)
DELETE FROM public.quota_usage AS u WHERE u.counter_id OPERATOR(pg_catalog.=) ANY ($1)
