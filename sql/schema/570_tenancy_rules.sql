-- Rules of the tables of tenancy, for those that are made and those that were there before. Rows that break one stay, with a
-- WARNING: what they should say is for the application to tell.

-- What is never NULL; keys are random by default, by the server's own function.
DO $$
DECLARE
    needed record;
BEGIN
    FOR needed IN
        SELECT c.relname, a.attname
          FROM (VALUES ('users', '{id,email,organization_id,role,is_active,created_at,updated_at}'::name[]),
                       ('user_sessions', '{id,user_id,organization_id,workspace_path,created_at,last_active_at}'),
                       ('mcp_configurations', '{id,organization_id,name,type,auth_type,enabled,created_at,updated_at}'),
                       ('system_prompts', '{id,scope,content,priority,enabled,created_at,updated_at}'),
                       ('platform_admins', '{id,workos_user_id,email}'), ('admin_audit_log', '{id,admin_id,action}'),
                       ('audit_logs', '{id,timestamp,action,resource_type,success}')) AS r (of_table, columns)
          JOIN pg_class AS c ON c.oid = format('public.%I', r.of_table)::regclass
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = ANY (r.columns) AND NOT a.attisdropped AND NOT a.attnotnull
         ORDER BY r.of_table COLLATE "C" DESC, a.attnum
    LOOP
        BEGIN
            EXECUTE format('ALTER TABLE public.%I ALTER COLUMN %I SET NOT NULL', needed.relname, needed.attname);
        EXCEPTION WHEN not_null_violation THEN
            RAISE WARNING 'column % of % is NULL in some rows', needed.attname, needed.relname
                USING HINT = 'Fill them in, then run install() again.';
        END;
    END LOOP;
    FOR needed IN
        SELECT c.relname
          FROM unnest('{users,user_sessions,mcp_configurations,system_prompts,platform_admins,admin_audit_log,audit_logs}'::name[]) AS r (of_table)
          JOIN pg_class AS c ON c.oid = format('public.%I', r.of_table)::regclass
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'id'
          LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM 'gen_random_uuid()'
    LOOP
        EXECUTE format('ALTER TABLE public.%I ALTER COLUMN id SET DEFAULT pg_catalog.gen_random_uuid()', needed.relname);
    END LOOP;
END $$;

