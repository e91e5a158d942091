-- Locks up to $2 reservations whose holds expired before an instant ($1) and that nobody else has locked.
SELECT r.reservation_id, r.user_id, r.organization_id
  FROM public.quota_reservations AS r
 WHERE r.status OPERATOR(pg_catalog.=) 'active' AND r.expires_at OPERATOR(pg_catalog.<=) $1
   AND r.reservation_id OPERATOR(pg_catalog.=) ANY (ARRAY(
           SELECT h.reservation_id FROM public.quota_holds AS h
            WHERE h.expires_at OPERATOR(pg_catalog.<=) $1
            ORDER BY h.expires_at USING OPERATOR(pg_catalog.<)
            LIMIT ($2 OPERATOR(pg_catalog.*) 16)))
 ORDER BY r.reservation_id USING OPERATOR(pg_catalog.<)
 LIMIT $2
   FOR NO KEY UPDATE SKIP LOCKED
