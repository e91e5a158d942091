-- Drops a limit ($1) with its counters ($2) and what is held of them.
WITH holds AS (
    DELETE FROM public.quota_holds AS h WHERE h.counter_id OPERATOR(pg_catalog.=) ANY ($2)
), counters AS (
    DELETE FROM public.quota_usage AS u WHERE u.counter_id OPERATOR(pg_catalog.=) ANY ($2)
)
DELETE FROM public.quota_limits AS l WHERE l.limit_id OPERATOR(pg_catalog.=) $1
