-- A ledger row is taken back by a correction: once, with everything that was corrected before; reports by window see it, quotas do not.
\set SHOW_CONTEXT never
SELECT public.sync_openrouter_models(test.feed(1)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
INSERT INTO public.organizations (id, name, pricing_plan) VALUES ('00000000-0000-4000-8000-0000000000f1', 'Acme', 'pro');
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1' WHERE id = test.id('B');
SELECT public.set_quota_limit('tokens', 'tokens', 'lifetime', 1000) > 0 AS set;
SELECT used FROM public.consume_model_quota(test.id('B'), 'acme/m1', 1);
SELECT usage_id AS id FROM public.record_model_usage(test.id('B'), 'acme/m1', '{"prompt_tokens": 40, "completion_tokens": 2}') \gset
SELECT usage_id AS unknown FROM public.record_model_usage(test.id('A'), 'other/m', '{"total_tokens": 7}') \gset
UPDATE public.ai_usage SET cost_usd = 0.000123, markup_percent = 20, markup_usd = 0.0000246, total_usd = 0.0001476, cost_source = 'computed' WHERE id = :'id';
UPDATE public.ai_usage SET cost_usd = NULL, markup_usd = NULL, total_usd = NULL, cost_source = 'unknown' WHERE id = :'unknown';
INSERT INTO public.ai_usage (user_id, organization_id, model, requests, cost_usd, markup_usd, total_usd, cost_source, corrects_id, occurred_at) SELECT user_id, organization_id, model, 0, -0.00002, -0.000004, -0.000024, 'repriced', id, occurred_at FROM public.ai_usage WHERE id = :'id';
SET ROLE service_role;
SELECT usage_id AS voided, model_id, tokens, cost_usd, markup_usd, total_usd, cost_source, repeated, reservation_id, warnings FROM public.void_usage(:'id', '  the answer was empty  ') \gset first_
SELECT :'first_model_id', :first_tokens, :first_cost_usd, :first_markup_usd, :first_total_usd, :'first_cost_source', :'first_repeated', :'first_warnings';
SELECT usage_id = :'first_voided' AS same, cost_usd, repeated FROM public.void_usage(:'id', 'again');
RESET ROLE;
SELECT c.user_id = u.user_id AND c.organization_id = u.organization_id AND c.tier = u.tier AND c.plan = u.plan AND c.model = u.model AND c.occurred_at = u.occurred_at AS of_the_same, c.tokens_used, c.prompt_tokens, c.requests, c.cost_usd, c.markup_usd, c.total_usd, c.markup_percent, c.price_id, c.cost_source, c.correction_reason
  FROM public.ai_usage AS c JOIN public.ai_usage AS u ON u.id = c.corrects_id WHERE c.cost_source = 'voided';
SELECT sum(cost_usd) AS cost, sum(markup_usd) AS markup, sum(total_usd) AS total, sum(tokens_used) AS tokens, sum(requests) AS requests FROM public.ai_usage WHERE user_id = test.id('B') AND (id = :'id' OR corrects_id = :'id');
-- What it cost was never known: the correction says 0, so that it is no longer among the unknown.
SELECT cost_usd, markup_usd, total_usd, cost_source FROM public.void_usage(:'unknown', 'nobody knows');
-- Quotas count the tokens on; adjust_quota() gives them back.
SELECT name, used FROM public.get_quota_status(test.id('B')) WHERE name = 'tokens';
SELECT * FROM public.verify_quota();
-- Mistakes.
SELECT regexp_replace(test.outcome(format('SELECT public.void_usage(%L, ''x'')', :'first_voided')), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g');
SELECT test.outcome('SELECT public.void_usage(''00000000-0000-4000-8000-00000000dead'', ''x'')');
SELECT test.outcome(format('SELECT public.void_usage(%L, %L)', id, reason)) FROM (VALUES (NULL, 'x'), (:'id', NULL), (:'id', ''), (:'id', E' \n'), (:'id', repeat('x', 501))) AS x (id, reason);
SET ROLE authenticated; SELECT public.void_usage(:'id', 'x'); RESET ROLE;
-- Five hundred characters are a reason.
SELECT usage_id AS more FROM public.record_model_usage(test.id('A'), 'other/m', '{"total_tokens": 7}') \gset
SELECT total_usd, repeated FROM public.void_usage(:'more', repeat('é', 500));
