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
