-- IDN-07, IDN-08: claims that are empty, malformed or of the wrong type are a clean error, and the connection goes on.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
\connect - supabase_admin
SET SESSION AUTHORIZATION authenticated;
-- Never set, and what a pooled connection is left with after a request.
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2()');
SET request.jwt.claims = '';
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2()');
SELECT public.model_access_is_admin() AS admin;
SELECT claims, split_part(test.outcome(format('DO %L', format('BEGIN PERFORM set_config(''request.jwt.claims'', %L, true); PERFORM public.get_user_allowed_models_v2(); END', claims))), E'\n', 1) AS list,
       split_part(test.outcome(format('DO %L', format('BEGIN PERFORM set_config(''request.jwt.claims'', %L, true); PERFORM public.update_model_tier_access(''acme/m2'', true); END', claims))), E'\n', 1) AS admin
  FROM (VALUES (1, 'x'), (2, '{'), (3, ' '), (4, 'null'), (5, '[]'), (6, '"sub"'), (7, '7'), (8, '{}'), (9, '{"sub": null}'), (10, '{"sub": ""}'),
               (11, '{"sub": 7}'), (12, '{"sub": "A"}'), (13, '{"sub": ["00000000-0000-4000-8000-00000000000a"]}'),
               (14, '{"sub": "00000000-0000-4000-8000-00000000000a'' OR true --"}'), (15, '{"sub": "\u0000"}'),
               (16, '{"SUB": "00000000-0000-4000-8000-00000000000a"}'), (17, '{"sub": "00000000-0000-4000-8000-00000000000a"} {}'))
       AS c (place, claims) ORDER BY place;
-- Megabytes and depth.
SELECT kind, split_part(test.outcome(format('DO %L', format('BEGIN PERFORM set_config(''request.jwt.claims'', %L, true); PERFORM public.get_user_allowed_models_v2(); END', claims))), E'\n', 1) AS list
  FROM (VALUES (1, 'deep', repeat('[', 100000)), (2, 'deep in a claim', '{"a":' || repeat('[', 100000) || repeat(']', 100000) || '}'),
               (3, 'long', '{"sub": "' || repeat('a', 1000000) || '"}')) AS c (place, kind, claims) ORDER BY place;
-- The last of several subs counts, here as in auth.uid(); and the connection still works.
SET request.jwt.claims = '{"sub": "00000000-0000-4000-8000-00000000000b", "sub": "00000000-0000-4000-8000-00000000000a"}';
SELECT auth.uid() = test.id('A') AS auth_says_a, array_agg(model_id) AS list FROM public.get_user_allowed_models_v2();
