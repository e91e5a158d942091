-- Functions whose text, comments aside, refers to allowed_models and to profiles, or that are triggers of profiles.
SELECT format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
  FROM pg_proc AS p
  JOIN pg_namespace AS n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL (SELECT regexp_replace(p.prosrc, '--[^\n]*', '', 'g')) AS x (source)
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'model_access')
   AND x.source ~* '\mallowed_models\M'
   AND (x.source ~* '\mprofiles\M'
        OR EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = to_regclass('public.profiles') AND t.tgfoid = p.oid))
 ORDER BY 1
