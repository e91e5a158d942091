-- Every rule; the domain chooses.
SELECT r.rule_id, r.name, r.priority, r.model_pattern, r.modality, r.max_prompt_price::pg_catalog.text,
       r.max_completion_price::pg_catalog.text, r.status, r.is_free, r.is_pro, r.is_enterprise, r.auto_apply, r.enabled
  FROM public.model_review_rules AS r
