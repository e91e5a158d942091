-- One action of a person.
INSERT INTO public.user_activity_log (user_id, action, resource_type, resource_id, details, "timestamp")
VALUES ($1, $2, $3, $4, coalesce($5::pg_catalog.jsonb, '{}'), $6)
RETURNING id
