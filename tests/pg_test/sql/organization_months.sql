-- Months of organisations and trials, by the functions of the test build that take the instant. A wrong one raises.
\i tests/fixtures/organizations.sql
\i tests/fixtures/be.sql
CREATE FUNCTION pg_temp.consume(p_at timestamptz, p_tokens bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', coalesce(d ->> 'reason', 'admitted'), d ->> 'used', 'of', d ->> 'limit_amount', 'until', left(d ->> 'resets_at', 10)) FROM tests.consume_at(test.id('A'), 'system/1001', p_tokens, p_at) AS d
$$;
CREATE FUNCTION pg_temp.shown(p_name text DEFAULT 'one') RETURNS text LANGUAGE sql AS $$
    SELECT format('%s until %s', o.token_usage_current, timezone('UTC', o.token_reset_date)) FROM public.organizations AS o WHERE o.name = p_name
$$;
SET timezone = 'Pacific/Kiritimati';
UPDATE public.organizations SET token_quota_monthly = 100, token_reset_date = '2099-01-31 00:00+00' WHERE name = 'one';

-- A month ends at its instant and not a microsecond before, without a job; the 31st outlives a February.
SELECT pg_temp.be('in January', 'admitted 60 of 100 until 2099-01-31', pg_temp.consume('2099-01-10 12:00+00', 60));
SELECT pg_temp.be('its last microsecond', 'admitted 100 of 100 until 2099-01-31', pg_temp.consume('2099-01-30 23:59:59.999999+00', 40));
SELECT pg_temp.be('full', 'quota_exceeded 100 of 100 until 2099-01-31', pg_temp.consume('2099-01-30 23:59:59.999999+00', 1));
SELECT pg_temp.be('shown', '100 until 2099-01-31 00:00:00', pg_temp.shown());
SELECT pg_temp.be('verify', '0', tests.mismatches_at('2099-01-30 23:59:59.999999+00')::text);
SELECT pg_temp.be('the next month', 'admitted 70 of 100 until 2099-02-28', pg_temp.consume('2099-01-31 00:00+00', 70));
SELECT pg_temp.be('shown anew', '70 until 2099-02-28 00:00:00', pg_temp.shown());
SELECT pg_temp.be('in March', 'admitted 5 of 100 until 2099-03-31', pg_temp.consume('2099-02-28 00:00+00', 5));
SELECT pg_temp.be('verify in March', '0', tests.mismatches_at('2099-03-01 00:00+00')::text);

-- What was reserved in one month and settled in the next counts in its own.
SELECT tests.reserve_at(test.id('A'), 'system/1001', 90, 7200, '2099-03-30 23:59+00') ->> 'reservation_id' AS held \gset
SELECT pg_temp.be('held', 'quota_exceeded 5 of 100 until 2099-03-31', pg_temp.consume('2099-03-30 23:59:30+00', 10));
SELECT pg_temp.be('a month without it', 'admitted 8 of 100 until 2099-04-30', pg_temp.consume('2099-03-31 00:00:01+00', 8));
SELECT pg_temp.be('settled late', '80', tests.settle_at(:'held', '{"total_tokens": 80}', '2099-03-31 00:01+00')::text);
SELECT pg_temp.be('not in April', 'admitted 9 of 100 until 2099-04-30', pg_temp.consume('2099-03-31 00:02+00', 1));
SELECT pg_temp.be('shown in April', '9 until 2099-04-30 00:00:00', pg_temp.shown());
SELECT pg_temp.be('its bill is of March', '80', (SELECT sum(u.tokens_used)::text FROM public.ai_model_usage AS u WHERE u.created_at = '2099-03-30 23:59+00'));
SELECT pg_temp.be('verify in April', '0', tests.mismatches_at('2099-04-01 00:00+00')::text);

-- Months in which nobody calls: the job begins the one of its instant, and once; so does the next call where there is no job.
SELECT pg_temp.be('not over', '0', tests.roll_at('2099-04-29 23:59:59.999999+00')::text);
SELECT pg_temp.be('over', '1', tests.roll_at('2099-06-30 00:00+00')::text);
SELECT pg_temp.be('once', '0', tests.roll_at('2099-06-30 00:00+00')::text);
SELECT pg_temp.be('nothing used', '0 until 2099-07-31 00:00:00', pg_temp.shown());
SELECT pg_temp.be('half a year on', 'admitted 3 of 100 until 2099-12-31', pg_temp.consume('2099-12-30 23:00+00', 3));
SELECT pg_temp.be('and the next year', 'admitted 4 of 100 until 2100-01-31', pg_temp.consume('2099-12-31 00:00+00', 4));
-- A clock that jumps back: the month stays.
SELECT pg_temp.be('back', 'admitted 6 of 100 until 2100-01-31', pg_temp.consume('2099-12-30 23:00+00', 2));

-- A split counter ends with the same month.
UPDATE public.organizations SET quota_slots = 8 WHERE name = 'one';
SELECT pg_temp.be('split', '20', (SELECT count(*)::text FROM generate_series(1, 20) AS n WHERE pg_temp.consume('2100-01-30 12:00+00', 2) LIKE 'admitted%'));
SELECT pg_temp.be('rolled', '1', tests.roll_at('2100-01-31 00:00+00')::text);
SELECT pg_temp.be('rolled and shown', '0 until 2100-02-28 00:00:00', pg_temp.shown());
SELECT pg_temp.be('verify the split', '0', tests.mismatches_at('2100-01-31 00:00+00')::text);

-- A trial of thirty days is open until its last microsecond.
UPDATE public.ai_models_system SET is_trial = true, trial_expires_days = 30 WHERE id = 1001;
UPDATE public.system_model_trials SET started_at = '2100-02-01 00:00+00' WHERE true;
SELECT pg_temp.be('its last', 'true', tests.check_at(test.id('A'), 'system/1001', 1, '2100-03-02 23:59:59.999999+00') ->> 'allowed');
SELECT pg_temp.be('over', 'trial_expired', tests.check_at(test.id('A'), 'system/1001', 1, '2100-03-03 00:00+00') ->> 'reason');
