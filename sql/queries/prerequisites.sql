-- What is missing before install() may touch anything: rank, problem, and what it is about. Only the first kind is told. What is in the
-- engine's way in an application's tables is asked beside it: hindrances.sql and own_types.sql.
-- $1: tables of ours, $2: views. $3 to $6: columns of tables whose names many applications use: table, column, type, and whether
-- it cannot be added to rows that are there.
SELECT (x.rank * 10)::int4, x.problem, x.subject
  FROM (
      SELECT 1, 'encoding', current_setting('server_encoding')
       WHERE current_setting('server_encoding') <> 'UTF8'
      UNION ALL
      SELECT 2, 'environment', needed.name
        FROM (VALUES ('role anon', to_regrole('anon') IS NOT NULL),
                     ('role authenticated', to_regrole('authenticated') IS NOT NULL),
                     ('role service_role', to_regrole('service_role') IS NOT NULL),
                     ('table auth.users', to_regclass('auth.users') IS NOT NULL),
                     ('function auth.uid()', to_regprocedure('auth.uid()') IS NOT NULL),
                     ('function auth.role()', to_regprocedure('auth.role()') IS NOT NULL)) AS needed (name, there)
       WHERE NOT needed.there
      UNION ALL
      SELECT 3, 'late_roles', r.rolname::text
        FROM pg_roles AS r
       WHERE r.rolname IN ('authenticated', 'service_role')
         AND NOT EXISTS (
             SELECT FROM pg_proc AS p CROSS JOIN LATERAL aclexplode(p.proacl) AS e
              WHERE p.pronamespace = to_regnamespace('model_access') AND p.proname = 'model_access_is_admin'
                AND e.grantee = r.oid)
      UNION ALL
      SELECT 3.5, 'others_table', CASE WHEN c.relkind <> 'r' THEN format('a plain table public.%I', c.relname)
                                       ELSE format('column %I of public.%I, of type %s', needed.name, c.relname, needed.type) END
        FROM unnest($3::text[], $4::text[], $5::text[], $6::boolean[]) AS needed (of_table, name, type, cannot_be_added)
        JOIN pg_class AS c ON c.relnamespace = to_regnamespace('public') AND c.relname = needed.of_table
        LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = needed.name AND NOT a.attisdropped
       WHERE (c.relkind <> 'r' AND needed.name = 'id') OR (c.relkind = 'r' AND CASE
             WHEN a.attname IS NULL THEN needed.cannot_be_added
             ELSE format_type(a.atttypid, NULL) <> needed.type
                  AND NOT (needed.type = 'text' AND a.atttypid = 'varchar'::regtype) END)
      UNION ALL
      SELECT 3.5, 'others_table', format('type public.%I with %s', w.name, array_to_string(w.words, ', '))
        FROM (VALUES ('user_role', '{admin,user}'::text[]), ('mcp_type', '{http,sse,stdio}'), ('auth_type', '{none,bearer,oauth}'),
                     ('prompt_scope', '{global,organization,user}')) AS w (name, words)
        JOIN pg_type AS t ON t.typnamespace = to_regnamespace('public') AND t.typname = w.name
       WHERE 'users' = ANY ($3::text[])
         AND NOT w.words <@ ARRAY(SELECT e.enumlabel::text FROM pg_enum AS e WHERE e.enumtypid = t.oid)
      UNION ALL
      SELECT 4, 'owner', format('public.%I is owned by %I', c.relname, pg_get_userbyid(c.relowner))
        FROM pg_class AS c
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1)
         AND c.relowner <> (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = current_user)
      UNION ALL
      SELECT 5, 'old_shape', 'public.model_access has a column tier and no column status'
       WHERE 'model_access' = ANY ($1) AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = to_regclass('public.model_access')
                        AND a.attname = 'tier' AND NOT a.attisdropped)
         AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = to_regclass('public.model_access')
                            AND a.attname = 'status' AND NOT a.attisdropped)
      UNION ALL
      SELECT 6, 'not_a_table', format('public.%I', c.relname)
        FROM pg_class AS c
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) AND c.relkind NOT IN ('r', 'p')
      UNION ALL
      -- Row security and privileges do not reach partitions and children. Those of ai_usage are made with it.
      SELECT 6, 'inheritance', format('public.%I', c.relname)
        FROM pg_class AS c
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) AND c.relname <> 'ai_usage'
         AND (c.relkind = 'p' OR EXISTS (SELECT FROM pg_inherits AS h WHERE c.oid IN (h.inhparent, h.inhrelid)))
      UNION ALL
      SELECT 7, 'shape', format('column %I of public.%I, of type %s', needed.name, c.relname, needed.type)
        FROM (VALUES ('profiles', 'id', 'uuid'), ('user_activity_log', 'id', 'uuid'), ('user_activity_log', 'user_id', 'uuid'),
                     ('user_activity_log', 'action', 'character varying'), ('model_access', 'id', 'uuid'), ('model_access', 'model_id', 'character varying'), ('model_access', 'model_name', 'character varying'),
                     ('user_profiles', 'id', 'uuid'), ('ai_usage', 'id', 'uuid'), ('ai_usage', 'user_id', 'uuid'), ('ai_usage', 'model', 'text'),
                     ('ai_usage', 'tokens_used', 'bigint'), ('ai_usage', 'cost_usd', 'numeric'), ('ai_usage', 'markup_usd', 'numeric'),
                     ('ai_usage', 'total_usd', 'numeric'), ('ai_usage', 'created_at', 'timestamp with time zone'),
                     ('ai_models_system', 'id', 'bigint'), ('ai_models_system', 'name', 'text'), ('ai_models_system', 'role', 'text'),
                     ('ai_models_system', 'system_message', 'text'), ('ai_models_system', 'api_key', 'text'), ('ai_models_system', 'endpoint', 'text'),
                     ('org_system_model_config', 'id', 'bigint'), ('org_system_model_config', 'organization_id', 'uuid'),
                     ('org_system_model_config', 'system_model_id', 'bigint'),
                     ('ai_model_usage', 'id', 'bigint'), ('ai_model_usage', 'user_id', 'uuid'), ('ai_model_usage', 'organization_id', 'uuid'),
                     ('ai_model_usage', 'model_id', 'bigint'), ('ai_model_usage', 'model_type', 'text'), ('ai_model_usage', 'tokens_used', 'bigint'),
                     ('ai_model_usage', 'period_start', 'timestamp with time zone'), ('ai_model_usage', 'period_end', 'timestamp with time zone'),
                     ('ai_model_usage', 'period_type', 'text'), ('ai_model_usage', 'created_at', 'timestamp with time zone'),
                     ('oauth_states', 'id', 'uuid'), ('oauth_states', 'user_id', 'uuid'), ('oauth_states', 'state', 'text'),
                     ('oauth_states', 'code_verifier', 'text'), ('oauth_states', 'provider', 'text'), ('oauth_states', 'mcp_name', 'text'),
                     ('oauth_states', 'redirect_uri', 'text'), ('mcp_oauth_tokens', 'id', 'uuid'), ('mcp_oauth_tokens', 'user_id', 'uuid'),
                     ('mcp_oauth_tokens', 'mcp_name', 'text'), ('mcp_oauth_tokens', 'access_token', 'text'),
                     ('agents', 'id', 'uuid'), ('agents', 'name', 'text'), ('agents', 'type', 'character varying'), ('models', 'id', 'uuid'), ('models', 'agent_id', 'uuid'), ('models', 'name', 'text'),
                     ('chat_sessions', 'id', 'uuid'), ('chat_sessions', 'user_id', 'character varying'), ('chat_sessions', 'org_id', 'character varying'),
                     ('chat_messages', 'id', 'uuid'), ('chat_messages', 'role', 'character varying'), ('chat_messages', 'session_id', 'uuid'), ('chat_messages', 'content', 'text'),
                     ('agent_executions', 'id', 'uuid'), ('agent_executions', 'status', 'character varying'), ('agent_executions', 'session_id', 'uuid'), ('agent_executions', 'message_id', 'uuid'),
                     ('agent_health', 'id', 'uuid'), ('agent_health', 'agent_id', 'uuid'), ('agent_health', 'status', 'character varying'), ('agent_metrics', 'id', 'uuid'),
                     ('agent_metrics', 'agent_id', 'uuid'), ('agent_metrics', 'date', 'date'),
                     ('circuit_breaker_state', 'id', 'uuid'), ('circuit_breaker_state', 'agent_id', 'uuid'),
                     ('circuit_breaker_state', 'state', 'character varying')
             ) AS needed (of_table, name, type)
        JOIN pg_class AS c ON c.relnamespace = to_regnamespace('public') AND c.relname = needed.of_table
         AND c.relname = ANY ($1)
       WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = needed.name
                            AND NOT a.attisdropped AND format_type(a.atttypid, NULL) IN (needed.type,
                                CASE needed.name WHEN 'tokens_used' THEN 'integer' WHEN 'model' THEN 'character varying'
                                                 WHEN 'name' THEN 'character varying' WHEN 'role' THEN 'character varying' END,
                                CASE WHEN needed.of_table IN ('oauth_states', 'mcp_oauth_tokens') THEN replace(needed.type, 'text', 'character varying') END,
                                CASE WHEN needed.of_table IN ('agents', 'chat_sessions', 'chat_messages', 'agent_executions', 'agent_health', 'circuit_breaker_state')
                                     THEN replace(needed.type, 'character varying', 'text') END))
      UNION ALL
      -- Columns that install() would add, and that stand with another type already.
      SELECT 7, 'shape', format('column %I of public.%I, of type %s', a.attname, c.relname, kept.types[1])
        FROM (VALUES ('profiles', 'ui_preferences', '{jsonb}'::text[]), ('profiles', 'session_preferences', '{jsonb}'), ('user_activity_log', 'details', '{jsonb}'),
                     ('ai_models_system', 'is_active', '{boolean}'), ('ai_models_system', 'is_free', '{boolean}'), ('ai_models_system', 'is_trial', '{boolean}'),
                     ('ai_models_system', 'is_featured', '{boolean}'), ('ai_models_system', 'organization_types', '{text[],character varying[]}'),
                     ('ai_models_system', 'token_limit_amount', '{integer,smallint,bigint}'), ('ai_models_system', 'trial_expires_days', '{integer,smallint,bigint}'),
                     ('org_system_model_config', 'is_enabled_for_users', '{boolean}'), ('org_system_model_config', 'token_limit_per_user', '{integer,smallint,bigint}'),
                     ('org_system_model_config', 'created_at', '{timestamp with time zone}'), ('ai_model_usage', 'is_free', '{boolean}')) AS kept (of_table, name, types)
        JOIN pg_class AS c ON c.relnamespace = to_regnamespace('public') AND c.relname = kept.of_table AND c.relname = ANY ($1)
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = kept.name AND NOT a.attisdropped AND format_type(a.atttypid, NULL) <> ALL (kept.types)
      UNION ALL
      SELECT 7, 'shape', format('column role of public.%I, of type text', c.relname)
        FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'role' AND NOT a.attisdropped
         AND a.atttypid NOT IN ('text'::regtype, 'varchar'::regtype)
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = 'user_profiles' AND c.relname = ANY ($1)
      UNION ALL
      SELECT 7, 'shape', format('a default of column %I of public.%I', a.attname, c.relname)
        FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'id' AND a.atttypid = 'uuid'::regtype AND NOT a.atthasdef
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = 'user_activity_log' AND c.relname = ANY ($1)
      UNION ALL
      SELECT 7, 'shape', format('a primary key or unique constraint of column %I of public.%I', a.attname, c.relname)
        FROM (VALUES ('profiles', 'id'), ('model_access', 'model_id'), ('ai_models_system', 'id'), ('oauth_states', 'state'),
                     ('users', 'id'), ('platform_admins', 'id'), ('organizations', 'id'), ('agents', 'id'), ('agents', 'name'), ('models', 'id'),
                     ('chat_sessions', 'id'), ('chat_messages', 'id'), ('agent_health', 'agent_id'), ('circuit_breaker_state', 'agent_id')) AS needed (of_table, name)
        JOIN pg_class AS c ON c.relnamespace = to_regnamespace('public') AND c.relname = needed.of_table AND c.relname = ANY ($1)
         -- Only what refers to organisations needs their key.
         AND (c.relname <> 'organizations' OR $1 && '{users,org_system_model_config}'::text[])
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = needed.name AND NOT a.attisdropped
       WHERE NOT EXISTS (SELECT FROM pg_index AS x
                          WHERE x.indrelid = c.oid AND x.indisunique AND x.indimmediate AND x.indisvalid AND x.indpred IS NULL
                            AND x.indnkeyatts = 1 AND x.indkey[0] = a.attnum)
      UNION ALL
      SELECT 8, 'not_our_view', format('public.%I', c.relname)
        FROM pg_class AS c
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($2)
         AND NOT (c.relkind = 'v' AND EXISTS (
             SELECT FROM pg_rewrite AS w
               JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
              WHERE w.ev_class = c.oid AND d.refobjid = ANY (ARRAY(
                  SELECT to_regclass(v.reads)
                    FROM (VALUES ('model_catalogue', 'public.model_price_history'), ('ai_usage_totals', 'public.ai_usage'), ('usage_of_unknown_cost', 'public.ai_usage'),
                                 ('user_role_distribution', 'public.user_profiles'),
                                 ('user_profiles_role_index_usage', 'public.user_profiles'),
                                 ('active_user_sessions', 'public.user_sessions'), ('effective_mcp_configurations', 'public.mcp_configurations'),
                                 ('v_recent_sessions', 'public.chat_sessions'), ('v_agent_status', 'public.agents')) AS v (name, reads)
                   WHERE v.name = c.relname))))
      UNION ALL
      SELECT 9, changed.verb, format('%s needs column %I of public.%I', pg_describe_object(d.classid, d.objid, d.objsubid), a.attname, c.relname)
        FROM (VALUES ('model_access', '{prompt_price,completion_price,request_price,image_price,web_search_price,internal_reasoning_price,'
                                      'input_cache_read_price,input_cache_write_price}'::name[], 'to_widen'),
                     ('ai_usage', '{tokens_used,cost_usd,markup_usd,total_usd}', 'ledger_to_widen'),
                     ('ai_model_usage', '{tokens_used}', 'usage_to_widen'),
                     ('profiles', '{allowed_models}', 'to_set_aside')) AS changed (of_table, columns, verb)
        JOIN pg_class AS c ON c.relnamespace = to_regnamespace('public') AND c.relname = changed.of_table AND c.relname = ANY ($1)
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = ANY (changed.columns) AND NOT a.attisdropped
         AND (changed.verb = 'to_set_aside' OR format_type(a.atttypid, a.atttypmod) IN ('character varying(20)', 'integer')
              OR changed.verb = 'ledger_to_widen' AND a.atttypid = 'numeric'::regtype AND a.atttypmod >= 0)
        JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
       -- What goes or changes with the column by itself: its default, indexes and constraints.
       WHERE d.classid NOT IN ('pg_class'::regclass, 'pg_statistic_ext'::regclass)
         AND NOT EXISTS (SELECT FROM pg_constraint AS own
                          WHERE d.classid = 'pg_constraint'::regclass AND own.oid = d.objid
                            AND (changed.verb <> 'to_set_aside' OR own.conrelid = c.oid))
         AND NOT EXISTS (SELECT FROM pg_attrdef AS own
                          WHERE d.classid = 'pg_attrdef'::regclass AND own.oid = d.objid AND own.adnum = a.attnum)
      UNION ALL
      SELECT 10, 'backup_in_the_way', 'public.profiles_allowed_models_backup'
       WHERE 'profiles' = ANY ($1) AND to_regclass('public.profiles_allowed_models_backup') IS NOT NULL
         AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = to_regclass('public.profiles')
                        AND a.attname = 'allowed_models' AND NOT a.attisdropped)
      UNION ALL
      SELECT 11, 'deferred', format('%I on public.%I', k.conname, c.relname)
        FROM pg_constraint AS k
        JOIN pg_class AS c ON c.oid = k.conrelid
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) AND k.condeferred
      UNION ALL
      -- What install() takes away, the owner can take only from those to whom he gave it.
      SELECT DISTINCT 12, 'granted_on', format('%s on public.%I by %I', e.privilege_type, c.relname, pg_get_userbyid(e.grantor))
        FROM pg_class AS c
       CROSS JOIN LATERAL (SELECT c.relacl UNION ALL SELECT a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid) AS x (acl)
       CROSS JOIN LATERAL aclexplode(x.acl) AS e
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) AND e.grantor <> c.relowner
         AND (e.privilege_type IN ('REFERENCES', 'TRIGGER')
              OR (e.grantor IN (SELECT r.oid FROM pg_roles AS r WHERE r.rolname IN ('anon', 'authenticated', 'service_role'))
                  AND (e.privilege_type = 'TRUNCATE' OR c.relname NOT IN ('profiles', 'user_activity_log', 'organizations', 'user_profiles'))))
  ) AS x (rank, problem, subject)
 ORDER BY x.rank, x.subject COLLATE "C"
