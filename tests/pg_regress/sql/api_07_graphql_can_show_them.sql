-- API-07: what pg_graphql cannot show is on no function that applications call, nor on a column that clients read: enums (which it shows as columns), void, arrays of rows, pseudo-types; and names are GraphQL's.
\pset footer off
CREATE TEMP VIEW types AS
SELECT p.proname::text AS object, t.oid AS type FROM pg_proc AS p CROSS JOIN LATERAL unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype) AS t (oid)
 -- Void as seed 003 declares them: jobs call them.
 WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype AND p.proname NOT IN ('cleanup_expired_oauth_states', 'cleanup_expired_oauth_tokens') AND NOT (p.proretset AND t.oid = 'record'::regtype AND p.proallargtypes IS NOT NULL)
UNION ALL
SELECT format('%s.%s', c.relname, a.attname), a.atttypid FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'c');
CREATE TEMP VIEW violations AS
SELECT x.object, t.oid::regtype AS type FROM types AS x JOIN pg_type AS t ON t.oid = x.type LEFT JOIN pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'
 WHERE t.typtype = 'p' OR t.typtype = 'e' AND x.object !~ '\.' OR coalesce(e.typtype, 'b') IN ('c', 'e', 'p')
UNION ALL
SELECT x.object, NULL FROM types AS x WHERE x.object !~ '^[_a-zA-Z][_a-zA-Z0-9]*(\.[_a-zA-Z][_a-zA-Z0-9]*)?$' OR x.object ~ '(^|\.)__';
SELECT * FROM violations;
-- Directives of GraphQL are in no comment that was not meant as one.
SELECT d.objoid FROM pg_description AS d WHERE d.description LIKE '%@graphql%';
-- The check can fail.
CREATE TYPE public.mood AS ENUM ('fine');
CREATE FUNCTION public.careless(moods public.mood[]) RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION public."careless-too"() RETURNS public.quota_decision[] LANGUAGE sql AS 'SELECT NULL::public.quota_decision[]';
SELECT * FROM violations ORDER BY object COLLATE "C", type::text COLLATE "C";
