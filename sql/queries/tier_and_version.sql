-- The tier of a user ($1; NULL without a profile) and the version of the catalogue, under one snapshot.
SELECT p.subscription_tier::pg_catalog.text, v.version
  FROM public.model_catalogue_version AS v
  LEFT JOIN public.profiles AS p ON p.id OPERATOR(pg_catalog.=) $1
 WHERE v.singleton