DO $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT r.of_table, r.name, r.definition
          FROM (VALUES
              ('users', 'users_email_check', 'email ~ ''^[^@[:space:]]+@[^@[:space:]]+$'''),
              ('user_sessions', 'user_sessions_workspace_path_check', 'btrim(workspace_path) <> '''''),
              ('user_sessions', 'user_sessions_expires_at_check', 'expires_at IS NULL OR expires_at > created_at'),
              ('audit_logs', 'audit_logs_action_check', 'btrim(action) <> '''''),
              ('audit_logs', 'audit_logs_resource_type_check', 'btrim(resource_type) <> '''''),
              ('mcp_configurations', 'mcp_configurations_name_check', 'btrim(name) <> '''''),
              ('mcp_configurations', 'mcp_configurations_endpoint_check', 'type = ''stdio'' OR coalesce(btrim(endpoint), '''') <> '''''),
              ('mcp_configurations', 'mcp_configurations_command_check', 'type <> ''stdio'' OR coalesce(btrim(command), '''') <> '''''),
              ('mcp_configurations', 'mcp_configurations_bearer_token_check', 'auth_type <> ''bearer'' OR coalesce(btrim(bearer_token), '''') <> '''''),
              ('mcp_configurations', 'mcp_configurations_oauth_provider_check', 'auth_type <> ''oauth'' OR coalesce(btrim(oauth_provider), '''') <> '''''),
              ('system_prompts', 'system_prompts_content_check', 'btrim(content) <> '''''),
              ('system_prompts', 'system_prompts_global_check', 'scope <> ''global'' OR organization_id IS NULL AND user_id IS NULL'),
              ('system_prompts', 'system_prompts_organization_check', 'scope <> ''organization'' OR organization_id IS NOT NULL AND user_id IS NULL'),
              ('system_prompts', 'system_prompts_user_check', 'scope <> ''user'' OR organization_id IS NOT NULL AND user_id IS NOT NULL')
          ) AS r (of_table, name, definition)
         WHERE NOT EXISTS (SELECT FROM pg_constraint AS k
                            WHERE k.conrelid = format('public.%I', r.of_table)::regclass AND k.conname = r.name)
         ORDER BY r.of_table COLLATE "C" DESC, r.name COLLATE "C"
    LOOP
        EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I CHECK (%s) NOT VALID', rule.of_table, rule.name, rule.definition);
        BEGIN
            EXECUTE format('ALTER TABLE public.%I VALIDATE CONSTRAINT %I', rule.of_table, rule.name);
        EXCEPTION WHEN check_violation THEN
            RAISE WARNING 'rows of % break %', rule.of_table, rule.name
                USING HINT = format('Mend them, then run ALTER TABLE public.%I VALIDATE CONSTRAINT %I;', rule.of_table, rule.name);
        END;
    END LOOP;
END $$;

-- Keys. What a table that was there before has under another name is there.
DO $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT r.of_table, r.name, r.columns
          FROM (VALUES ('users', 'users_email_key', 'email'), ('platform_admins', 'platform_admins_workos_user_id_key', 'workos_user_id'),
                       ('platform_admins', 'platform_admins_email_key', 'email')) AS r (of_table, name, columns)
         WHERE NOT EXISTS (SELECT FROM pg_constraint AS k
                             JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
                            WHERE k.conrelid = format('public.%I', r.of_table)::regclass AND k.contype = 'u' AND a.attname = r.columns)
         ORDER BY r.of_table COLLATE "C" DESC, r.name COLLATE "C"
    LOOP
        BEGIN
            EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I UNIQUE (%I)', rule.of_table, rule.name, rule.columns);
        EXCEPTION WHEN unique_violation THEN
            RAISE WARNING '% of % is not unique', rule.columns, rule.of_table
                USING HINT = 'Mend what is there twice, then run install() again.';
        END;
    END LOOP;
    FOR rule IN
        SELECT r.of_table, r.columns, r.refers_to, r.key, r.action, format('%s_%s_fkey', r.of_table, replace(r.columns, ', ', '_')) AS name
          FROM (VALUES
              ('users', 'organization_id', 'organizations', 'id', 'CASCADE'),
              ('user_sessions', 'user_id', 'users', 'id', 'CASCADE'),
              ('user_sessions', 'organization_id', 'organizations', 'id', 'CASCADE'),
              ('user_sessions', 'user_id, organization_id', 'users', 'id, organization_id', 'CASCADE'),
              ('mcp_configurations', 'organization_id', 'organizations', 'id', 'CASCADE'),
              ('mcp_configurations', 'user_id', 'users', 'id', 'CASCADE'),
              ('system_prompts', 'organization_id', 'organizations', 'id', 'CASCADE'),
              ('system_prompts', 'user_id', 'users', 'id', 'CASCADE'),
              ('system_prompts', 'created_by', 'users', 'id', 'SET NULL'),
              ('audit_logs', 'user_id', 'users', 'id', 'SET NULL'),
              ('audit_logs', 'organization_id', 'organizations', 'id', 'SET NULL'),
              ('platform_admins', 'added_by', 'platform_admins', 'id', 'NO ACTION'),
              ('admin_audit_log', 'admin_id', 'platform_admins', 'id', 'NO ACTION')
          ) AS r (of_table, columns, refers_to, key, action)
         WHERE NOT EXISTS (
             SELECT FROM pg_constraint AS k
              WHERE k.conrelid = format('public.%I', r.of_table)::regclass AND k.confrelid = format('public.%I', r.refers_to)::regclass AND k.contype = 'f'
                AND k.confdeltype = CASE r.action WHEN 'CASCADE' THEN 'c' WHEN 'SET NULL' THEN 'n' ELSE 'a' END
                AND r.columns = (SELECT string_agg(a.attname, ', ' ORDER BY c.place)
                                   FROM unnest(k.conkey) WITH ORDINALITY AS c (number, place)
                                   JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = c.number))
         ORDER BY r.of_table COLLATE "C" DESC, r.columns COLLATE "C"
    LOOP
        -- Another key of that name, with another action: ours beside it would be refused.
        IF EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = format('public.%I', rule.of_table)::regclass AND k.conname = rule.name) THEN
            RAISE WARNING 'key % of % is another than ours', rule.name, rule.of_table
                USING HINT = 'Rename or drop it, then run install() again.';
            CONTINUE;
        END IF;
        EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I FOREIGN KEY (%s) REFERENCES public.%I (%s) ON DELETE %s NOT VALID',
                       rule.of_table, rule.name, rule.columns, rule.refers_to, rule.key, rule.action);
        BEGIN
            EXECUTE format('ALTER TABLE public.%I VALIDATE CONSTRAINT %I', rule.of_table, rule.name);
        EXCEPTION WHEN foreign_key_violation THEN
            RAISE WARNING 'rows of % break %', rule.of_table, rule.name
                USING HINT = format('Mend them, then run ALTER TABLE public.%I VALIDATE CONSTRAINT %I;', rule.of_table, rule.name);
        END;
    END LOOP;
END $$;
