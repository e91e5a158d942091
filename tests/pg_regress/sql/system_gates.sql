-- The gates of a system model in every combination: the engine, which reads its facts by a statement of its own, decides as the lists and as get_system_model_for_call() do, and both as a plain reading of the rules.
-- Four organisations of one type, one of each plan, with a user, an admin and a superadmin each.
INSERT INTO public.organizations (id, name, type, pricing_plan)
SELECT format('10000000-0000-4000-8000-00000000000%s', n)::uuid, plan, 'finance', plan FROM unnest('{free,starter,pro,enterprise}'::text[]) WITH ORDINALITY AS p (plan, n);
CREATE TABLE test.caller AS
SELECT format('20000000-0000-4000-8000-0000000000%s%s', r.n, right(o.id::text, 1))::uuid AS id, r.role, o.id AS organization_id, o.pricing_plan AS plan
  FROM public.organizations AS o, unnest('{user,admin,superadmin}'::text[]) WITH ORDINALITY AS r (role, n);
INSERT INTO auth.users (id, email) SELECT c.id, c.id || '@example.test' FROM test.caller AS c;
INSERT INTO public.profiles (id, email, role, organization_id) SELECT c.id, c.id || '@example.test', c.role, c.organization_id FROM test.caller AS c;
-- Models of each required plan, of no type, of theirs and of another; switched on, off, and without a row; tried for 29, 30 and 31 days of 30, and no trial; active or not; free or not.
CREATE TABLE test.model AS
SELECT 5000 + row_number() OVER () AS id, needs, types, switch, days, is_active, is_free
  FROM unnest('{free,starter,pro,enterprise}'::text[]) AS needs, unnest('{none,theirs,foreign}'::text[]) AS types, unnest('{on,off,none}'::text[]) AS switch,
       unnest('{NULL,29,30,31}'::integer[]) AS days, unnest('{t,f}'::boolean[]) AS is_active, unnest('{t,f}'::boolean[]) AS is_free;
INSERT INTO public.ai_models_system (id, name, role, system_message, api_key, endpoint, required_plan, organization_types, is_trial, trial_expires_days, is_active, is_free)
SELECT m.id, 'Gate ' || m.id, 'x', 'x', 'x', 'x', m.needs, CASE m.types WHEN 'none' THEN '{}' WHEN 'theirs' THEN '{education,finance}' ELSE '{education}' END::text[],
       m.days IS NOT NULL, CASE WHEN m.days IS NOT NULL THEN 30 END, m.is_active, m.is_free
  FROM test.model AS m;
INSERT INTO public.org_system_model_config (organization_id, system_model_id, is_enabled_for_users)
SELECT o.id, m.id, m.switch = 'on' FROM public.organizations AS o, test.model AS m WHERE m.switch <> 'none';
DELETE FROM public.system_model_trials WHERE true;
INSERT INTO public.system_model_trials (organization_id, system_model_id, started_at)
SELECT o.id, m.id, now() - m.days * interval '24 hours' FROM public.organizations AS o, test.model AS m WHERE m.days IS NOT NULL;
ANALYZE public.ai_models_system, public.org_system_model_config, public.system_model_trials;
-- The rules, first failure first.
CREATE VIEW test.expected AS
SELECT c.id AS user_id, c.role, m.id AS model_id, m.is_free,
       CASE WHEN NOT m.is_active THEN 'model_not_active'
            WHEN c.role <> 'superadmin' AND m.types = 'foreign' THEN 'organization_type_not_allowed'
            WHEN c.role <> 'superadmin' AND array_position('{free,starter,pro,enterprise}', c.plan) < array_position('{free,starter,pro,enterprise}', m.needs) THEN 'plan_not_sufficient'
            WHEN c.role = 'user' AND m.switch <> 'on' THEN 'not_enabled'
            WHEN m.days >= 30 THEN 'trial_expired'
            ELSE 'allowed' END AS reason
  FROM test.caller AS c, test.model AS m;
