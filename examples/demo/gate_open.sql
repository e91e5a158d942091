-- Waits until two clients wait at the gate, and opens it.

DO $$
BEGIN
    FOR attempt IN 1 .. 1000 LOOP
        IF (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted) = 2 THEN
            RETURN;
        END IF;
        PERFORM pg_sleep(0.01);
    END LOOP;
    RAISE EXCEPTION 'two clients should wait at the gate within ten seconds';
END $$;
SELECT pg_advisory_unlock(7) AS opened \gset
