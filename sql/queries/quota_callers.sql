-- Who calls ($1) which model ($2): one row per call, in order; NULLs where there is no such person or model.
SELECT p.subscription_tier::pg_catalog.text, p.organization_id, o.pricing_plan::pg_catalog.text, o.quota_slots::pg_catalog.int4,
       m.status::pg_catalog.text, m.is_free, m.is_pro, m.is_enterprise, m.daily_limit, m.monthly_limit
  FROM (SELECT pg_catalog.unnest($1) AS user_id, pg_catalog.unnest($2) AS model,
               pg_catalog.unnest($3) AS place) AS c
  LEFT JOIN public.profiles AS p ON p.id OPERATOR(pg_catalog.=) c.user_id
  LEFT JOIN public.organizations AS o ON o.id OPERATOR(pg_catalog.=) p.organization_id
  LEFT JOIN public.model_access AS m ON m.model_id OPERATOR(pg_catalog.=) c.model
 ORDER BY c.place