CREATE TABLE test.answer AS
SELECT x.*, CASE WHEN e.allowed THEN 'allowed' ELSE e.reason END AS engine, CASE WHEN g.allowed THEN 'allowed' ELSE g.reason END AS for_call,
       coalesce(t.quota ->> 'reason', 'allowed') AS token_quota, (t.quota ->> 'allowed')::boolean AS tokens_allowed, a.id IS NOT NULL AS available
  FROM test.expected AS x
 CROSS JOIN LATERAL public.check_model_quota(x.user_id, 'system/' || x.model_id, 10) AS e
 CROSS JOIN LATERAL public.get_system_model_for_call(x.user_id, x.model_id) AS g
 CROSS JOIN LATERAL (SELECT public.check_token_quota(x.user_id, x.model_id, 10)) AS t (quota)
  LEFT JOIN (SELECT c.id AS user_id, l.id FROM test.caller AS c, public.get_available_system_models(c.id) AS l) AS a ON a.user_id = x.user_id AND a.id = x.model_id;
SELECT engine AS reason, count(*) AS combinations, count(*) FILTER (WHERE role = 'user') AS of_users, count(*) FILTER (WHERE role = 'admin') AS of_admins, count(*) FILTER (WHERE role = 'superadmin') AS of_superadmins
  FROM test.answer GROUP BY engine ORDER BY engine;
-- Who says otherwise.
SELECT a.*, m.needs, m.types, m.switch, m.days FROM test.answer AS a JOIN test.model AS m ON m.id = a.model_id
 WHERE (a.engine, a.for_call, a.token_quota, a.tokens_allowed, a.available) IS DISTINCT FROM (a.reason, a.reason, a.reason, a.reason = 'allowed', a.reason = 'allowed')
 ORDER BY a.user_id, a.model_id LIMIT 20;
-- A batch reads many at once: it admits and refuses as one by one, and writes of those that it admits only.
CREATE TABLE test.batch AS SELECT row_number() OVER (ORDER BY y.user_id, y.model_id) AS place, y.* FROM test.expected AS y JOIN test.caller AS c ON c.id = y.user_id WHERE c.plan = 'pro' AND y.model_id % 3 = 0;
SELECT coalesce(d.answer ->> 'reason', 'allowed') AS reason, count(*) AS calls, count(*) FILTER (WHERE x.reason <> coalesce(d.answer ->> 'reason', 'allowed') OR (d.answer ->> 'allowed')::boolean <> (x.reason = 'allowed')) AS otherwise
  FROM jsonb_array_elements((SELECT public.consume_model_quota_batch(jsonb_agg(jsonb_build_object('user_uuid', y.user_id, 'model_id', 'system/' || y.model_id, 'tokens', 10) ORDER BY y.place)) FROM test.batch AS y)) WITH ORDINALITY AS d (answer, place)
  JOIN test.batch AS x USING (place)
 GROUP BY 1 ORDER BY 1;
SELECT count(*) = (SELECT count(*) FROM test.batch AS b WHERE b.reason = 'allowed') AS as_many_rows, count(*) FILTER (WHERE NOT m.is_active OR m.days >= 30 OR m.is_free IS DISTINCT FROM u.is_free) AS that_should_not_be FROM public.ai_model_usage AS u JOIN test.model AS m ON m.id = u.model_id;
-- And a reservation, for a user of each plan and the models of no trial.
SELECT CASE WHEN r.allowed THEN 'allowed' ELSE r.reason END AS reason, count(*) AS calls, count(*) FILTER (WHERE x.reason IS DISTINCT FROM CASE WHEN r.allowed THEN 'allowed' ELSE r.reason END) AS otherwise
  FROM test.expected AS x JOIN test.model AS m ON m.id = x.model_id AND m.days IS NULL AND NOT m.is_free
 CROSS JOIN LATERAL public.reserve_model_quota(x.user_id, 'system/' || x.model_id, 5, 5) AS r
 WHERE x.role <> 'admin'
 GROUP BY 1 ORDER BY 1;
