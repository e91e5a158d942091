-- That a database of tests/fixtures/in_use.sql goes on: what was begun before ends now, and new calls are admitted. It changes rows.
\pset format unaligned
\pset tuples_only on
SELECT 'before', count(*) FROM public.verify_quota();
SELECT 'settled', p.email, s.tokens, s.cost_usd, s.total_usd, s.cost_source, s.repeated
  FROM public.quota_reservations AS r JOIN public.profiles AS p ON p.id = r.user_id
 CROSS JOIN LATERAL public.settle_model_quota(r.reservation_id, '{"prompt_tokens": 150, "completion_tokens": 30}') AS s
 WHERE r.idempotency_key = 'open' ORDER BY p.email;
SELECT 'settled', r.model, p.email, s.tokens
  FROM public.quota_reservations AS r JOIN public.profiles AS p ON p.id = r.user_id
 CROSS JOIN LATERAL public.settle_model_quota(r.reservation_id, '{"total_tokens": 44}') AS s
 WHERE r.model LIKE 'system/%' ORDER BY p.email, r.model;
SELECT 'agent', f - '{execution_id,usage_id,latency_ms}'::text[] FROM public.agent_executions AS e CROSS JOIN LATERAL public.finish_agent_execution(e.id, 'success', '{"total_tokens": 45}') AS f
 WHERE e.reservation_id IS NOT NULL;
SELECT 'breaker', a - 'retry_after_seconds' FROM public.acquire_agent('ccrouter') AS a;
SELECT 'metrics', a.name, m.total_requests, m.successful_requests, m.failed_requests FROM public.agent_metrics AS m JOIN public.agents AS a ON a.id = m.agent_id ORDER BY a.name;
SELECT 'months', public.reset_monthly_quotas() >= 0;
SELECT 'organisation', o.name, o.token_usage_current, o.token_usage_current = (
           SELECT sum(u.tokens_used) FROM public.ai_model_usage AS u WHERE u.organization_id = o.id AND NOT u.is_free)
  FROM public.organizations AS o ORDER BY o.name;
SELECT 'settled again', p.email, s.tokens, s.repeated
  FROM public.quota_reservations AS r JOIN public.profiles AS p ON p.id = r.user_id
 CROSS JOIN LATERAL public.settle_model_quota(r.reservation_id, '{"prompt_tokens": 180, "completion_tokens": 20}') AS s
 WHERE r.idempotency_key = 'ended' ORDER BY p.email;
SELECT 'answered before', c.allowed, c.used FROM public.consume_model_quota(test.id('A'), 'acme/m6', 300, 1, 'call 3') AS c;
SELECT 'admitted', who, c.allowed, c.limit_name, c.used, c.held, c.remaining
  FROM unnest(ARRAY['A', 'B', 'P', 'S']) AS who CROSS JOIN LATERAL public.consume_model_quota(test.id(who), 'acme/m6', 10) AS c ORDER BY who;
SELECT 'extended', (public.extend_model_quota(r.reservation_id, '23 hours')).allowed FROM public.quota_reservations AS r WHERE r.idempotency_key = 'open too' AND r.user_id = test.id('A');
SELECT 'released', (public.release_model_quota(r.reservation_id)).allowed FROM public.quota_reservations AS r WHERE r.idempotency_key = 'open too' AND r.user_id = test.id('B');
SELECT 'expired', public.expire_reservations();
INSERT INTO public.our_messages (user_id, body) VALUES (test.id('P'), 'three') RETURNING 'trigger', (answer).allowed;
SELECT 'limit', public.set_quota_limit('new', 'tokens', 'lifetime', 70000) > (SELECT max(l.limit_id) FROM public.quota_limits AS l WHERE l.name <> 'new');
SELECT 'status', who, s.name, s.used, s.held, s.model FROM unnest(ARRAY['A', 'B', 'P']) AS who CROSS JOIN LATERAL public.get_quota_status(test.id(who)) AS s
 ORDER BY who, s.name, s.model;
SELECT 'voided', v.total_usd, v.repeated FROM public.ai_usage AS u CROSS JOIN LATERAL public.void_usage(u.id, 'after all') AS v
 WHERE u.user_id = test.id('B') AND u.model = 'acme/m7' AND u.occurred_at = test.m(4) + interval '10 days' AND u.corrects_id IS NULL;
SELECT 'folded', x.action, count(*), sum(x.rows) FROM jsonb_to_recordset(public.maintain_usage_partitions('5 months')) AS x (partition text, action text, rows bigint)
 GROUP BY x.action ORDER BY x.action;
SELECT 'months to come', model_access.make_usage_partitions(test.m(-9), 1);
SELECT 'summary', sum(s.requests), sum(s.total_tokens), sum(s.total_usd) FROM public.get_usage_summary('-infinity', 'infinity', ARRAY['month']) AS s;
SELECT 'open to all: ', public.update_model_tier_access('acme/m31', true, true, true, 'active') ->> 'success', test.compared_list('B');
SELECT 'wrong', v.check_name, v.expected, v.actual FROM model_access.verify() AS v WHERE NOT v.ok;
SELECT 'after', count(*) FROM public.verify_quota();
