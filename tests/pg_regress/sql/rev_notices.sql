-- Users are told of models that go away: on a day that the provider names, or because they are gone. The day is stored, moves and is withdrawn; at most one notice of a kind is open.
CREATE FUNCTION pg_temp.sync(p_dates jsonb, p_but text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT s #>> '{}' FROM (SELECT public.sync_openrouter_models((SELECT jsonb_agg(jsonb_build_object('id', 'acme/m' || n, 'name', 'M' || n, 'pricing', '{"prompt": "1", "completion": "1"}'::jsonb)
            || CASE WHEN p_dates ? ('m' || n) THEN jsonb_build_object('expiration_date', p_dates -> ('m' || n)) ELSE '{}' END ORDER BY n)
        FROM generate_series(1, 12) AS n WHERE 'm' || n <> p_but)) - ARRAY['sync_log_id', 'duration_ms', 'total_processed', 'success', 'models_duplicate', 'models_rejected'] AS s) AS x
$$;
CREATE VIEW pg_temp.told AS
    SELECT n.model_id, n.kind, CASE WHEN n.kind = 'expiring' THEN n.effective_at AT TIME ZONE 'UTC' END AS effective_at, n.effective_at = n.created_at AS at_once, n.details, n.resolved_at IS NULL AS open, n.resolved_at >= n.created_at AS in_order
      FROM public.model_access_notices AS n ORDER BY n.id;
-- Dates in every shape that was ever sent, and what is none: no reason to reject a model.
SELECT pg_temp.sync('{"m1": "2026-12-01", "m2": "2026-12-01T23:30:00-05:00", "m3": null, "m4": "", "m5": "soon", "m6": 20261201, "m7": {"on": "2026-12-01"}, "m8": "2026-02-30"}');
SELECT m.model_id, m.expiration_date::text FROM public.model_access AS m WHERE m.expiration_date IS NOT NULL ORDER BY 1;
TABLE pg_temp.told;
-- The same again says nothing, in another spelling neither.
SELECT pg_temp.sync('{"m1": "2026-12-01T00:00:00Z", "m2": "2026-12-02"}');
SELECT count(*) AS notices FROM public.model_access_notices;
-- One moves, one is withdrawn, one comes.
SELECT pg_temp.sync('{"m1": "2027-01-01", "m3": "9999-01-01"}');
SELECT m.model_id, m.expiration_date::text FROM public.model_access AS m WHERE m.expiration_date IS NOT NULL ORDER BY 1;
TABLE pg_temp.told;
-- Gone: an active one is told of, a new one nobody misses. Gone for longer: once.
UPDATE public.model_access SET status = 'active' WHERE model_id IN ('acme/m1', 'acme/m9');
SELECT pg_temp.sync('{"m1": "2027-01-01", "m3": "9999-01-01"}', 'm8');
SELECT pg_temp.sync('{"m1": "2027-01-01", "m3": "9999-01-01"}', 'm9');
SELECT pg_temp.sync('{"m1": "2027-01-01", "m3": "9999-01-01"}', 'm9');
SELECT * FROM pg_temp.told WHERE kind = 'removed';
-- One that expires and is gone has both; back, the day still holds, or is another one.
SELECT pg_temp.sync('{"m3": "9999-01-01"}', 'm1');
SELECT pg_temp.sync('{"m1": "2027-01-01", "m3": "9999-01-01"}');
SELECT * FROM pg_temp.told WHERE model_id IN ('acme/m1', 'acme/m9');
-- Set active by hand while it is gone, and there again: the notice is over all the same.
UPDATE public.model_access SET status = 'active' WHERE model_id = 'acme/m9';
SELECT pg_temp.sync('{}', 'm9') ~ '"models_marked_inactive": 1' AS gone;
UPDATE public.model_access SET status = 'active' WHERE model_id = 'acme/m9';
SELECT * FROM pg_temp.told WHERE model_id = 'acme/m9';
SELECT pg_temp.sync('{}') ~ '"models_reactivated": 0' AS back_unnoticed;
SELECT count(*) FILTER (WHERE open) AS open FROM pg_temp.told;
-- A failed run tells nobody anything.
UPDATE public.model_access SET status = 'active' WHERE true;
SELECT public.sync_openrouter_models('[{"id": "acme/m1", "name": "M1", "expiration_date": "2027-05-05"}]') ->> 'error' AS refused;
SELECT count(*) FILTER (WHERE open) AS open FROM pg_temp.told;
-- Signed-in users read them, service_role reads them, nobody else; nobody writes.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT count(*) > 0 AS seen FROM public.model_access_notices;
SELECT test.outcome('INSERT INTO public.model_access_notices (model_id, kind, effective_at, created_at) VALUES (''x'', ''removed'', now(), now())'), test.outcome('UPDATE public.model_access_notices SET resolved_at = now() WHERE true'), test.outcome('DELETE FROM public.model_access_notices WHERE true');
COMMIT;
BEGIN;
SELECT test.request('service_role');
SELECT count(*) > 0 AS seen FROM public.model_access_notices;
SELECT test.outcome('INSERT INTO public.model_access_notices (model_id, kind, effective_at, created_at) VALUES (''x'', ''removed'', now(), now())'), test.outcome('UPDATE public.model_access_notices SET resolved_at = now() WHERE true'), test.outcome('DELETE FROM public.model_access_notices WHERE true');
COMMIT;
BEGIN;
SELECT test.request('anon');
SELECT test.outcome('SELECT FROM public.model_access_notices');
COMMIT;
