-- Prompts that are told to a member ($1) of an organisation ($2), as far as the caller may see them: his own, the organisation's,
-- everybody's; the highest priority first, then the newest.
SELECT p.id, p.scope::pg_catalog.text, p.content::pg_catalog.text, p.priority::pg_catalog.int4, p.template::pg_catalog.text
  FROM public.system_prompts AS p
 CROSS JOIN LATERAL (SELECT p.scope::pg_catalog.text) AS s (scope)
 WHERE p.enabled
   AND (s.scope OPERATOR(pg_catalog.=) 'global'
        OR p.organization_id OPERATOR(pg_catalog.=) $2
           AND (s.scope OPERATOR(pg_catalog.=) 'organization'
                OR s.scope OPERATOR(pg_catalog.=) 'user' AND p.user_id OPERATOR(pg_catalog.=) $1))
 ORDER BY CASE s.scope WHEN 'user' THEN 1 WHEN 'organization' THEN 2 ELSE 3 END, p.priority DESC, p.created_at DESC, p.id
