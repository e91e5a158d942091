-- Whatever becomes of user, organisation and model between a reservation and its settlement: it settles, and the bills stay.
\i tests/fixtures/organizations.sql
UPDATE organizations SET token_quota_monthly = 1000 WHERE true;
UPDATE ai_models_system SET token_limit_period = 'monthly', token_limit_amount = 500 WHERE id = 1001;
CREATE TABLE test.held (what text PRIMARY KEY, id uuid);
GRANT ALL ON test.held TO PUBLIC;
CREATE FUNCTION test.reserve(p_what text, p_person text) RETURNS text LANGUAGE sql AS $$
    INSERT INTO test.held SELECT p_what, r.reservation_id FROM public.reserve_model_quota(test.id(p_person), 'system/1001', 20, 30) AS r RETURNING p_what
$$;
CREATE FUNCTION test.settle(p_what text) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s: %s tokens', p_what, (public.settle_model_quota(h.id, '{"total_tokens": 40}')).tokens) FROM test.held AS h WHERE h.what = p_what
$$;
CREATE VIEW test.counters AS
    SELECT u.source, o.name AS organization, u.used, u.held FROM quota_usage AS u LEFT JOIN organizations AS o ON o.id = u.subject ORDER BY u.source, o.name, u.used;

-- Of another tier, plan and organisation by then: it counts where it was admitted.
SELECT test.reserve('moved', 'A');
UPDATE profiles SET organization_id = test.organization('two') WHERE id = test.id('A');
UPDATE organizations SET pricing_plan = 'free' WHERE name = 'one';
SELECT * FROM test.counters;
SELECT test.settle('moved');
SELECT * FROM test.counters;
SELECT o.name, o.token_usage_current FROM organizations AS o ORDER BY o.name;
UPDATE organizations SET pricing_plan = 'pro' WHERE name = 'one';
UPDATE profiles SET organization_id = test.organization('one') WHERE id = test.id('A');

-- Switched off, inactive, free, with another period and amount by then.
SELECT test.reserve('closed', 'A');
UPDATE org_system_model_config SET is_enabled_for_users = false WHERE true;
UPDATE ai_models_system SET is_active = false, token_limit_period = 'daily', token_limit_amount = 1 WHERE id = 1001;
SELECT r.allowed, r.reason FROM reserve_model_quota(test.id('A'), 'system/1001', 1, 1) AS r;
SELECT test.settle('closed');
UPDATE org_system_model_config SET is_enabled_for_users = true WHERE true;
UPDATE ai_models_system SET is_active = true, token_limit_period = 'monthly', token_limit_amount = 500 WHERE id = 1001;
SELECT test.reserve('free', 'A');
UPDATE ai_models_system SET is_free = true WHERE id = 1001;
SELECT test.reserve('free before', 'A');
SELECT test.settle('free');
UPDATE ai_models_system SET is_free = false WHERE id = 1001;
SELECT test.settle('free before');
SELECT * FROM test.counters;
SELECT count(*) AS mismatches FROM verify_quota();

-- Released instead.
SELECT test.reserve('released', 'A');
DELETE FROM org_system_model_config WHERE true;
SELECT r.allowed FROM release_model_quota((SELECT h.id FROM test.held AS h WHERE h.what = 'released')) AS r;
INSERT INTO org_system_model_config (organization_id, system_model_id) SELECT o.id, 1001 FROM organizations AS o;
SELECT * FROM test.counters;

-- The user, the model, the organisation are deleted.
SELECT test.reserve('user', 'P');
SELECT test.reserve('model', 'A');
SELECT test.reserve('organization', 'A');
DELETE FROM auth.users WHERE id = test.id('P');
SELECT test.settle('user');
DELETE FROM ai_models_system WHERE id = 1001;
SELECT test.settle('model');
SELECT * FROM test.counters;
SELECT count(*) AS mismatches FROM verify_quota();
DELETE FROM organizations WHERE name = 'one';
SELECT test.settle('organization');
SELECT count(*) AS mismatches FROM verify_quota();
SELECT u.model_name, u.tokens_used, u.is_free, u.organization_id = '00000000-0000-4000-8000-0000000000f1' AS of_one FROM ai_model_usage AS u ORDER BY u.id;
SELECT a.model, count(*), sum(a.tokens_used) FROM ai_usage AS a GROUP BY 1;
SELECT u.held FROM quota_usage AS u WHERE u.held <> 0;
-- A person who is forgotten is a stranger here too; the organisation's counter is not his.
SELECT count(*) AS his FROM ai_model_usage AS u WHERE u.user_id = test.id('A');
SELECT count(*) > 0 AS forgotten FROM forget_user(test.id('A'));
SELECT count(*) AS his FROM ai_model_usage AS u WHERE u.user_id = test.id('A');
SELECT count(*) AS mismatches FROM verify_quota();
