-- Feeds are kept uncompressed, and the procedure reads them into variables before the clock runs: the way of a payload
-- into the server is the same for all contenders and would hide what differs.
CREATE TABLE bench.feeds (
    models integer,
    edition text,
    payload jsonb NOT NULL,
    PRIMARY KEY (models, edition)
);
ALTER TABLE bench.feeds ALTER COLUMN payload SET STORAGE EXTERNAL;
GRANT SELECT ON bench.feeds TO service_role;

-- Syncs p_calls times, each in a transaction of its own, with the two feeds in turns. wall_ms ends with the last commit.
CREATE PROCEDURE bench.sync(
    p_contender text, p_models integer, p_odd text, p_even text, p_calls integer,
    OUT wall_ms double precision, OUT answer text
)
LANGUAGE plpgsql AS $$
DECLARE
    v_odd jsonb;
    v_even jsonb;
    v_answer jsonb;
    v_started timestamptz;
BEGIN
    SELECT f.payload INTO STRICT v_odd FROM bench.feeds AS f WHERE f.models = p_models AND f.edition = p_odd;
    IF p_even = p_odd THEN
        v_even := v_odd;
    ELSE
        SELECT f.payload INTO STRICT v_even FROM bench.feeds AS f WHERE f.models = p_models AND f.edition = p_even;
    END IF;
    COMMIT;
    v_started := clock_timestamp();
    FOR v_call IN 1 .. p_calls LOOP
        IF p_contender = 'native' THEN
            v_answer := public.sync_openrouter_models(CASE WHEN v_call % 2 = 1 THEN v_odd ELSE v_even END);
        ELSIF p_contender = 'plpgsql' THEN
            v_answer := bench_plpgsql.sync(CASE WHEN v_call % 2 = 1 THEN v_odd ELSE v_even END);
        ELSE
            v_answer := bench_setbased.sync(CASE WHEN v_call % 2 = 1 THEN v_odd ELSE v_even END);
        END IF;
        IF v_answer -> 'success' IS DISTINCT FROM 'true' THEN
            RAISE EXCEPTION 'the sync of % failed: %', p_contender, v_answer;
        END IF;
        COMMIT;
    END LOOP;
    wall_ms := extract(epoch FROM clock_timestamp() - v_started) * 1000;
    answer := v_answer;
END $$;

-- Every table is vacuumed before its contender's turn. An autovacuum besides would meet one of them by chance, in the
-- midst of its turn, write WAL there, or tell the planner that a table is empty which is about to be filled.
DO $$
DECLARE
    v_table regclass;
BEGIN
    FOR v_table IN
        SELECT c.oid::regclass FROM pg_class AS c
         WHERE c.relkind = 'r' AND c.relnamespace IN ('bench_plpgsql'::regnamespace, 'bench_setbased'::regnamespace)
            OR c.oid IN ('public.model_access'::regclass, 'public.model_sync_log'::regclass,
                         'public.model_price_history'::regclass, 'public.model_review_items'::regclass,
                         'public.model_catalogue_version'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', v_table);
    END LOOP;
END $$;
