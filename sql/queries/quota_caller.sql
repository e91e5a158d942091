-- Who calls ($1) which model ($2), of one call: the columns of quota_callers.sql. For an array of one the planner would expect
-- ten and read the whole catalogue.
SELECT p.subscription_tier::pg_catalog.text, p.organization_id, o.pricing_plan::pg_catalog.text, o.quota_slots::pg_catalog.int4,
       m.status::pg_catalog.text, m.is_free, m.is_pro, m.is_enterprise, m.daily_limit, m.monthly_limit
  FROM (SELECT $1 AS user_id, $2 AS model) AS c
  LEFT JOIN public.profiles AS p ON p.id OPERATOR(pg_catalog.=) c.user_id
  LEFT JOIN public.organizations AS o ON o.id OPERATOR(pg_catalog.=) p.organization_id
  LEFT JOIN public.model_access AS m ON m.model_id OPERATOR(pg_catalog.=) c.model
