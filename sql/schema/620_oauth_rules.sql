-- Rules of the OAuth tables. Of a table that was there before, rows that break one stay, with a WARNING: what they should say is
-- for the application to tell. What it has under another name is there.

DO $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT r.of_table, r.name, r.definition
          FROM (VALUES
              ('oauth_states', 'oauth_states_state_check', 'CHECK (btrim(state) <> '''')'),
              ('oauth_states', 'oauth_states_code_verifier_check', 'CHECK (btrim(code_verifier) <> '''')'),
              ('oauth_states', 'oauth_states_provider_check', 'CHECK (btrim(provider) <> '''')'),
              ('oauth_states', 'oauth_states_mcp_name_check', 'CHECK (btrim(mcp_name) <> '''')'),
              ('oauth_states', 'oauth_states_redirect_uri_check', 'CHECK (btrim(redirect_uri) <> '''')'),
              ('oauth_states', 'oauth_states_expires_at_check', 'CHECK (expires_at > created_at)'),
              ('oauth_states', 'oauth_states_user_id_fkey', 'FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE'),
              ('mcp_oauth_tokens', 'mcp_oauth_tokens_mcp_name_check', 'CHECK (btrim(mcp_name) <> '''')'),
              ('mcp_oauth_tokens', 'mcp_oauth_tokens_oauth_provider_check', 'CHECK (btrim(oauth_provider) <> '''')'),
              ('mcp_oauth_tokens', 'mcp_oauth_tokens_user_id_fkey', 'FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE'),
              ('mcp_oauth_tokens', 'mcp_oauth_tokens_organization_id_fkey',
               'FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE'),
              -- Who changes the organisation does not take its tokens along: they are deleted first.
              ('mcp_oauth_tokens', 'mcp_oauth_tokens_user_id_organization_id_fkey',
               'FOREIGN KEY (user_id, organization_id) REFERENCES public.users(id, organization_id) ON DELETE CASCADE')
          ) AS r (of_table, name, definition)
         WHERE NOT EXISTS (SELECT FROM pg_constraint AS k
                            WHERE k.conrelid = format('public.%I', r.of_table)::regclass
                              AND (k.conname = r.name AND k.contype = 'c'
                                   -- With a path that has public, a name comes without it.
                                   OR regexp_replace(replace(pg_get_constraintdef(k.oid), ' NOT VALID', ''), 'REFERENCES (public\.)?', 'REFERENCES public.')
                                      = r.definition))
         ORDER BY r.of_table DESC, r.name COLLATE "C"
    LOOP
        -- Another key of that name, with another action: ours beside it would be refused.
        IF EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = format('public.%I', rule.of_table)::regclass AND k.conname = rule.name) THEN
            RAISE WARNING 'key % of % is another than ours', rule.name, rule.of_table
                USING HINT = 'Rename or drop it, then run install() again.';
            CONTINUE;
        END IF;
        EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I %s NOT VALID', rule.of_table, rule.name, rule.definition);
        BEGIN
            EXECUTE format('ALTER TABLE public.%I VALIDATE CONSTRAINT %I', rule.of_table, rule.name);
        EXCEPTION WHEN check_violation OR foreign_key_violation THEN
            RAISE WARNING 'rows of % break %', rule.of_table, rule.name
                USING HINT = format('Mend them, then run ALTER TABLE public.%I VALIDATE CONSTRAINT %I;', rule.of_table, rule.name);
        END;
    END LOOP;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint AS k
                    WHERE k.conrelid = 'public.mcp_oauth_tokens'::regclass AND k.contype = 'u'
                      AND pg_get_constraintdef(k.oid) = 'UNIQUE (user_id, mcp_name, oauth_provider)') THEN
        ALTER TABLE public.mcp_oauth_tokens
            ADD CONSTRAINT mcp_oauth_tokens_user_id_mcp_name_oauth_provider_key UNIQUE (user_id, mcp_name, oauth_provider);
    END IF;
EXCEPTION WHEN unique_violation THEN
    RAISE WARNING 'a member has several tokens of one provider for one MCP server'
        USING HINT = 'Delete all but one of each in mcp_oauth_tokens, then run install() again.';
END $$;
