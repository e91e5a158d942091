SELECT p.role::pg_catalog.text, o.id, o.type::pg_catalog.text, o.pricing_plan::pg_catalog.text,
       m.id, m.name::pg_catalog.text, m.is_active, m.organization_types::pg_catalog.text[], m.required_plan::pg_catalog.text,
       CASE WHEN m.is_trial THEN m.trial_expires_days::pg_catalog.int4 END, t.started_at, c.is_enabled_for_users,
       m.is_free, m.token_limit_amount::pg_catalog.int8, m.token_limit_period::pg_catalog.text,
       c.token_limit_per_user::pg_catalog.int8
  FROM asked AS a
  LEFT JOIN public.profiles AS p ON p.id OPERATOR(pg_catalog.=) a.user_id
  LEFT JOIN public.organizations AS o ON o.id OPERATOR(pg_catalog.=) p.organization_id
  LEFT JOIN public.ai_models_system AS m ON m.id OPERATOR(pg_catalog.=) a.model_id
  LEFT JOIN public.org_system_model_config AS c
    ON c.organization_id OPERATOR(pg_catalog.=) o.id AND c.system_model_id OPERATOR(pg_catalog.=) m.id
  LEFT JOIN public.system_model_trials AS t
    ON t.organization_id OPERATOR(pg_catalog.=) o.id AND t.system_model_id OPERATOR(pg_catalog.=) m.id
 ORDER BY a.place
