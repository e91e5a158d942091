-- Organisations whose month is over at an instant ($1), and those whose counter is split, or was: they show what is used by this
-- only.
SELECT o.id, o.token_quota_monthly::pg_catalog.numeric::pg_catalog.text, o.token_reset_date, o.token_reset_anchor,
       coalesce(o.token_reset_date OPERATOR(pg_catalog.<=) $1, false)
  FROM public.organizations AS o
 WHERE o.token_reset_date OPERATOR(pg_catalog.<=) $1
    OR EXISTS (SELECT FROM public.quota_usage AS u
                WHERE u.subject OPERATOR(pg_catalog.=) o.id AND u.source OPERATOR(pg_catalog.=) 'organization'
                  AND u.slot OPERATOR(pg_catalog.>) 0::pg_catalog.int2)
 ORDER BY o.id USING OPERATOR(pg_catalog.<)
