-- The organisation's admin sees the models for its type and plan, and switches one on for its users: at most 3000 tokens each.

SELECT model_id, name, required_plan, organization_types, token_limit_amount, token_limit_period
  FROM public.get_available_system_models();
INSERT INTO public.org_system_model_config (organization_id, system_model_id, token_limit_per_user)
SELECT public.get_user_organization_id(), m.id, 3000
  FROM public.get_available_system_models() AS m WHERE m.name = 'Property Listing Writer'
RETURNING is_enabled_for_users, token_limit_per_user;
