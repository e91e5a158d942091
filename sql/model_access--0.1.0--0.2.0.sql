-- From 0.1.0 to 0.2.0: figures of the engine, system models. Whoever runs it is the owner of the extension, as in CREATE EXTENSION.

CREATE FUNCTION model_access.get_engine_stats()
RETURNS TABLE (name text, labels jsonb, value numeric, kind text, unit text, help text)
STABLE PARALLEL RESTRICTED ROWS 80 LANGUAGE c AS 'MODULE_PATHNAME', 'get_engine_stats_wrapper';

CREATE FUNCTION model_access.get_engine_metrics() RETURNS text
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'get_engine_metrics_wrapper';

REVOKE ALL ON FUNCTION model_access.get_engine_stats(), model_access.get_engine_metrics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_access.get_engine_stats(), model_access.get_engine_metrics() TO pg_database_owner, @extowner@;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'service_role') THEN
        GRANT EXECUTE ON FUNCTION model_access.get_engine_stats(), model_access.get_engine_metrics() TO service_role;
    END IF;
END $$;

COMMENT ON FUNCTION model_access.get_engine_stats() IS
'Figures about catalogue, limits, reservations and ledger: one row per figure and labels.

For service_role. Cheap: from the ends of indexes and the server''s statistics. Figures named model_access_backend_… are of the
one backend that answers.';
COMMENT ON FUNCTION model_access.get_engine_metrics() IS
'The figures of get_engine_stats() as a text that Prometheus reads.

For service_role. Text format 0.0.4, in a stable order, without what only one backend counted.';

CREATE FUNCTION model_access.check_token_quota(p_user_id uuid, p_model_id bigint, p_tokens integer) RETURNS jsonb
STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'check_token_quota_wrapper';

CREATE FUNCTION model_access.record_token_usage(p_user_id uuid, p_model_id bigint, p_tokens integer, p_requests integer DEFAULT 1)
RETURNS jsonb VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'record_token_usage_wrapper';

CREATE FUNCTION model_access.reset_monthly_quotas() RETURNS integer
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'reset_monthly_quotas_wrapper';

REVOKE ALL ON FUNCTION
    model_access.check_token_quota(uuid, bigint, integer), model_access.record_token_usage(uuid, bigint, integer, integer),
    model_access.reset_monthly_quotas() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    model_access.check_token_quota(uuid, bigint, integer), model_access.record_token_usage(uuid, bigint, integer, integer),
    model_access.reset_monthly_quotas() TO pg_database_owner, @extowner@;
DO $$
DECLARE
    api_role name;
BEGIN
    FOREACH api_role IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = api_role) THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION model_access.check_token_quota(uuid, bigint, integer) TO %I', api_role);
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'service_role') THEN
        GRANT EXECUTE ON FUNCTION model_access.record_token_usage(uuid, bigint, integer, integer),
            model_access.reset_monthly_quotas() TO service_role;
    END IF;
END $$;

COMMENT ON FUNCTION model_access.check_token_quota(uuid, bigint, integer) IS
'Whether a call of a system model may use so many tokens now.

Changes nothing. Returns {allowed, reason, scope, current_usage, limit, resets_at}: scope is model, org or user; current_usage is
used and held. NULL p_user_id means the signed-in user; only a privileged caller may name another (42501).';
COMMENT ON FUNCTION model_access.record_token_usage(uuid, bigint, integer, integer) IS
'Admits a call of a system model and stores its tokens at once.

For service_role. Returns {recorded, usage_id} and what check_token_quota returns, after the call; usage_id is the row of
ai_model_usage. A call that is refused stores nothing.';
COMMENT ON FUNCTION model_access.reset_monthly_quotas() IS
'Shows the months of organisations that are over as begun anew; returns how many were.

For service_role. Quotas need no such job: every call counts in the month of its instant. It also shows what organisations have
used whose counters are split.';

NOTIFY pgrst, 'reload schema';
