-- Without its ledger a counter of system models agrees with nothing: uninstall() takes it along, and reservations in flight settle.
\i tests/fixtures/organizations.sql
UPDATE organizations SET token_quota_monthly = 100 WHERE name = 'one';
UPDATE ai_models_system SET token_limit_period = 'daily', token_limit_amount = 50 WHERE id = 1001;
SELECT set_quota_limit('all', 'tokens', 'lifetime', 1000) IS NOT NULL AS set;
SELECT r.reservation_id AS first FROM reserve_model_quota(test.id('A'), 'system/1001', 5, 5) AS r \gset
SELECT r.reservation_id AS second FROM reserve_model_quota(test.id('A'), 'system/1001', 5, 5) AS r \gset
SELECT u.source, u.held FROM quota_usage AS u ORDER BY u.source;
SELECT count(*) > 0 AS away FROM model_access.uninstall('{system_models}', drop_data => true);
SELECT u.source, u.held FROM quota_usage AS u ORDER BY u.source;
SELECT count(*) AS mismatches FROM verify_quota();
SELECT s.tokens FROM settle_model_quota(:'first', '{"total_tokens": 7}') AS s;
SELECT u.source, u.used, u.held FROM quota_usage AS u ORDER BY u.source;
SELECT test.outcome('SELECT model_access.reset_monthly_quotas()');
-- Back again: what lives is held, what was settled meanwhile has no row in the new ledger.
SELECT count(*) > 0 AS back FROM model_access.install('{system_models}');
INSERT INTO ai_models_system (id, name, role, system_message, api_key, endpoint) VALUES (1001, 'Open', 'writer', 'Write.', 'x', 'x');
INSERT INTO org_system_model_config (organization_id, system_model_id) SELECT o.id, 1001 FROM organizations AS o;
SELECT record_token_usage(test.id('A'), 1001, 1) ->> 'current_usage' AS used_and_held;
SELECT s.tokens FROM settle_model_quota(:'second', '{"total_tokens": 7}') AS s;
SELECT u.source, u.used, u.held FROM quota_usage AS u ORDER BY u.source;
SELECT count(*) AS mismatches FROM verify_quota();
