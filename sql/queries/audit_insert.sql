-- A row of the audit log; its instant, place and hash are the trigger's.
INSERT INTO public.audit_logs (timestamp, user_id, organization_id, action, resource_type, resource_id, details, ip_address, user_agent,
                               success, error_message)
VALUES (NULL, $1, $2, $3, $4, $5, $6::pg_catalog.jsonb, $7::pg_catalog.inet, $8, $9, $10)
RETURNING id
