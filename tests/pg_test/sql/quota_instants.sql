-- Windows, expiry and clocks, by the functions of the test build that take the instant. A wrong one raises.
SELECT public.sync_openrouter_models(test.feed(3));
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
\i tests/fixtures/be.sql
CREATE FUNCTION pg_temp.consume(p_at timestamptz, p_tokens bigint DEFAULT 1, p_model text DEFAULT 'acme/m1') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', coalesce(d ->> 'reason', 'admitted'), d ->> 'used', 'of', d ->> 'limit_amount', 'until', d ->> 'resets_at') FROM tests.consume_at(test.id('A'), p_model, p_tokens, p_at) AS d
$$;
SELECT public.set_quota_limit('daily', 'requests', 'daily', 2, p_model_pattern => 'acme/m1', p_time_zone => 'Asia/Tokyo');

-- A window ends at midnight in Tokyo, to the microsecond; the session's zone does not matter (demands 16, 17).
SELECT pg_temp.be('first', 'admitted 1 of 2 until 2099-11-15T15:00:00+00:00', pg_temp.consume('2099-11-15 14:59:59.999998+00'));
SET timezone = 'America/New_York';
SELECT pg_temp.be('second', 'admitted 2 of 2 until 2099-11-15T15:00:00+00:00', pg_temp.consume('2099-11-15 14:59:59.999999+00'));
SELECT pg_temp.be('full', 'quota_exceeded 2 of 2 until 2099-11-15T15:00:00+00:00', pg_temp.consume('2099-11-15 14:59:59.999999+00'));
SELECT pg_temp.be('the next window', 'admitted 1 of 2 until 2099-11-16T15:00:00+00:00', pg_temp.consume('2099-11-15 15:00:00+00'));
SET timezone = 'Pacific/Kiritimati';
SELECT pg_temp.be('and its status', '1 used, 0 held', tests.status_at(test.id('A'), 'daily', '2099-11-16 14:59:59.999999+00'));
SELECT pg_temp.be('reset without a job', '0 used, 0 held', tests.status_at(test.id('A'), 'daily', '2099-11-16 15:00:00+00'));
RESET timezone;

-- A clock that jumps back: the window stays, the call belongs to it, nothing is admitted twice (demand 24).
SELECT pg_temp.be('back', 'admitted 2 of 2 until 2099-11-16T15:00:00+00:00', pg_temp.consume('2099-11-15 12:00:00+00'));
SELECT pg_temp.be('back and full', 'quota_exceeded 2 of 2 until 2099-11-16T15:00:00+00:00', pg_temp.consume('2099-11-14 12:00:00+00'));
SELECT pg_temp.be('the ledger agrees', '2', (SELECT count(*)::text FROM public.ai_usage WHERE occurred_at = '2099-11-15 15:00:00+00'));
SELECT pg_temp.be('verify', '0', tests.mismatches_at('2099-11-15 15:00:00+00')::text);

