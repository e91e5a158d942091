-- The one row that tells which schema stands, who owns it, and what is added to costs.
SELECT s.schema_version, s.owner_role::pg_catalog.text, s.markup_percent::pg_catalog.text
  FROM public.model_access_settings AS s
 WHERE s.singleton
