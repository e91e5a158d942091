-- Who calls ($1) which system model ($2): one row per call, in order ($3); NULLs where there is no such person, organisation or
-- model. A call that was admitted before counts for the organisation that it had then ($4, where $5).
-- Amounts of an application's types are read as numeric: the text of a float is rounded as the session says.
-- The LIMIT takes none away: for the planner it makes one row of the ten that it expects of an array, so it goes by the index.
SELECT k.tier, k.role, k.organization_id, o.id,
       o.type::pg_catalog.text, o.pricing_plan::pg_catalog.text, o.quota_slots::pg_catalog.int4,
       o.token_quota_monthly::pg_catalog.numeric::pg_catalog.text, o.token_usage_current::pg_catalog.numeric::pg_catalog.text, o.token_reset_date, o.token_reset_anchor,
       m.name, CASE WHEN m.id IS NOT NULL THEN coalesce(m.is_active, false) END, m.organization_types::pg_catalog.text[], m.required_plan::pg_catalog.text,
       CASE WHEN m.is_trial THEN m.trial_expires_days::pg_catalog.int4 END, m.is_free, m.token_limit_period::pg_catalog.text,
       m.token_limit_amount::pg_catalog.numeric::pg_catalog.text, c.is_enabled_for_users, c.token_limit_per_user::pg_catalog.numeric::pg_catalog.text, t.started_at
  FROM (SELECT p.subscription_tier::pg_catalog.text AS tier, p.role::pg_catalog.text AS role, a.model_id, a.place,
               CASE WHEN a.is_pinned THEN a.organization_id ELSE p.organization_id END AS organization_id
          FROM (SELECT pg_catalog.unnest($1) AS user_id, pg_catalog.unnest($2) AS model_id, pg_catalog.unnest($3) AS place,
                       pg_catalog.unnest($4) AS organization_id, pg_catalog.unnest($5) AS is_pinned
                 LIMIT pg_catalog.cardinality($1)) AS a
          LEFT JOIN public.profiles AS p ON p.id OPERATOR(pg_catalog.=) a.user_id) AS k
  LEFT JOIN public.organizations AS o ON o.id OPERATOR(pg_catalog.=) k.organization_id
  LEFT JOIN public.ai_models_system AS m ON m.id OPERATOR(pg_catalog.=) k.model_id
  LEFT JOIN public.org_system_model_config AS c
    ON c.organization_id OPERATOR(pg_catalog.=) o.id AND c.system_model_id OPERATOR(pg_catalog.=) m.id
  LEFT JOIN public.system_model_trials AS t
    ON t.organization_id OPERATOR(pg_catalog.=) o.id AND t.system_model_id OPERATOR(pg_catalog.=) m.id
 ORDER BY k.place
