-- How many rows are shown in the log of an organisation ($1, NULL for none) and are in no chain, or in another one than it has. Rows
-- of an organisation that is gone are shown in none, and stay in the chain that it had.
SELECT pg_catalog.count(*)
  FROM public.audit_logs AS a
 WHERE a.organization_id IS NOT DISTINCT FROM $1
   AND (a.chain_position IS NULL
        OR a.chain_id IS DISTINCT FROM coalesce($1, '00000000-0000-0000-0000-000000000000'::pg_catalog.uuid)
           AND NOT ($1 IS NULL AND a.chain_id IS NOT DISTINCT FROM a.written_organization_id
                    AND EXISTS (SELECT FROM public.audit_log_heads AS h WHERE h.chain_id OPERATOR(pg_catalog.=) a.chain_id)))
