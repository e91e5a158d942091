-- Between quota_counter_write_one.sql and ledger_insert_one.sql: ends the reservation $22, which is locked, with the usage $9, of
-- which $34 is the hash.
, hold AS (
    DELETE FROM public.quota_holds AS h WHERE h.reservation_id OPERATOR(pg_catalog.=) $22
), reservation AS (
    UPDATE public.quota_reservations AS r SET status = 'settled', usage_id = $9, usage_fingerprint = $34
     WHERE r.reservation_id OPERATOR(pg_catalog.=) $22
)
