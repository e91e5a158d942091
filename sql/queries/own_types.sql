-- Columns of some tables ($1) that an application may have in types of its own: column, the type that is told, whether the engine works with the one that stands,
-- and whether install() must refuse it otherwise. What verify() expects of a column that serves is taken for granted.
SELECT c.relname::text, a.attname::text, needed.told,
       CASE needed.told
            WHEN 'text' THEN t.typcategory IN ('S', 'E')
            -- What is shown of the tokens used is written; a quota is read. A domain or a narrow number may hold too little.
            WHEN 'bigint' THEN base.oid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
                            OR base.oid = 'numeric'::regtype AND (typmod.of_column = -1 OR (((typmod.of_column - 4) >> 16) & 65535) - ((typmod.of_column - 4) & 2047) >= 19)
            WHEN 'timestamp' THEN t.typcategory = 'D'
            ELSE a.atttypid = to_regtype(needed.told) END
       AND (needed.name <> 'token_usage_current' OR t.typtype <> 'd'),
       needed.is_read AND $1 && '{quota_usage,users}'::text[]
  FROM (VALUES ('organizations', 'id', 'uuid', true), ('organizations', 'type', 'text', true), ('organizations', 'pricing_plan', 'text', true),
               ('organizations', 'token_quota_monthly', 'bigint', true), ('organizations', 'token_usage_current', 'bigint', true),
               ('organizations', 'token_reset_date', 'timestamp with time zone', true), ('organizations', 'token_reset_anchor', 'timestamp with time zone', true),
               ('organizations', 'quota_slots', 'bigint', true), ('organizations', 'name', 'text', false), ('organizations', 'slug', 'text', false),
               ('organizations', 'created_at', 'timestamp', false), ('organizations', 'updated_at', 'timestamp', false),
               ('active_user_sessions', 'organization_name', 'text', false), ('active_user_sessions', 'organization_slug', 'text', false),
               ('effective_mcp_configurations', 'organization_name', 'text', false), ('effective_mcp_configurations', 'organization_slug', 'text', false),
               ('profiles', 'organization_id', 'uuid', true), ('profiles', 'role', 'text', true), ('profiles', 'subscription_tier', 'text', true)
       ) AS needed (of_table, name, told, is_read)
  JOIN pg_class AS c ON c.relnamespace = to_regnamespace('public') AND c.relname = needed.of_table AND c.relname = ANY ($1)
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = needed.name AND NOT a.attisdropped
  JOIN pg_type AS t ON t.oid = a.atttypid
  JOIN pg_type AS base ON base.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
 CROSS JOIN LATERAL (SELECT CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END) AS typmod (of_column)
 ORDER BY 1, 2
