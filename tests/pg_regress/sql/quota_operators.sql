-- Operators set, change, remove and adjust limits; every change is kept; counters stay or begin anew from the ledger; alerts come once.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
SET ROLE service_role;
SELECT public.set_quota_limit('chat', 'requests', 'daily', 10, p_reason => 'launch') AS id \gset
SELECT count(*) FILTER (WHERE c.allowed) AS admitted FROM generate_series(1, 7) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m1', n) AS c;
-- Another amount: the same limit and counter. Demand 21: a new window on used ground begins with what the ledger says, of that window only.
SELECT public.set_quota_limit('chat', 'requests', 'daily', 8) = :id AS same;
SELECT used, remaining FROM public.check_model_quota(test.id('A'), 'acme/m1');
SELECT public.set_quota_limit('chat', 'tokens', 'monthly', 100) = :id AS same;
SELECT used, remaining FROM public.check_model_quota(test.id('A'), 'acme/m1', 1);
SELECT allowed, used, remaining FROM public.consume_model_quota(test.id('A'), 'acme/m1', 60);
SELECT count(*) AS counters FROM public.quota_usage;
SELECT threshold, used, limit_amount FROM public.quota_alerts ORDER BY alert_id;
SELECT allowed, used, remaining FROM public.consume_model_quota(test.id('A'), 'acme/m1', 12);
SELECT allowed FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 0);
SELECT threshold, used, limit_amount FROM public.quota_alerts ORDER BY alert_id;
SELECT public.set_quota_limit('chat', 'tokens', 'monthly', 1000) > 0 AS raised;
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m1', 750);
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m1', 50);
SELECT threshold, used, limit_amount FROM public.quota_alerts ORDER BY alert_id;
-- Adjusting: given back, taken, never below nothing; the ledger stays as it is, and both agree.
SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'chat', -100.5, 'refund') AS used;
SELECT public.adjust_quota(test.id('B'), 'acme/m1', 'chat', 30, 'before the first call') AS used;
SELECT allowed, used, remaining FROM public.consume_model_quota(test.id('B'), 'acme/m2', 5);
SELECT test.outcome($$SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'chat', -10000, 'too much')$$);
SELECT test.outcome($$SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'none', 1, 'x')$$);
SELECT test.outcome($$SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'chat', 'NaN', 'x')$$);
SELECT test.outcome($$SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'chat', 1, NULL)$$);
SELECT * FROM public.verify_quota();
-- Removed: its counters and holds go with it.
SELECT allowed FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 5);
SELECT public.remove_quota_limit(limit_id, 'no more') FROM public.quota_limits;
SELECT public.remove_quota_limit(123456), (SELECT count(*) FROM public.quota_usage) AS counters, (SELECT count(*) FROM public.quota_holds) AS holds;
SELECT operation, changed_by, old_value ->> 'limit_amount' AS old_amount, new_value ->> 'limit_amount' AS new_amount, coalesce(old_value ->> 'metric', old_value ->> 'used') AS old, coalesce(new_value ->> 'metric', new_value ->> 'used') AS new, reason FROM public.quota_limit_history ORDER BY history_id;
SELECT * FROM public.verify_quota();
-- What makes no sense.
SELECT a, test.outcome(format('SELECT public.set_quota_limit(%s)', a)) FROM unnest(ARRAY['NULL, ''tokens'', ''daily'', 1', ''''', ''tokens'', ''daily'', 1', '''x'', ''words'', ''daily'', 1', '''x'', ''tokens'', ''fortnightly'', 1', '''x'', ''tokens'', NULL, 1', '''x'', ''concurrent'', ''daily'', 1',
    '''x'', ''tokens'', ''daily'', -1', '''x'', ''tokens'', ''daily'', ''NaN''', '''x'', ''tokens'', ''daily'', ''Infinity''', '''x'', ''tokens'', ''daily'', 1, ''galaxy''', '''x'', ''tokens'', ''daily'', 1, ''user''', '''x'', ''tokens'', ''daily'', 1, ''user'', ''me''', '''x'', ''tokens'', ''daily'', 1, ''everyone'', ''me''',
    '''x'', ''tokens'', ''daily'', 1, p_per => ''team''', '''x'', ''tokens'', ''daily'', 1, p_model_pattern => ''a*''', '''x'', ''tokens'', ''daily'', 1, p_enforcement => ''firm''', '''x'', ''tokens'', ''daily'', 1, p_time_zone => ''Mars/Olympus''',
    '''x'', ''tokens'', ''daily'', 1, p_starts_at => ''2026-01-02'', p_ends_at => ''2026-01-01''', '''x'', ''tokens'', ''daily'', 1, p_alert_at => ''{-1}''']) WITH ORDINALITY AS x (a, n) ORDER BY n;
-- A row that somebody broke by hand is named, not passed over: to pass over a limit would be to admit without it.
RESET ROLE;
SELECT public.set_quota_limit('zone', 'tokens', 'daily', 5) > 0 AS set;
UPDATE public.quota_limits SET time_zone = 'Nowhere' WHERE true;
SELECT regexp_replace(test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 1)$$), 'row \d+', 'row <id>');
