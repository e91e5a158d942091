-- check_token_quota() and record_token_usage() answer in the seed's shape: whose limit it is, what counts, when it begins anew.
\i tests/fixtures/organizations.sql
-- p_period: with which one it should begin anew. The next day may be the next week's first.
CREATE FUNCTION test.answer(p_answer jsonb, p_period text DEFAULT NULL) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(' ', p_answer ->> 'allowed', coalesce(p_answer ->> 'reason', '-'), p_answer ->> 'scope',
                     coalesce(p_answer ->> 'current_usage', '-'), 'of', coalesce(p_answer ->> 'limit', '-'),
                     CASE p_answer ->> 'resets_at'
                         WHEN to_char(date_trunc(p_period, now() AT TIME ZONE 'UTC') + ('1 ' || p_period)::interval,
                                      'YYYY-MM-DD"T"00:00:00+00:00') THEN 'next ' || p_period
                         ELSE coalesce(p_answer ->> 'resets_at', 'never') END,
                     p_answer ->> 'recorded', (p_answer ->> 'usage_id') IS NOT NULL)
$$;
SELECT jsonb_object_keys(check_token_quota(test.id('A'), 1001, 1)) AS checked ORDER BY 1;
SELECT jsonb_object_keys(record_token_usage(test.id('A'), 1001, 1)) AS recorded ORDER BY 1;

-- Without a limit.
SELECT test.answer(check_token_quota(test.id('A'), 1001, 1000000));

-- The model's own, of each user, weekly; the organisation's own amount in its place, larger and smaller; not for others.
UPDATE ai_models_system SET token_limit_period = 'weekly', token_limit_amount = 100 WHERE id = 1001;
SELECT test.answer(check_token_quota(test.id('A'), 1001, 99), 'week'), test.answer(check_token_quota(test.id('A'), 1001, 100), 'week');
UPDATE org_system_model_config SET token_limit_per_user = 500 WHERE organization_id = test.organization('one');
SELECT test.answer(check_token_quota(test.id('A'), 1001, 100), 'week'), test.answer(check_token_quota(test.id('B'), 1001, 101), 'week');
UPDATE org_system_model_config SET token_limit_per_user = 50 WHERE organization_id = test.organization('one');
SELECT test.answer(check_token_quota(test.id('A'), 1001, 50), 'week'), test.answer(check_token_quota(test.id('A'), 1001, 49), 'week');

-- An amount of the organisation's without a period of the model's is monthly.
UPDATE ai_models_system SET token_limit_period = NULL, token_limit_amount = NULL WHERE id = 1001;
SELECT test.answer(record_token_usage(test.id('A'), 1001, 20), 'month');
SELECT test.answer(record_token_usage(test.id('A'), 1001, 30), 'month');
SELECT test.answer(check_token_quota(test.id('P'), 1001, 50), 'month');
-- Another period counts what was used in it, from the first call on.
UPDATE ai_models_system SET token_limit_period = 'daily' WHERE id = 1001;
SELECT test.answer(record_token_usage(test.id('A'), 1001, 30), 'day');
SELECT test.answer(record_token_usage(test.id('A'), 1001, 29), 'day');
SELECT u.source, u.model, u.used FROM quota_usage AS u WHERE u.subject = test.id('A') ORDER BY 1, 2;

-- The organisation's quota: its members' together; what does not fit is not stored. Then nobody's.
UPDATE org_system_model_config SET token_limit_per_user = NULL WHERE organization_id = test.organization('one');
UPDATE organizations SET token_quota_monthly = 100 WHERE name = 'one';
SELECT test.answer(record_token_usage(test.id('P'), 1001, 40), 'month') AS admin;
SELECT test.answer(record_token_usage(test.id('A'), 1001, 11), 'month') AS member;
SELECT test.answer(record_token_usage(test.id('A'), 1001, 10), 'month') AS member;
SELECT test.answer(check_token_quota(test.id('P'), 1001, 1), 'month') AS admin;
SELECT o.name, o.token_usage_current,
       o.token_reset_date = (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC' AS next_month
  FROM organizations AS o ORDER BY o.name;
SELECT s.name, s.scope, s.period, s.limit_amount, s.used, s.remaining, s.model FROM get_quota_status(test.id('A')) AS s ORDER BY 1;
SELECT u.model_id, u.model_name, u.model_type, u.tokens_used, u.requests_count, u.period_type, u.is_free
  FROM ai_model_usage AS u WHERE u.organization_id = test.organization('one') ORDER BY u.id;
SELECT count(*) AS mismatches FROM verify_quota();

-- Both at once: the limit that frees last is named.
UPDATE ai_models_system SET token_limit_period = 'daily', token_limit_amount = 1 WHERE id = 1001;
SELECT test.answer(check_token_quota(test.id('A'), 1001, 5), 'day');
UPDATE organizations SET token_quota_monthly = NULL WHERE name = 'one';
SELECT test.answer(check_token_quota(test.id('A'), 1001, 5), 'day');
-- A limit of quota_limits on system models counts with them.
UPDATE ai_models_system SET token_limit_period = NULL, token_limit_amount = NULL WHERE id = 1001;
SELECT set_quota_limit('mine', 'tokens', 'lifetime', 100, 'user', test.id('A')::text, p_model_pattern => 'system/*') > 0 AS set;
SELECT test.answer(check_token_quota(test.id('A'), 1001, 41), 'month'), test.answer(check_token_quota(test.id('A'), 1001, 40), 'month');

-- What makes no sense.
SELECT test.outcome(format('SELECT check_token_quota(%L, 1001, %s)', test.id('A'), n)) FROM unnest(ARRAY['0', '-1', 'NULL']) AS n;
SELECT test.outcome(format('SELECT record_token_usage(%L, %s)', test.id('A'), a)) FROM unnest(ARRAY['NULL, 1', '1001, 1, -1', '1001, 0']) AS a;
SELECT test.answer(check_token_quota(test.id('A'), -1, 1)) AS no_model, test.answer(record_token_usage(test.id('X'), 1001, 1)) AS nobody;

-- Who may ask.
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT test.answer(check_token_quota(NULL, 1001, 1)), test.outcome(format('SELECT check_token_quota(%L, 1001, 1)', test.id('B'))),
       test.outcome(format('SELECT record_token_usage(%L, 1001, 1)', test.id('A'))), test.outcome('SELECT reset_monthly_quotas()');
ROLLBACK;
