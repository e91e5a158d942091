-- What the organisation's admin sees: its month, and who used how much of it.

SELECT name, pricing_plan, token_quota_monthly, token_usage_current, token_reset_date FROM public.organizations;
SELECT u.user_id, u.model_name, count(*) AS calls, sum(u.tokens_used) AS tokens
  FROM public.ai_model_usage AS u GROUP BY u.user_id, u.model_name ORDER BY u.user_id;
