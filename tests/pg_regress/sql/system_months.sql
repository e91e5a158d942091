-- An organisation's month steps from the date that stands in its row. It rolls over without a job, and a date that somebody sets counts at once.
\i tests/fixtures/organizations.sql
CREATE VIEW test.shown AS
SELECT o.token_usage_current AS used, o.token_reset_date - now() > interval '0' AS ends_later,
       o.token_reset_date - now() BETWEEN interval '0' AND interval '31 days' AS within_a_month
  FROM organizations AS o WHERE o.name = 'one';
UPDATE organizations SET token_quota_monthly = 100 WHERE name = 'one';

-- A database that counted by itself before: its figure is where the engine begins.
UPDATE organizations SET token_usage_current = 70, token_reset_date = now() + interval '10 days' WHERE name = 'one';
SELECT check_token_quota(test.id('A'), 1001, 31) ->> 'allowed' AS too_many, check_token_quota(test.id('A'), 1001, 30) ->> 'allowed' AS fits;
SELECT record_token_usage(test.id('A'), 1001, 20) ->> 'current_usage' AS used;
SELECT * FROM test.shown;
SELECT u.used, u.opening FROM quota_usage AS u;
SELECT count(*) AS mismatches FROM verify_quota();
-- Its figure is nothing once its month is over.
UPDATE organizations SET token_quota_monthly = 100, token_usage_current = 99, token_reset_date = now() - interval '1 day' WHERE name = 'two';
SELECT check_token_quota(test.id('B'), 1001, 100) ->> 'allowed' AS fits;

-- The date is set to yesterday: a month began then, and what was used since counts in it.
UPDATE organizations SET token_reset_date = now() - interval '1 day' WHERE name = 'one';
SELECT check_token_quota(test.id('A'), 1001, 81) ->> 'allowed' AS too_many, check_token_quota(test.id('A'), 1001, 80) ->> 'allowed' AS fits;
SELECT record_token_usage(test.id('A'), 1001, 10) ->> 'current_usage' AS used;
SELECT * FROM test.shown;
SELECT count(*) AS mismatches FROM verify_quota();
-- With a reservation in flight, which the new counter holds.
SELECT r.reservation_id FROM reserve_model_quota(test.id('A'), 'system/1001', 10, 10) AS r \gset
UPDATE organizations SET token_reset_date = now() + interval '2 days' WHERE name = 'one';
SELECT record_token_usage(test.id('A'), 1001, 1) ->> 'current_usage' AS used_and_held;
SELECT u.used, u.held, u.opening FROM quota_usage AS u WHERE u.source = 'organization';
-- And one more change before it is settled.
UPDATE organizations SET token_reset_date = now() + interval '3 days' WHERE name = 'one';
SELECT s.tokens FROM settle_model_quota(:'reservation_id', '{"total_tokens": 15}') AS s;
SELECT count(*) AS counters FROM quota_usage;
SELECT record_token_usage(test.id('A'), 1001, 1) ->> 'current_usage' AS used;
SELECT * FROM test.shown;
SELECT count(*) AS mismatches FROM verify_quota();

-- The month is over: the counter's window, made old by hand together with what was used in it.
UPDATE quota_usage SET window_start = window_start - interval '2 months', window_end = window_end - interval '2 months' WHERE true;
UPDATE ai_model_usage SET created_at = created_at - interval '2 months' WHERE true;
UPDATE organizations SET token_reset_date = (SELECT u.window_end FROM quota_usage AS u), token_reset_anchor = (SELECT u.window_end FROM quota_usage AS u) WHERE name = 'one';
SELECT * FROM test.shown;
SELECT check_token_quota(test.id('A'), 1001, 100) ->> 'allowed' AS fits;
SELECT * FROM test.shown;
BEGIN;
SELECT reset_monthly_quotas() AS begun_anew;
SELECT * FROM test.shown;
SELECT reset_monthly_quotas() AS begun_anew;
SELECT count(*) AS mismatches FROM verify_quota();
ROLLBACK;
SELECT record_token_usage(test.id('A'), 1001, 100) ->> 'current_usage' AS used;
SELECT * FROM test.shown;
SELECT reset_monthly_quotas() AS begun_anew;
SELECT count(*) AS mismatches FROM verify_quota();

-- The 31st outlives a February: the engine keeps the day from which it steps.
UPDATE organizations SET token_quota_monthly = 1000, token_reset_date = '2000-01-31 00:00+00', token_reset_anchor = NULL WHERE name = 'one';
SELECT record_token_usage(test.id('A'), 1001, 1) ->> 'allowed' AS allowed;
SELECT to_char(o.token_reset_anchor AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS anchor, o.token_reset_date AT TIME ZONE 'UTC' IN (
           SELECT '2000-01-31'::timestamp + make_interval(months => n) FROM generate_series(300, 3000) AS n) AS steps_from_the_31st
  FROM organizations AS o WHERE o.name = 'one';

-- A split counter shows what is used when it is asked to.
UPDATE organizations SET quota_slots = 4, token_quota_monthly = 1000000 WHERE name = 'two';
SELECT count(*) AS admitted FROM generate_series(1, 5) AS n WHERE (record_token_usage(test.id('B'), 1001, n) ->> 'allowed')::boolean;
SELECT reset_monthly_quotas() >= 0 AS shown;
SELECT o.token_usage_current FROM organizations AS o WHERE o.name = 'two';
-- Raised and lowered, the quota counts at once.
UPDATE organizations SET quota_slots = 1, token_quota_monthly = 15 WHERE name = 'two';
SELECT check_token_quota(test.id('B'), 1001, 1) ->> 'reason' AS reason;
UPDATE organizations SET token_quota_monthly = 16 WHERE name = 'two';
SELECT record_token_usage(test.id('B'), 1001, 1) ->> 'allowed' AS allowed;
-- Nothing is admitted on 0.
UPDATE organizations SET token_quota_monthly = 0 WHERE name = 'two';
SELECT check_token_quota(test.id('B'), 1001, 1) ->> 'resets_at' AS never;
