-- What bounds the rows of the ledger that the caller may see. Runs as the caller, with names written in full.
-- First column: nothing does that we know of, since no policy binds him, or one looks at rows in a way that is not ours.
-- Second: a policy shows all rows or none (the same for each row), and which of them has to be tried.
WITH policies AS (
    SELECT coalesce(pg_catalog.regexp_replace(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g'), 'true') AS qual,
           EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_policy'::pg_catalog.regclass
                      AND d.objid OPERATOR(pg_catalog.=) p.oid
                      AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.refobjid OPERATOR(pg_catalog.=) p.polrelid
                      AND d.refobjsubid OPERATOR(pg_catalog.>) 0) AS by_column
      FROM pg_catalog.pg_policy AS p
     WHERE p.polrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('public.ai_usage')
       AND p.polcmd IN ('r', '*')
), others AS (
    -- All but those of 200_ai_usage.sql that show a user his rows, and an admin those of his organisation.
    -- A row that is passed on as a whole is told by the expression only.
    SELECT p.qual, p.by_column OR p.qual OPERATOR(pg_catalog.~) 'ai_usage\.\*' AS by_row
      FROM policies AS p
     WHERE p.qual NOT IN (
         '(( SELECT auth.uid() AS uid) = user_id)',
         '(organization_id = ( SELECT p.organization_id FROM public.profiles p WHERE ((p.id = ( SELECT auth.uid() AS uid)) AND (p.role = ANY (ARRAY[''admin''::text, ''superadmin''::text])))))'
     )
)
SELECT NOT pg_catalog.row_security_active('public.ai_usage'::pg_catalog.text)
       OR EXISTS (SELECT FROM others AS o WHERE o.by_row),
       EXISTS (SELECT FROM others AS o WHERE NOT o.by_row)