-- Usage belongs to the instant of its reservation: settled after its window it is in the ledger only; in time it counts.
SELECT (tests.reserve_at(test.id('B'), 'acme/m1', 10, 3600, '2099-11-15 14:50:00+00') ->> 'reservation_id')::uuid AS late \gset
SELECT (tests.reserve_at(test.id('B'), 'acme/m1', 10, 3600, '2099-11-15 14:55:00+00') ->> 'reservation_id')::uuid AS in_time \gset
SELECT pg_temp.be('both hold', '0 used, 2 held', tests.status_at(test.id('B'), 'daily', '2099-11-15 14:59:00+00'));
SELECT tests.settle_at(:'in_time', '{"total_tokens": 12}', '2099-11-15 14:59:30+00');
SELECT pg_temp.be('one is used', '1 used, 1 held', tests.status_at(test.id('B'), 'daily', '2099-11-15 14:59:40+00'));
SELECT tests.consume_at(test.id('B'), 'acme/m1', 1, '2099-11-15 15:00:01+00');
SELECT pg_temp.be('a new window holds nothing of the old', '1 used, 0 held', tests.status_at(test.id('B'), 'daily', '2099-11-15 15:00:02+00'));
SELECT tests.settle_at(:'late', '{"total_tokens": 9}', '2099-11-15 15:10:00+00');
SELECT pg_temp.be('settled into a closed window', '1 used, 0 held', tests.status_at(test.id('B'), 'daily', '2099-11-15 15:10:01+00'));
SELECT pg_temp.be('and stored', '2099-11-15 14:50:00+00', (SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS"+00"') FROM public.ai_usage WHERE tokens_used = 9));
SELECT pg_temp.be('verify', '0', tests.mismatches_at('2099-11-15 15:10:01+00')::text);

-- A hold counts until before expires_at, to the microsecond, though nothing sweeps (demand 10); extended in time it counts on.
SELECT public.set_quota_limit('tokens', 'tokens', 'lifetime', 100, p_model_pattern => 'acme/m2');
SELECT (tests.reserve_at(test.id('A'), 'acme/m2', 100, 60, '2099-11-15 10:00:00+00') ->> 'reservation_id')::uuid AS held \gset
SELECT pg_temp.be('held', 'quota_exceeded 0 of 100 until 2099-11-15T10:01:00+00:00', trim(pg_temp.consume('2099-11-15 10:00:59.999999+00', 1, 'acme/m2')));
SELECT pg_temp.be('held no longer', 'true', tests.check_at(test.id('A'), 'acme/m2', 100, '2099-11-15 10:01:00+00') ->> 'allowed');
SELECT tests.extend_at(:'held', 60, '2099-11-15 10:00:59.999999+00');
SELECT pg_temp.be('extended', 'false', tests.check_at(test.id('A'), 'acme/m2', 100, '2099-11-15 10:01:00+00') ->> 'allowed');
SELECT pg_temp.be('taken back by the next call', 'admitted 30 of 100 until', trim(pg_temp.consume('2099-11-15 10:01:59.999999+00', 30, 'acme/m2')));
SELECT pg_temp.be('no hold is left', '0', (SELECT count(*)::text FROM public.quota_holds WHERE reservation_id = :'held'));
SELECT tests.settle_at(:'held', '{"total_tokens": 90}', '2099-11-15 10:05:00+00');
SELECT pg_temp.be('stored in full above the limit', '120 used, 0 held', tests.status_at(test.id('A'), 'tokens', '2099-11-15 10:06:00+00'));
-- One that fits without it leaves an expired hold where it is: only what makes room is taken back.
SELECT public.set_quota_limit('tokens', 'tokens', 'lifetime', 200, p_model_pattern => 'acme/m2');
SELECT (tests.reserve_at(test.id('A'), 'acme/m2', 50, 1, '2099-11-15 11:00:00+00') ->> 'reservation_id')::uuid AS left_over \gset
SELECT pg_temp.be('fits beside it', 'admitted 130 of 200 until', trim(pg_temp.consume('2099-11-15 11:00:10+00', 10, 'acme/m2')));
SELECT pg_temp.be('the hold stands', '1', (SELECT count(*)::text FROM public.quota_holds WHERE reservation_id = :'left_over'));
SELECT pg_temp.be('and does not count', '130 used, 0 held', tests.status_at(test.id('A'), 'tokens', '2099-11-15 11:00:10+00'));
SELECT pg_temp.be('swept not before its time', '0', tests.expire_at(10, '2099-11-15 11:00:00.999999+00')::text);
SELECT pg_temp.be('swept', '1', tests.expire_at(10, '2099-11-15 11:00:01+00')::text);
SELECT pg_temp.be('verify', '0', tests.mismatches_at('2099-11-15 11:00:10+00')::text);

-- A transaction that is older than its window: the clock decides, not the transaction's beginning.
SELECT public.set_quota_limit('minute', 'requests', 'minutely', 1, p_model_pattern => 'acme/m3');
BEGIN;
SELECT now();
SELECT pg_temp.be('this minute', 'admitted', split_part(pg_temp.consume('2099-11-15 12:00:59.9+00', 1, 'acme/m3'), ' ', 1));
SELECT pg_temp.be('still', 'quota_exceeded', split_part(pg_temp.consume('2099-11-15 12:00:59.999999+00', 1, 'acme/m3'), ' ', 1));
SELECT pg_temp.be('the next', 'admitted', split_part(pg_temp.consume('2099-11-15 12:01:00+00', 1, 'acme/m3'), ' ', 1));
COMMIT;

-- record names its instant: in the open window it counts, before it only the ledger has it, ahead it counts as now.
SELECT public.set_quota_limit('recorded', 'tokens', 'daily', 1000, p_model_pattern => 'other/model');
SELECT tests.consume_at(test.id('P'), 'acme/m1', 1, '2099-11-15 16:00:00+00');
SELECT public.adjust_quota(test.id('P'), 'other/model', 'recorded', 0, 'makes the counter');
SELECT tests.record_at(test.id('T'), 'other/model', '{"total_tokens": 5}', '2099-11-15 09:00:00+00', '2099-11-15 18:00:00+00');
SELECT tests.record_at(test.id('T'), 'other/model', '{"total_tokens": 7}', '2099-11-14 23:59:59.999999+00', '2099-11-15 18:00:00+00');
SELECT tests.record_at(test.id('T'), 'other/model', '{"total_tokens": 11}', '2099-11-15 18:59:00+00', '2099-11-15 18:00:00+00');
SELECT pg_temp.be('of the day', '16 used, 0 held', tests.status_at(test.id('T'), 'recorded', '2099-11-15 18:00:00+00'));
SELECT pg_temp.be('ahead counts as now', '2099-11-15 18:00:00', (SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM public.ai_usage WHERE tokens_used = 11));
DO $$ BEGIN PERFORM tests.record_at(test.id('T'), 'other/model', '{"total_tokens": 1}', '2099-11-15 19:00:00.000001+00', '2099-11-15 18:00:00+00'); RAISE EXCEPTION 'more than an hour ahead was taken'; EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$;
DO $$ BEGIN PERFORM tests.record_at(test.id('T'), 'other/model', '{"total_tokens": 1}', '2001-01-01', '2099-11-15 18:00:00+00'); RAISE EXCEPTION 'before the oldest partition was taken'; EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$;

-- Month ends, leap years and DST are of src/domain/window.rs; here that a month's anchor reaches the counters.
SELECT public.set_quota_limit('month', 'requests', 'monthly', 5, p_model_pattern => 'acme/m3', p_anchor => '2099-01-31 00:00:00+00');
SELECT public.set_quota_limit('minute', 'requests', 'minutely', NULL, p_model_pattern => 'acme/m3');
SELECT pg_temp.be('31 is the last day of a shorter month', '2099-11-30T00:00:00+00:00', tests.check_at(test.id('B'), 'acme/m3', 1, '2099-11-15 00:00:00+00') ->> 'resets_at');
SELECT pg_temp.be('and the next', '2099-12-31T00:00:00+00:00', tests.check_at(test.id('B'), 'acme/m3', 1, '2099-11-30 00:00:00+00') ->> 'resets_at');
