-- From 0.1.0 to 0.2.0: figures of the engine. Whoever runs it is the owner of the extension, as in CREATE EXTENSION.

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

NOTIFY pgrst, 'reload schema';
