-- ESC-05: hostile text in every argument is data: bound, bounded, never SQL; what cannot be text is the server's own error.
\set SHOW_CONTEXT never
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash;
CREATE TABLE test.hostile (place integer, kind text, value text);
INSERT INTO test.hostile VALUES (1, 'quotes', $$'"''\'; DROP TABLE public.model_access; --$$), (2, 'formats', '%s %n %x %I $1 $2 {} {0}'), (3, 'empty', ''), (4, 'blank', '   '),
    (5, 'controls', E'\x01\x7f\r\n\t'), (6, 'unicode', U&'\FEFF\FFFD\+01F600'), (7, 'backslash zero', '\u0000'), (8, 'megabyte', repeat('x', 1000000)), (9, 'reserved', 'system/1'), (10, 'wildcard', 'acme/%');
GRANT SELECT ON test.hostile TO PUBLIC;
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT kind, public.can_user_use_model(test.id('A'), value) AS may, public.update_model_tier_access(value, true) AS tiers, public.update_model_tier_access('acme/m1', p_status => value) AS status,
       public.sync_openrouter_models(jsonb_build_object('data', value)) ->> 'success' AS sync
  FROM test.hostile ORDER BY place;
SELECT public.can_user_use_model(test.id('A'), NULL) AS may, public.update_model_tier_access(NULL) AS tiers, public.update_model_tier_access('acme/m1', NULL, NULL, NULL, NULL) ->> 'success' AS all_null;
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT kind, public.can_user_use_model(NULL, value) AS may, left(test.outcome(format('SELECT public.update_model_tier_access(%L)', value)), 5) AS tiers FROM test.hostile ORDER BY place;
ROLLBACK;
-- NUL does not exist in jsonb; invalid uuids and megabytes of them are the server's business.
SELECT left(test.outcome($$SELECT public.sync_openrouter_models('[{"id": "a\u0000b", "name": "x"}]')$$), 5) AS nul, left(test.outcome($$SELECT public.can_user_use_model('x', 'y')$$), 5) AS not_a_uuid,
       left(test.outcome($$SELECT public.sync_openrouter_models('{')$$), 5) AS not_json, left(test.outcome($$SELECT public.update_model_tier_access('x', 'maybe')$$), 5) AS not_a_boolean;
-- Module and function names of the owner's functions.
\connect - postgres
SELECT kind, split_part(test.outcome(format('SELECT * FROM model_access.install(ARRAY[%L])', value)), E'\n', 1) AS install, split_part(test.outcome(format('SELECT * FROM model_access.uninstall(ARRAY[%L])', value)), E'\n', 1) AS uninstall,
       left(test.outcome(format('SELECT model_access.make_wrapper(%L)', value)), 5) AS wrapper
  FROM test.hostile WHERE place <> 8 ORDER BY place;
SELECT left(test.outcome(format('SELECT model_access.make_wrapper(%L)', value)), 5) AS wrapper, left(test.outcome(format('SELECT * FROM model_access.verify(ARRAY[%L])', value)), 5) AS verify FROM test.hostile WHERE place = 8;
-- Only functions for applications get a public face.
SELECT left(test.outcome($$SELECT model_access.make_wrapper('install')$$), 5) AS install, left(test.outcome($$SELECT model_access.make_wrapper('guard_privileged_columns')$$), 5) AS a_trigger;
SELECT test.catalogue_hash() = hash AS unchanged FROM public.before;
