-- The floor of check_model_quota(): the same rows by one statement, and from them the figures that it names.
-- $1 the user, $2 the model.
SELECT p.subscription_tier, p.organization_id, o.pricing_plan, o.quota_slots, m.status, m.is_free, m.is_pro, m.is_enterprise,
       m.monthly_limit, l.limit_id, l.name, l.metric, l.period, l.limit_amount,
       m.status = 'active' AND m.is_free AND coalesce(u.used + u.held, 0) + 1 <= m.daily_limit AS allowed,
       m.daily_limit::text AS amount, coalesce(u.used, 0)::text AS used, coalesce(u.held, 0)::text AS held,
       (m.daily_limit - coalesce(u.used + u.held, 0))::text AS remaining, u.window_end AS resets_at
  FROM public.profiles AS p
  JOIN public.model_access AS m ON m.model_id = $2
  LEFT JOIN public.organizations AS o ON o.id = p.organization_id
  LEFT JOIN LATERAL (
      SELECT q.limit_id, q.name, q.metric, q.period, q.limit_amount
        FROM (VALUES ('user', p.id::text), ('organization', p.organization_id::text), ('plan', o.pricing_plan),
                     ('tier', p.subscription_tier), ('everyone', '')) AS s (scope, subject)
        JOIN public.quota_limits AS q ON q.scope = s.scope AND q.subject = s.subject
       WHERE q.model_pattern IN ($2, split_part($2, '/', 1) || '/*', '*')
  ) AS l ON true
  LEFT JOIN public.quota_usage AS u
    ON u.subject = p.id AND u.source = 'daily' AND u.limit_id = 0 AND u.model = $2 AND u.window_end > clock_timestamp()
 WHERE p.id = $1
