-- A row of the ledger that is not the user's ($1), if there is one near his in the index, rather not of an organisation ($2);
-- and whether it is of that.
SELECT s.id, s.occurred_at, s.of_organization
  FROM (
      (SELECT u.id, u.occurred_at, coalesce(u.organization_id OPERATOR(pg_catalog.=) $2, false) AS of_organization
         FROM public.ai_usage AS u
        WHERE u.user_id OPERATOR(pg_catalog.>) $1
        ORDER BY u.user_id
        LIMIT 50)
      UNION ALL
      (SELECT u.id, u.occurred_at, coalesce(u.organization_id OPERATOR(pg_catalog.=) $2, false) AS of_organization
         FROM public.ai_usage AS u
        WHERE u.user_id OPERATOR(pg_catalog.<) $1
        ORDER BY u.user_id DESC
        LIMIT 50)
  ) AS s
 ORDER BY s.of_organization
 LIMIT 1
