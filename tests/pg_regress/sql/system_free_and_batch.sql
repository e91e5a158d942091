-- A free model asks neither its own limit nor the organisation's quota, alone and among others in one batch; it is written down all the same.
\i tests/fixtures/organizations.sql
UPDATE organizations SET token_quota_monthly = 100 WHERE true;
INSERT INTO ai_models_system (id, name, role, system_message, api_key, endpoint, is_free, token_limit_period, token_limit_amount)
VALUES (1002, 'Free', 'writer', 'Write.', 'secret of 1002', 'https://example.test/v1', true, 'daily', 1);
INSERT INTO org_system_model_config (organization_id, system_model_id) SELECT o.id, 1002 FROM organizations AS o;
SELECT sync_openrouter_models(test.feed(1)) ->> 'models_added' AS added;
UPDATE model_access SET status = 'active', is_free = true WHERE true;

SELECT d ->> 'allowed' AS allowed, d ->> 'reason' AS reason, d ->> 'limit_name' AS limit_name, d ->> 'used' AS used
  FROM jsonb_array_elements(consume_model_quota_batch(jsonb_build_array(
           jsonb_build_object('user_uuid', test.id('A'), 'model_id', 'system/1001', 'tokens', 60),
           jsonb_build_object('user_uuid', test.id('A'), 'model_id', 'system/1002', 'tokens', 5000),
           jsonb_build_object('user_uuid', test.id('A'), 'model_id', 'acme/m1', 'tokens', 7000),
           jsonb_build_object('user_uuid', test.id('B'), 'model_id', 'system/1001', 'tokens', 90),
           jsonb_build_object('user_uuid', test.id('P'), 'model_id', 'system/1001', 'tokens', 41),
           jsonb_build_object('user_uuid', test.id('X'), 'model_id', 'system/1001', 'tokens', 1),
           jsonb_build_object('user_uuid', test.id('P'), 'model_id', 'system/1001', 'tokens', 40),
           jsonb_build_object('user_uuid', test.id('P'), 'model_id', 'system/7777', 'tokens', 1),
           jsonb_build_object('user_uuid', test.id('P'), 'model_id', 'system/01001', 'tokens', 1)))) WITH ORDINALITY AS x (d, n) ORDER BY n;
SELECT o.name, o.token_usage_current FROM organizations AS o ORDER BY o.name;
SELECT o.name, u.model_name, u.tokens_used, u.is_free FROM ai_model_usage AS u JOIN organizations AS o ON o.id = u.organization_id ORDER BY u.id;
SELECT a.model, a.tokens_used FROM ai_usage AS a ORDER BY a.model, a.tokens_used;
SELECT u.source, u.model, u.used FROM quota_usage AS u ORDER BY u.source, u.model, u.used;
SELECT count(*) AS mismatches FROM verify_quota();

-- With a key: once. Usage that happened anyway counts, and is in both ledgers; without tokens only in the one.
SELECT c.allowed, c.used FROM consume_model_quota(test.id('B'), 'system/1001', 5, 1, 'k') AS c;
SELECT c.allowed, c.used FROM consume_model_quota(test.id('B'), 'system/1001', 5, 1, 'k') AS c;
SELECT r.tokens, r.cost_usd, r.warnings -> 0 ->> 'limit_name' AS exceeded
  FROM record_model_usage(test.id('B'), 'system/1001', '{"total_tokens": 30, "cost": 0.25}') AS r;
SELECT r.tokens FROM record_model_usage(test.id('B'), 'system/1001', '{"total_tokens": 0}') AS r;
SELECT o.token_usage_current FROM organizations AS o WHERE o.name = 'two';
SELECT sum(u.tokens_used) AS tokens, count(*) AS rows FROM ai_model_usage AS u WHERE u.user_id = test.id('B');
SELECT sum(a.tokens_used) AS tokens, count(*) AS rows, sum(a.cost_usd) AS cost_usd FROM ai_usage AS a WHERE a.user_id = test.id('B');
-- Of a user without an organisation it is in the one that has room for him.
SELECT r.tokens FROM record_model_usage(test.id('S'), 'system/1001', '{"total_tokens": 3}') AS r;
SELECT count(*) AS rows FROM ai_model_usage AS u WHERE u.user_id = test.id('S');
SELECT count(*) AS mismatches FROM verify_quota();
-- A model of the catalogue whose canonical slug is that of a system model is not taken for one, nor the other way round.
UPDATE model_access SET canonical_slug = 'system/1001' WHERE model_id = 'acme/m1';
SELECT r.model_id FROM record_model_usage(test.id('B'), 'system/1001', '{"total_tokens": 1}') AS r;

-- An amount is given back under the quota's name.
SELECT adjust_quota(test.id('B'), 'system/1001', 'token_quota_monthly', -26, 'a mistake') AS used;
SELECT o.token_usage_current FROM organizations AS o WHERE o.name = 'two';
SELECT count(*) AS mismatches FROM verify_quota();
-- Thresholds of the quota are told once.
SELECT a.limit_name, a.threshold, a.used FROM quota_alerts AS a ORDER BY a.limit_name, a.subject, a.threshold;
-- A limit of quota_limits counts free calls too.
SELECT set_quota_limit('all', 'requests', 'daily', 1, 'user', test.id('P')::text, p_model_pattern => 'system/*') > 0 AS set;
SELECT c.allowed, c.reason, c.limit_name FROM consume_model_quota(test.id('P'), 'system/1002', 1) AS c;
-- What a refusal over HTTP says.
SELECT test.outcome(format('SELECT require_model_quota(%L, ''system/1001'', 1, 1)', test.id('X')));
