-- What stands in schema public, one fact a line: kind | object | fact. Not the order of columns, no OIDs but those of functions.
-- Privileges are told with the built-in default written out, so that "never granted anything" equals "the default, by hand".
\pset format unaligned
\pset tuples_only on
\pset fieldsep ' | '
SET search_path = pg_catalog;
WITH relation AS (
    SELECT c.*, c.oid::regclass::text AS object FROM pg_class AS c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
), routine AS (
    SELECT p.*, p.oid::regprocedure::text AS object FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace
), acl (object, acl) AS (
    SELECT object, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)) FROM relation
    UNION ALL
    SELECT object, coalesce(proacl, acldefault('f', proowner)) FROM routine
    UNION ALL
    SELECT format('%s.%I', r.object, a.attname), a.attacl
      FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND NOT a.attisdropped
    UNION ALL
    SELECT 'schema public', coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace WHERE nspname = 'public'
), ours (classid, objid) AS ( -- what lies in public, or on a table there
    SELECT 'pg_class'::regclass, c.oid FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind <> 't'
    UNION ALL SELECT 'pg_proc'::regclass, oid FROM routine
    UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM pg_policy AS p JOIN relation AS r ON r.oid = p.polrelid
    UNION ALL SELECT 'pg_trigger'::regclass, t.oid FROM pg_trigger AS t JOIN relation AS r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
    UNION ALL SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint AS k WHERE k.connamespace = 'public'::regnamespace AND k.contype <> 'n'
    UNION ALL SELECT 'pg_rewrite'::regclass, w.oid FROM pg_rewrite AS w JOIN relation AS r ON r.oid = w.ev_class
    UNION ALL SELECT 'pg_attrdef'::regclass, d.oid FROM pg_attrdef AS d JOIN relation AS r ON r.oid = d.adrelid
    UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type AS t WHERE t.typnamespace = 'public'::regnamespace AND t.typrelid = 0 AND t.typelem = 0
), fact (kind, object, fact) AS (
    SELECT 'relation', object, format('kind %s, owner %s, persistence %s, row security %s%s, replica identity %s%s', relkind,
                                      pg_get_userbyid(relowner), relpersistence, CASE WHEN relrowsecurity THEN 'on' ELSE 'off' END,
                                      CASE WHEN relforcerowsecurity THEN ' forced' ELSE '' END, relreplident,
                                      coalesce(', ' || array_to_string(reloptions, ', '), ''))
      FROM relation
    UNION ALL
    SELECT 'column', format('%s.%I', r.object, a.attname),
           format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
           || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
           || CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text ELSE '' END
           || CASE WHEN a.attgenerated <> '' THEN ' generated' ELSE '' END
           || ' storage ' || a.attstorage::text || coalesce(' ' || array_to_string(a.attoptions, ','), '')
      FROM relation AS r
      JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE r.relkind <> 'S'
    UNION ALL
    SELECT 'constraint', format('%I on %s', k.conname, r.object),
           pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' (not validated)' END
      FROM relation AS r JOIN pg_constraint AS k ON k.conrelid = r.oid AND k.contype <> 'n'
    UNION ALL
    SELECT 'index', i.oid::regclass::text, pg_get_indexdef(i.oid)
           || CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END || CASE WHEN x.indisclustered THEN ' (clustered)' ELSE '' END
      FROM relation AS r JOIN pg_index AS x ON x.indrelid = r.oid JOIN pg_class AS i ON i.oid = x.indexrelid
    UNION ALL
    SELECT 'policy', format('%I on %s', p.polname, r.object),
           format('%s %s to %s using %s check %s', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, p.polcmd,
                  (SELECT string_agg(CASE m WHEN 0 THEN 'public' ELSE pg_get_userbyid(m)::text END, ', '
                                     ORDER BY pg_get_userbyid(m)::text COLLATE "C") FROM unnest(p.polroles) AS m),
                  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
      FROM relation AS r JOIN pg_policy AS p ON p.polrelid = r.oid
    UNION ALL
    SELECT 'trigger', format('%I on %s', t.tgname, r.object), pg_get_triggerdef(t.oid) || ' state ' || t.tgenabled::text
      FROM relation AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT 'rule', format('%I on %s', w.rulename, r.object), pg_get_ruledef(w.oid)
      FROM relation AS r JOIN pg_rewrite AS w ON w.ev_class = r.oid
    UNION ALL
    SELECT 'function', object, format('owner %s, %s', pg_get_userbyid(proowner), pg_get_functiondef(oid)) FROM routine WHERE prokind <> 'a'
    UNION ALL
    SELECT 'function oid', object, oid::text FROM routine
    UNION ALL
    SELECT 'sequence', r.object, format('%s %s %s %s %s', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqcycle)
      FROM relation AS r JOIN pg_sequence AS s ON s.seqrelid = r.oid
    UNION ALL
    SELECT 'privilege', a.object, format('%s of %s%s', e.privilege_type,
                                         CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(e.grantee)::text END,
                                         CASE WHEN e.is_grantable THEN ' grantable' ELSE '' END)
      FROM acl AS a CROSS JOIN LATERAL aclexplode(a.acl) AS e
    UNION ALL
    SELECT 'default privilege', format('%s in %s', d.defaclobjtype, d.defaclnamespace::regnamespace), d.defaclacl::text
      FROM pg_default_acl AS d
    UNION ALL
    SELECT 'comment', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description
      FROM pg_description AS d JOIN ours AS o ON o.classid = d.classoid AND o.objid = d.objoid
    UNION ALL
    SELECT 'published', p.pubname::text, format('%s %s %s', n.prrelid::regclass, n.prattrs, pg_get_expr(n.prqual, n.prrelid))
      FROM pg_publication AS p JOIN pg_publication_rel AS n ON n.prpubid = p.oid
    UNION ALL
    SELECT DISTINCT 'dependant', pg_describe_object(d.classid, d.objid, 0),
           format('on %s (%s)', pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid), d.deptype)
      FROM pg_depend AS d
      JOIN ours AS a ON a.classid = d.classid AND a.objid = d.objid
      JOIN ours AS b ON b.classid = d.refclassid AND b.objid = d.refobjid
)
SELECT f.kind, f.object, regexp_replace(f.fact, '\s*\n\s*', ' ', 'g')
  FROM fact AS f
 ORDER BY format('%s | %s | %s', f.kind, f.object, regexp_replace(f.fact, '\s*\n\s*', ' ', 'g')) COLLATE "C";
