-- The one row that tells which schema stands and who owns it.
SELECT s.schema_version, s.owner_role::pg_catalog.text
  FROM public.model_access_settings AS s
 WHERE s.singleton
