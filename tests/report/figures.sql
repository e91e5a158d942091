-- What the page must say, from the ledger itself and not from the function that the page asks: kind|name|requests|tokens|usd.
SET TimeZone = 'UTC';
\set rows 'FROM public.ai_usage AS u WHERE u.occurred_at >= :\'first\'::date AND u.occurred_at < current_date + 1'
\set sums 'coalesce(sum(u.requests), 0), coalesce(sum(u.tokens_used), 0), trim_scale(coalesce(sum(u.total_usd), 0))'
SELECT 'sum', 'all', :sums :rows;
SELECT 'models', u.model, :sums :rows GROUP BY u.model;
SELECT 'days', d.day::date, coalesce(x.requests, 0), coalesce(x.tokens, 0), coalesce(x.usd, 0)
  FROM generate_series(:'first'::date, current_date, '1 day') AS d (day)
  LEFT JOIN (SELECT u.occurred_at::date AS day, sum(u.requests) AS requests, sum(u.tokens_used) AS tokens, trim_scale(coalesce(sum(u.total_usd), 0)) AS usd :rows GROUP BY 1) AS x USING (day);
SELECT 'organisations', coalesce((SELECT o.name FROM public.organizations AS o WHERE o.id = u.organization_id), 'no organisation'), :sums :rows GROUP BY u.organization_id;
SELECT 'used', count(*), '', '', '' FROM (
    SELECT FROM public.quota_usage AS c LEFT JOIN public.quota_limits AS l ON l.limit_id = c.limit_id AND c.source = 'limit'
      LEFT JOIN public.organizations AS o ON o.id = c.subject AND c.source = 'organization'
     WHERE c.window_start <= now() AND c.window_end > now() AND (l.metric <> 'concurrent' AND l.limit_amount > 0 OR o.token_quota_monthly > 0)
     GROUP BY c.source, c.limit_id, c.subject, c.model LIMIT 8) AS q;
