-- The app's server sets two limits for each user of the pro tier; one in the catalogue would be model_access.daily_limit.

SELECT public.set_quota_limit('calls', 'requests', 'daily', 2, 'tier', 'pro', p_reason => 'the demo') AS calls \gset
SELECT public.set_quota_limit('tokens', 'tokens', 'monthly', 10000, 'tier', 'pro', p_reason => 'the demo') AS tokens \gset

SELECT name, metric, period, limit_amount, scope, subject, per, enforcement FROM public.quota_limits ORDER BY name;
