-- database: supabase
-- INS-02, INS-04: D installs; everything of the extension is in its schema, everything else is D's; again changes nothing.
\c - postgres
CREATE EXTENSION model_access;
SELECT count(*) AS objects_in_public FROM pg_class WHERE relnamespace = 'public'::regnamespace;
SELECT * FROM model_access.verify() WHERE ok LIMIT 1;
SELECT action, count(*) > 0 AS some FROM model_access.install() GROUP BY action ORDER BY action;
CREATE TEMP TABLE first AS SELECT * FROM model_access.inventory();
CREATE TEMP TABLE ids AS
    SELECT oid, relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT oid, proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace;
SELECT action, count(*) > 0 AS some FROM model_access.install() GROUP BY action ORDER BY action;
(TABLE first EXCEPT SELECT * FROM model_access.inventory()) UNION ALL (SELECT * FROM model_access.inventory() EXCEPT TABLE first);
SELECT count(*) AS objects_made_anew FROM ids
 WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = ids.oid) AND NOT EXISTS (SELECT FROM pg_proc AS p WHERE p.oid = ids.oid);
SELECT * FROM model_access.verify() WHERE NOT ok;
-- The shipped inventory is all there is: nothing stands that verify() does not look at.
SELECT i.kind, i.object FROM model_access.inventory() AS i
 WHERE NOT EXISTS (SELECT FROM model_access.verify() AS v WHERE v.check_name = i.kind || ' ' || i.object);
SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'public'::regnamespace;
SELECT s.schema_version, s.owner_role FROM public.model_access_settings AS s;
-- A module brings what it needs and completes what stands; an unknown one is told.
SELECT DISTINCT module FROM model_access.install(ARRAY['people']) ORDER BY module;
SELECT * FROM model_access.install(ARRAY['catalog']);
