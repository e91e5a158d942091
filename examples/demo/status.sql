-- A signed-in user asks what he has used and what is left.

SELECT name, metric, period, limit_amount, used, held, remaining, resets_at FROM public.get_quota_status() ORDER BY name;
