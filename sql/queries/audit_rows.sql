-- The next rows ($4 at most) of a chain ($1) after a place in it ($2, $3), and what stands for their users and organisations now.
-- Who was made again under the same key after the row was written is not whom it was written for.
SELECT a.chain_id, a.chain_position, a.previous_hash, a.id, a.timestamp, a.written_user_id, a.written_organization_id, a.action,
       a.resource_type, a.resource_id, a.details, a.ip_address, a.user_agent, a.success,
       a.error_message, a.user_id, a.organization_id, a.hash,
       a.user_id IS NULL AND EXISTS (
           SELECT FROM public.users AS u
            WHERE u.id OPERATOR(pg_catalog.=) a.written_user_id AND u.created_at OPERATOR(pg_catalog.<=) a.timestamp),
       a.organization_id IS NULL AND EXISTS (
           SELECT FROM public.organizations AS o
            WHERE o.id OPERATOR(pg_catalog.=) a.written_organization_id AND o.created_at OPERATOR(pg_catalog.<=) a.timestamp)
  FROM public.audit_logs AS a
 WHERE a.chain_id OPERATOR(pg_catalog.=) $1 AND a.chain_position OPERATOR(pg_catalog.>=) $2
   AND ROW (a.chain_position, a.id) OPERATOR(pg_catalog.>) ROW ($2, $3)
 ORDER BY a.chain_position USING OPERATOR(pg_catalog.<), a.id USING OPERATOR(pg_catalog.<)
 LIMIT $4
