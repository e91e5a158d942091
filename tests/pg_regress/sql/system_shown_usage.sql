-- What an organisation shows of its quota is right when its counter is split no longer, and begins with what another program counted.
\i tests/fixtures/organizations.sql
UPDATE organizations SET token_quota_monthly = 1000, quota_slots = 8 WHERE name = 'one';

-- Split, and then not: the rows stay, so calls write them apart, and the job shows their sum.
SELECT record_token_usage(test.id('A'), 1001, 10) ->> 'recorded' AS recorded;
UPDATE organizations SET quota_slots = 1 WHERE name = 'one';
SELECT record_token_usage(test.id('A'), 1001, 15) ->> 'recorded' AS recorded;
SELECT reset_monthly_quotas() AS begun_anew;
SELECT o.token_usage_current FROM organizations AS o WHERE o.name = 'one';
UPDATE organizations SET token_quota_monthly = NULL WHERE name = 'one';
SELECT record_token_usage(test.id('A'), 1001, 5) ->> 'recorded' AS recorded;
SELECT reset_monthly_quotas() AS begun_anew;
SELECT o.token_usage_current FROM organizations AS o WHERE o.name = 'one';

-- A counter that does not stand yet has nothing to show: the job leaves the figure with which the engine is to begin.
UPDATE organizations SET token_quota_monthly = 1000, quota_slots = 8, token_usage_current = 900, token_reset_date = now() + interval '10 days' WHERE name = 'two';
SELECT reset_monthly_quotas() AS begun_anew;
SELECT o.token_usage_current, o.token_reset_anchor FROM organizations AS o WHERE o.name = 'two';
SELECT record_token_usage(test.id('B'), 1001, 101) ->> 'reason' AS reason, record_token_usage(test.id('B'), 1001, 100) ->> 'reason' AS fits;
SELECT reset_monthly_quotas() AS begun_anew;
SELECT o.token_usage_current FROM organizations AS o WHERE o.name = 'two';
SELECT count(*) AS mismatches FROM verify_quota();
