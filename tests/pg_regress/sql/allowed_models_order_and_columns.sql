-- Free models first, then pro, then enterprise, each by name, then id; twelve columns in the seed's order.
SELECT public.sync_openrouter_models('[
    {"id": "z/enterprise", "name": "Beta"}, {"id": "y/pro", "name": "Alpha"}, {"id": "x/free", "name": "Zeta"},
    {"id": "b/twin", "name": "Twin"}, {"id": "a/twin", "name": "Twin"}]') ->> 'success' AS synced;
SELECT count(public.update_model_tier_access(id, id IN ('x/free', 'a/twin', 'b/twin'), id = 'y/pro', true, 'active'))
  FROM unnest(ARRAY['z/enterprise', 'y/pro', 'x/free', 'a/twin', 'b/twin']) AS id;
SELECT row_number() OVER () AS place, model_id, model_name FROM public.get_user_allowed_models_v2(test.id('B'));
CREATE TEMP TABLE result AS SELECT * FROM public.get_user_allowed_models_v2(test.id('B')) LIMIT 0;
SELECT attnum, attname, format_type(atttypid, NULL) AS type
  FROM pg_attribute WHERE attrelid = 'result'::regclass AND attnum > 0 ORDER BY attnum;
-- In a join, in a LATERAL, with a filter and an order of the caller's.
SELECT p.email, l.model_id
  FROM public.profiles AS p CROSS JOIN LATERAL public.get_user_allowed_models_v2(p.id) AS l
 WHERE l.model_name = 'Twin' AND p.email IN ('a@example.test', 'b@example.test') ORDER BY p.email, l.model_id;
