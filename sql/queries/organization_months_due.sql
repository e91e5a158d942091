-- Organisations whose month is over at an instant ($1), and those whose counter is split: they show what is used by this only.
SELECT o.id, o.token_quota_monthly::pg_catalog.text, o.token_reset_date, o.token_reset_anchor,
       coalesce(o.token_reset_date OPERATOR(pg_catalog.<=) $1, false)
  FROM public.organizations AS o
 WHERE o.token_reset_date OPERATOR(pg_catalog.<=) $1
    OR (o.quota_slots OPERATOR(pg_catalog.>) 1::pg_catalog.int2 AND o.token_quota_monthly IS NOT NULL)
 ORDER BY o.id USING OPERATOR(pg_catalog.<)
