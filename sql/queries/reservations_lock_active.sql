-- Locks those of some reservations ($1) that are active, in one order.
SELECT r.reservation_id, r.user_id, r.organization_id
  FROM public.quota_reservations AS r
 WHERE r.reservation_id OPERATOR(pg_catalog.=) ANY ($1) AND r.status OPERATOR(pg_catalog.=) 'active'
 ORDER BY r.reservation_id USING OPERATOR(pg_catalog.<)
   FOR NO KEY UPDATE
