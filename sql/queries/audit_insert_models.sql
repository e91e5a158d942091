-- Rows of the audit log about models, of no organisation: $1 who, $2 what was done, $3 to which ones, $4 details of each.
INSERT INTO public.audit_logs (timestamp, user_id, action, resource_type, resource_id, details, success)
SELECT NULL, $1, $2, 'model', f.resource_id, f.details::pg_catalog.jsonb, true
  FROM (SELECT pg_catalog.unnest($3::pg_catalog.text[]) AS resource_id, pg_catalog.unnest($4::pg_catalog.text[]) AS details) AS f
