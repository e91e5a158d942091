-- From 0.1.0 to 0.2.0: figures of the engine, system models, tenancy, OAuth. Whoever runs it is the owner of the extension, as in CREATE EXTENSION.

CREATE FUNCTION model_access.get_engine_stats()
RETURNS TABLE (name text, labels jsonb, value numeric, kind text, unit text, help text)
STABLE PARALLEL RESTRICTED ROWS 80 LANGUAGE c AS 'MODULE_PATHNAME', 'get_engine_stats_wrapper';

CREATE FUNCTION model_access.get_engine_metrics() RETURNS text
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'get_engine_metrics_wrapper';

CREATE FUNCTION model_access.plan_level("plan" text) RETURNS integer
IMMUTABLE STRICT PARALLEL SAFE LANGUAGE c AS 'MODULE_PATHNAME', 'plan_level_wrapper';

CREATE FUNCTION model_access.plan_level_sufficient(user_plan text, required_plan text) RETURNS boolean
IMMUTABLE PARALLEL SAFE LANGUAGE c AS 'MODULE_PATHNAME', 'plan_level_sufficient_wrapper';

CREATE FUNCTION model_access.is_superadmin() RETURNS boolean
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'is_superadmin_wrapper';

CREATE FUNCTION model_access.is_admin() RETURNS boolean
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'is_admin_wrapper';

CREATE FUNCTION model_access.is_admin_or_superadmin() RETURNS boolean
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'is_admin_or_superadmin_wrapper';

CREATE FUNCTION model_access.get_user_role() RETURNS text
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'get_user_role_wrapper';

CREATE FUNCTION model_access.get_user_organization_id() RETURNS uuid
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'get_user_organization_id_wrapper';

CREATE FUNCTION model_access.open_system_models() RETURNS bigint[]
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'open_system_models_wrapper';

CREATE FUNCTION model_access.get_available_system_models(user_uuid uuid DEFAULT NULL)
RETURNS TABLE (
    id bigint, model_id text, name text, role text, icon text, description text, tags text[], max_tokens integer,
    required_plan text, organization_types text[], token_limit_amount bigint, token_limit_period text, is_free boolean,
    is_trial boolean, trial_ends_at timestamptz, is_featured boolean, sort_order integer, tasks text[]
)
STABLE PARALLEL RESTRICTED ROWS 20 LANGUAGE c AS 'MODULE_PATHNAME', 'get_available_system_models_wrapper';

CREATE FUNCTION model_access.get_system_model_for_call(user_uuid uuid, p_model_id bigint, p_task text DEFAULT NULL)
RETURNS TABLE (
    allowed boolean, reason text, model_id text, name text, endpoint text, api_key text, max_tokens integer,
    system_message text, task text, task_message text
)
STABLE PARALLEL RESTRICTED ROWS 1 LANGUAGE c AS 'MODULE_PATHNAME', 'get_system_model_for_call_wrapper';

CREATE FUNCTION model_access.note_trial_start() RETURNS trigger
STRICT LANGUAGE c AS 'MODULE_PATHNAME', 'note_trial_start_wrapper';

REVOKE ALL ON FUNCTION model_access.get_engine_stats(), model_access.get_engine_metrics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_access.get_engine_stats(), model_access.get_engine_metrics() TO pg_database_owner, @extowner@;
REVOKE ALL ON FUNCTION
    model_access.plan_level(text),
    model_access.plan_level_sufficient(text, text),
    model_access.is_superadmin(),
    model_access.is_admin(),
    model_access.is_admin_or_superadmin(),
    model_access.get_user_role(),
    model_access.get_user_organization_id(),
    model_access.open_system_models(),
    model_access.get_available_system_models(uuid),
    model_access.get_system_model_for_call(uuid, bigint, text),
    model_access.note_trial_start()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    model_access.plan_level(text),
    model_access.plan_level_sufficient(text, text),
    model_access.is_superadmin(),
    model_access.is_admin(),
    model_access.is_admin_or_superadmin(),
    model_access.get_user_role(),
    model_access.get_user_organization_id(),
    model_access.open_system_models(),
    model_access.get_available_system_models(uuid),
    model_access.get_system_model_for_call(uuid, bigint, text),
    model_access.note_trial_start()
    TO pg_database_owner, @extowner@;
DO $$
DECLARE
    open_to_clients CONSTANT text :=
        'model_access.plan_level(text), '
        'model_access.plan_level_sufficient(text, text), '
        'model_access.is_superadmin(), '
        'model_access.is_admin(), '
        'model_access.is_admin_or_superadmin(), '
        'model_access.get_user_role(), '
        'model_access.get_user_organization_id(), '
        'model_access.open_system_models(), '
        'model_access.get_available_system_models(uuid)';
    api_role name;
BEGIN
    FOREACH api_role IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = api_role) THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO %I', open_to_clients, api_role);
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'service_role') THEN
        GRANT EXECUTE ON FUNCTION model_access.get_engine_stats(), model_access.get_engine_metrics() TO service_role;
        GRANT EXECUTE ON FUNCTION model_access.get_system_model_for_call(uuid, bigint, text) TO service_role;
    END IF;
END $$;

COMMENT ON FUNCTION model_access.get_engine_stats() IS
'Figures about catalogue, limits, reservations and ledger: one row per figure and labels.

For service_role. Cheap: from the ends of indexes and the server''s statistics. Figures named model_access_backend_… are of the
one backend that answers.';
COMMENT ON FUNCTION model_access.get_engine_metrics() IS
'The figures of get_engine_stats() as a text that Prometheus reads.

For service_role. Text format 0.0.4, in a stable order, without what only one backend counted.';
COMMENT ON FUNCTION model_access.plan_level(text) IS
'The level of a pricing plan: free 0, starter 1, pro 2, enterprise 3.

NULL for any other word.';
COMMENT ON FUNCTION model_access.plan_level_sufficient(text, text) IS
'Whether a pricing plan gives what another one does.

free, starter, pro, enterprise, in this order. What is NULL or unknown gives nothing.';
COMMENT ON FUNCTION model_access.is_superadmin() IS
'Whether the signed-in user is a superadmin, by profiles.role. False without a signed-in user.';
COMMENT ON FUNCTION model_access.is_admin() IS
'Whether the signed-in user is an admin of his organisation, by profiles.role.

False without a signed-in user, and for a superadmin: see is_admin_or_superadmin.';
COMMENT ON FUNCTION model_access.is_admin_or_superadmin() IS
'Whether the signed-in user is an admin or a superadmin, by profiles.role.

False without a signed-in user.';
COMMENT ON FUNCTION model_access.get_user_role() IS
'The role of the signed-in user, by profiles.role: user, admin or superadmin. user without a profile.';
COMMENT ON FUNCTION model_access.get_user_organization_id() IS
'The organisation of the signed-in user, by profiles.organization_id; NULL without one.';
COMMENT ON FUNCTION model_access.open_system_models() IS
'The ids of the system models that the signed-in user may call now. Used by policies.';
COMMENT ON FUNCTION model_access.get_available_system_models(uuid) IS
'System models that a user may call now, in their order, with the token limit that holds for him.

Active, for his organisation''s type and plan, switched on for users, trial not over. NULL means the signed-in user; only a
privileged caller may name another (42501). Neither prompts nor keys.';
COMMENT ON FUNCTION model_access.get_system_model_for_call(uuid, bigint, text) IS
'How a user''s call of a system model is made: endpoint, key and prompts, or why he may not make it.

For service_role. One row. Quotas are asked apart. p_task is one of the model''s tasks, else 22023. An api_key vault:<name> is
read from Supabase''s vault; 55000 where that cannot be.';
COMMENT ON FUNCTION model_access.note_trial_start() IS
'Trigger: notes when an organisation begins to try a system model. What was noted stays.

With the row, at the instant that it says it was made and not later than the clock. A row that the owner brings back from a dump begins nothing.';
COMMENT ON FUNCTION model_access.guard_privileged_columns() IS
'Trigger: refuses (42501) a change of the named columns by a client.

On insert they must have their defaults, and an organisation an id that is new. Superusers, the owner and service_role are not bound.';

CREATE FUNCTION model_access.check_token_quota(p_user_id uuid, p_model_id bigint, p_tokens integer) RETURNS jsonb
STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'check_token_quota_wrapper';

CREATE FUNCTION model_access.record_token_usage(p_user_id uuid, p_model_id bigint, p_tokens integer, p_requests integer DEFAULT 1)
RETURNS jsonb VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'record_token_usage_wrapper';

CREATE FUNCTION model_access.reset_monthly_quotas() RETURNS integer
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'reset_monthly_quotas_wrapper';

REVOKE ALL ON FUNCTION
    model_access.check_token_quota(uuid, bigint, integer), model_access.record_token_usage(uuid, bigint, integer, integer),
    model_access.reset_monthly_quotas() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    model_access.check_token_quota(uuid, bigint, integer), model_access.record_token_usage(uuid, bigint, integer, integer),
    model_access.reset_monthly_quotas() TO pg_database_owner, @extowner@;
DO $$
DECLARE
    api_role name;
BEGIN
    FOREACH api_role IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = api_role) THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION model_access.check_token_quota(uuid, bigint, integer) TO %I', api_role);
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'service_role') THEN
        GRANT EXECUTE ON FUNCTION model_access.record_token_usage(uuid, bigint, integer, integer),
            model_access.reset_monthly_quotas() TO service_role;
    END IF;
END $$;

COMMENT ON FUNCTION model_access.check_token_quota(uuid, bigint, integer) IS
'Whether a call of a system model may use so many tokens now.

Changes nothing. Returns {allowed, reason, scope, current_usage, limit, resets_at}: scope is model, org or user; current_usage is
used and held. NULL p_user_id means the signed-in user; only a privileged caller may name another (42501).';
COMMENT ON FUNCTION model_access.record_token_usage(uuid, bigint, integer, integer) IS
'Admits a call of a system model and stores its tokens at once.

For service_role. Returns {recorded, usage_id} and what check_token_quota returns, after the call; usage_id is the row of
ai_model_usage. A call that is refused stores nothing.';
COMMENT ON FUNCTION model_access.reset_monthly_quotas() IS
'Shows the months of organisations that are over as begun anew; returns how many were.

For service_role. Quotas need no such job: every call counts in the month of its instant. It also shows what organisations have
used whose counters are split.';

CREATE FUNCTION model_access.app_current_user_id() RETURNS uuid
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'app_current_user_id_wrapper';

CREATE FUNCTION model_access.app_current_org_id() RETURNS uuid
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'app_current_org_id_wrapper';

CREATE FUNCTION model_access.app_administered_org_id() RETURNS uuid
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'app_administered_org_id_wrapper';

CREATE FUNCTION model_access.app_is_org_admin(p_organization_id uuid) RETURNS boolean
STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'app_is_org_admin_wrapper';

CREATE FUNCTION model_access.app_is_platform_admin() RETURNS boolean
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'app_is_platform_admin_wrapper';

CREATE FUNCTION model_access.app_platform_admin_id() RETURNS uuid
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'app_platform_admin_id_wrapper';

CREATE FUNCTION model_access.organizations_of_caller() RETURNS uuid[]
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'organizations_of_caller_wrapper';

REVOKE ALL ON FUNCTION
    model_access.app_current_user_id(),
    model_access.app_current_org_id(),
    model_access.app_administered_org_id(),
    model_access.app_is_org_admin(uuid),
    model_access.app_is_platform_admin(),
    model_access.app_platform_admin_id(),
    model_access.organizations_of_caller() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    model_access.app_current_user_id(),
    model_access.app_current_org_id(),
    model_access.app_administered_org_id(),
    model_access.app_is_org_admin(uuid),
    model_access.app_is_platform_admin(),
    model_access.app_platform_admin_id(),
    model_access.organizations_of_caller() TO pg_database_owner, @extowner@;
DO $$
DECLARE
    api_role name;
BEGIN
    FOREACH api_role IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = api_role) THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION model_access.app_current_user_id(), '
                'model_access.app_current_org_id(), '
                'model_access.app_administered_org_id(), '
                'model_access.app_is_org_admin(uuid), '
                'model_access.app_is_platform_admin(), '
                'model_access.app_platform_admin_id(), '
                'model_access.organizations_of_caller() TO %I', api_role);
        END IF;
    END LOOP;
END $$;

COMMENT ON FUNCTION model_access.app_current_user_id() IS
'The user of a request, by its claim sub; without claims the setting app.user_id. NULL for nobody.

An empty setting is none. A sub that is no uuid, of another identity provider, is nobody here.';
COMMENT ON FUNCTION model_access.app_current_org_id() IS
'The organisation of the current user, by his active row of users; NULL without one.';
COMMENT ON FUNCTION model_access.app_administered_org_id() IS
'The organisation that the current user administers, by users.role; NULL for none. Used by policies.';
COMMENT ON FUNCTION model_access.app_is_org_admin(uuid) IS
'Whether the current user administers an organisation, by users.role. False for NULL.';
COMMENT ON FUNCTION model_access.app_is_platform_admin() IS
'Whether the request''s subject is an active row of platform_admins.

Compared as text with workos_user_id: subjects of that provider are no uuids.';
COMMENT ON FUNCTION model_access.app_platform_admin_id() IS
'The row of platform_admins of the request''s subject, if he is active; else NULL. Used by policies.';
COMMENT ON FUNCTION model_access.organizations_of_caller() IS
'The organisations that the signed-in user belongs to, by profiles and by users. Used by policies.';

CREATE FUNCTION model_access.encrypt_token(token text, key text) RETURNS text
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'encrypt_token_wrapper';

CREATE FUNCTION model_access.decrypt_token(encrypted_token text, key text) RETURNS text
STRICT STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'decrypt_token_wrapper';

CREATE FUNCTION model_access.consume_oauth_state(p_state text) RETURNS jsonb
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'consume_oauth_state_wrapper';

CREATE FUNCTION model_access.cleanup_expired_oauth_states() RETURNS void
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'cleanup_expired_oauth_states_wrapper';

CREATE FUNCTION model_access.cleanup_expired_oauth_tokens() RETURNS void
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'cleanup_expired_oauth_tokens_wrapper';

REVOKE ALL ON FUNCTION
    model_access.encrypt_token(text, text),
    model_access.decrypt_token(text, text),
    model_access.consume_oauth_state(text),
    model_access.cleanup_expired_oauth_states(),
    model_access.cleanup_expired_oauth_tokens() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    model_access.encrypt_token(text, text),
    model_access.decrypt_token(text, text),
    model_access.consume_oauth_state(text),
    model_access.cleanup_expired_oauth_states(),
    model_access.cleanup_expired_oauth_tokens() TO pg_database_owner, @extowner@;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'service_role') THEN
        GRANT EXECUTE ON FUNCTION
            model_access.encrypt_token(text, text),
            model_access.decrypt_token(text, text),
            model_access.consume_oauth_state(text),
            model_access.cleanup_expired_oauth_states(),
            model_access.cleanup_expired_oauth_tokens() TO service_role;
    END IF;
END $$;

COMMENT ON FUNCTION model_access.encrypt_token(text, text) IS
'A token, encrypted with a key: an OpenPGP message in base64, another one each time.

For service_role. Get the key by a sub-select in the call, not as a literal or parameter: those the server may log. The key is
kept nowhere. 55000 without the extension pgcrypto.';
COMMENT ON FUNCTION model_access.decrypt_token(text, text) IS
'The token that encrypt_token encrypted; NULL with another key and for anything else that gives none.

For service_role. Get the key as for encrypt_token. Reads what pgp_sym_encrypt of pgcrypto made, too. 55000 without pgcrypto.';
COMMENT ON FUNCTION model_access.consume_oauth_state(text) IS
'Burns the state of an OAuth login and says what it was for; NULL when unknown, used or expired.

For service_role. Of several that call at once one gets it: {state_id, user_id, code_verifier, provider, mcp_name, redirect_uri,
created_at, expires_at}, the verifier as it was stored.';
COMMENT ON FUNCTION model_access.cleanup_expired_oauth_states() IS
'Deletes states of OAuth logins whose expires_at has passed.

For service_role.';
COMMENT ON FUNCTION model_access.cleanup_expired_oauth_tokens() IS
'Deletes OAuth tokens whose expires_at passed more than 7 days ago, refreshable or not.

For service_role.';

CREATE FUNCTION model_access.get_effective_system_prompts(p_user_id uuid, p_organization_id uuid)
RETURNS TABLE (id uuid, scope text, content text, priority integer, template text)
STABLE PARALLEL RESTRICTED ROWS 10 LANGUAGE c AS 'MODULE_PATHNAME', 'get_effective_system_prompts_wrapper';

CREATE FUNCTION model_access.cleanup_expired_sessions() RETURNS integer
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'cleanup_expired_sessions_wrapper';

CREATE FUNCTION model_access.guard_members() RETURNS trigger
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'guard_members_wrapper';

REVOKE ALL ON FUNCTION
    model_access.get_effective_system_prompts(uuid, uuid),
    model_access.cleanup_expired_sessions(),
    model_access.guard_members() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    model_access.get_effective_system_prompts(uuid, uuid),
    model_access.cleanup_expired_sessions(),
    model_access.guard_members() TO pg_database_owner, @extowner@;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'authenticated') THEN
        GRANT EXECUTE ON FUNCTION model_access.get_effective_system_prompts(uuid, uuid) TO authenticated;
    END IF;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'service_role') THEN
        GRANT EXECUTE ON FUNCTION model_access.get_effective_system_prompts(uuid, uuid), model_access.cleanup_expired_sessions() TO service_role;
    END IF;
END $$;

COMMENT ON FUNCTION model_access.get_effective_system_prompts(uuid, uuid) IS
'The enabled system prompts of a member, of his organisation and of everybody, in this order.

Within each the highest priority first, then the newest. The caller''s own rights hold: a member sees his own only.';
COMMENT ON FUNCTION model_access.cleanup_expired_sessions() IS
'Deletes sessions past expires_at; returns how many.

For service_role.';
COMMENT ON FUNCTION model_access.guard_members() IS
'Trigger on users: refuses what a client may not change of a member.

Who he is changes nobody who is not privileged; role and is_active the admin of his organisation.';
CREATE FUNCTION model_access.log_audit_event(
    p_user_id uuid, p_organization_id uuid, p_action text, p_resource_type text, p_resource_id text DEFAULT NULL,
    p_details jsonb DEFAULT '{}', p_ip_address inet DEFAULT NULL, p_user_agent text DEFAULT NULL, p_success boolean DEFAULT true,
    p_error_message text DEFAULT NULL
)
RETURNS uuid VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'log_audit_event_wrapper';

CREATE FUNCTION model_access.verify_audit_log(p_organization_id uuid)
RETURNS TABLE (log_id uuid, chain_position bigint, problem text, expected text, actual text)
STABLE PARALLEL RESTRICTED ROWS 1 LANGUAGE c AS 'MODULE_PATHNAME', 'verify_audit_log_wrapper';

CREATE FUNCTION model_access.chain_audit_log() RETURNS trigger
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'chain_audit_log_wrapper';

CREATE FUNCTION model_access.note_decision() RETURNS trigger
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'note_decision_wrapper';

CREATE FUNCTION model_access.keep_audit_log() RETURNS trigger
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'keep_audit_log_wrapper';

REVOKE ALL ON FUNCTION
    model_access.log_audit_event(uuid, uuid, text, text, text, jsonb, inet, text, boolean, text), model_access.verify_audit_log(uuid),
    model_access.chain_audit_log(), model_access.note_decision(), model_access.keep_audit_log() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    model_access.log_audit_event(uuid, uuid, text, text, text, jsonb, inet, text, boolean, text), model_access.verify_audit_log(uuid),
    model_access.chain_audit_log(), model_access.note_decision(), model_access.keep_audit_log() TO pg_database_owner, @extowner@;

CREATE FUNCTION model_access.acquire_agent(p_agent text) RETURNS jsonb
VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'acquire_agent_wrapper';

CREATE FUNCTION model_access.pick_agent(p_candidates text[]) RETURNS text
STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'pick_agent_wrapper';

CREATE FUNCTION model_access.start_agent_execution(p_session_id uuid, p_agent text, p_model text, p_reservation_id uuid DEFAULT NULL,
                                                   p_probe_id uuid DEFAULT NULL)
RETURNS uuid VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'start_agent_execution_wrapper';

CREATE FUNCTION model_access.finish_agent_execution(p_execution_id uuid, p_status text, p_usage jsonb, p_error text DEFAULT NULL)
RETURNS jsonb VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'finish_agent_execution_wrapper';

CREATE FUNCTION model_access.expire_agent_executions(p_batch integer DEFAULT 1000) RETURNS integer
VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'expire_agent_executions_wrapper';

CREATE FUNCTION model_access.append_chat_message(p_session_id uuid, p_role text, p_content text, p_tokens_in integer DEFAULT NULL,
                                                 p_tokens_out integer DEFAULT NULL, p_metadata jsonb DEFAULT '{}')
RETURNS uuid VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'append_chat_message_wrapper';

REVOKE ALL ON FUNCTION
    model_access.acquire_agent(text),
    model_access.pick_agent(text[]),
    model_access.start_agent_execution(uuid, text, text, uuid, uuid),
    model_access.finish_agent_execution(uuid, text, jsonb, text),
    model_access.expire_agent_executions(integer),
    model_access.append_chat_message(uuid, text, text, integer, integer, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    model_access.acquire_agent(text),
    model_access.pick_agent(text[]),
    model_access.start_agent_execution(uuid, text, text, uuid, uuid),
    model_access.finish_agent_execution(uuid, text, jsonb, text),
    model_access.expire_agent_executions(integer),
    model_access.append_chat_message(uuid, text, text, integer, integer, jsonb) TO pg_database_owner, @extowner@;
DO $$
DECLARE
    api_role name;
BEGIN
    FOREACH api_role IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = api_role) THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION model_access.verify_audit_log(uuid), '
                'model_access.log_audit_event(uuid, uuid, text, text, text, jsonb, inet, text, boolean, text) TO %I', api_role);
        END IF;
    END LOOP;
END $$;

COMMENT ON FUNCTION model_access.log_audit_event(uuid, uuid, text, text, text, jsonb, inet, text, boolean, text) IS
'Writes a row of the audit log, at the end of its organisation''s chain, and returns its key.

Clients log for themselves and their own organisation, privileged callers for anyone (else 42501). An unknown user or
organisation is 23503, more than 64 KiB of details 54000. Who writes the same organisation''s log next waits for the commit.';
COMMENT ON FUNCTION model_access.verify_audit_log(uuid) IS
'What is wrong with the audit log of an organisation: its first broken row. No row: it is whole.

NULL is the log of no organisation. For privileged callers, platform admins, and admins of the organisation (else 42501). Rows
from before the chain are counted in a row of their own.';
COMMENT ON FUNCTION model_access.forget_user(uuid) IS
'Replaces a person''s uuid by a new random one wherever it stands; returns rows per table.

For service_role. Bills, sums and open reservations stay. His chats, his activity log and his idempotency keys are deleted. Delete
the account first: a call that comes afterwards is stored under the old uuid again. The audit log stays as it is, and the application''s
own tables are its own affair.';
COMMENT ON FUNCTION model_access.note_decision() IS
'Trigger: writes a change of the named columns into the audit log.

Where the module tenancy is installed. Arguments: the kind of thing, the column of its key, the column of its organisation or an empty text, and the columns.';
COMMENT ON FUNCTION model_access.chain_audit_log() IS
'Trigger: puts a row of audit_logs at the end of its chain, with its hash, whatever it says itself.';
COMMENT ON FUNCTION model_access.keep_audit_log() IS
'Trigger: refuses (55000) whatever changes or removes rows of audit_logs.

References to what is gone become NULL all the same.';

DO $$
DECLARE
    api_role name;
BEGIN
    FOREACH api_role IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = api_role) THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION model_access.append_chat_message(uuid, text, text, integer, integer, jsonb) TO %I', api_role);
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'service_role') THEN
        GRANT EXECUTE ON FUNCTION
            model_access.acquire_agent(text),
            model_access.pick_agent(text[]),
            model_access.start_agent_execution(uuid, text, text, uuid, uuid),
            model_access.finish_agent_execution(uuid, text, jsonb, text),
            model_access.expire_agent_executions(integer) TO service_role;
    END IF;
END $$;

COMMENT ON FUNCTION model_access.acquire_agent(text) IS
'Whether a call of an agent may be made now, by its circuit breaker.

For service_role. Returns {allowed, state, retry_after_seconds, reason, probe_id}; reason is agent_disabled, circuit_open or
probes_outstanding. One that is let through in half_open is a probe: its execution says whether the agent works. Reserve first.';
COMMENT ON FUNCTION model_access.pick_agent(text[]) IS
'Of some agents the one to call, among those that work: the least latency times running calls.

For service_role. NULL when there is none. The mean latency is that of the last 20 calls of an hour. acquire_agent decides.';
COMMENT ON FUNCTION model_access.start_agent_execution(uuid, text, text, uuid, uuid) IS
'Stores that a call of an agent begins, for a chat''s latest message of its user; its execution.

For service_role. p_model NULL leaves the model to the agent. A reservation is that of one execution (PT409, PT410); the same
again, while it runs, returns it. p_probe_id is that of acquire_agent; without it, the call is any probe that has not begun.';
COMMENT ON FUNCTION model_access.finish_agent_execution(uuid, text, jsonb, text) IS
'Stores how an execution ended: metrics, health, breaker and the settlement of its reservation, once.

For service_role. p_status is success or failed. Usage settles the reservation, a failure without usage releases it. The same again
gets the first answer, another outcome PT409. After a time-out it stays failed, and its usage is settled.';
COMMENT ON FUNCTION model_access.expire_agent_executions(integer) IS
'Ends executions that run for longer than their agent allows, and gives back what they hold.

For service_role. Returns how many. config.execution_timeout_seconds of the agent, 600 without. Each counts as a failure.';
COMMENT ON FUNCTION model_access.append_chat_message(uuid, text, text, integer, integer, jsonb) IS
'Appends a message to a chat that the caller sees, and notes when; returns its id.

With the caller''s rights: row level security decides. PT404 for a session of somebody else.';

CREATE FUNCTION model_access.refresh_openrouter_models() RETURNS jsonb
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'refresh_openrouter_models_wrapper';

CREATE FUNCTION model_access.schedule_catalogue_refresh(p_schedule text DEFAULT '17 3 * * *') RETURNS jsonb
VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'schedule_catalogue_refresh_wrapper';

CREATE FUNCTION model_access.unschedule_catalogue_refresh() RETURNS integer
STRICT VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'unschedule_catalogue_refresh_wrapper';

CREATE FUNCTION model_access.get_catalogue_status() RETURNS jsonb
STRICT STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', 'get_catalogue_status_wrapper';

REVOKE ALL ON FUNCTION model_access.refresh_openrouter_models(), model_access.schedule_catalogue_refresh(text),
    model_access.unschedule_catalogue_refresh(), model_access.get_catalogue_status() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_access.refresh_openrouter_models(), model_access.schedule_catalogue_refresh(text),
    model_access.unschedule_catalogue_refresh(), model_access.get_catalogue_status() TO pg_database_owner, @extowner@;

CREATE FUNCTION model_access.preview_catalogue_change(p_models jsonb)
RETURNS TABLE (
    change text, model_id text, old_pricing jsonb, new_pricing jsonb, organization_id uuid, requests bigint, tokens bigint,
    cost_usd numeric, new_cost_usd numeric, difference_usd numeric
)
STABLE PARALLEL RESTRICTED ROWS 50 LANGUAGE c AS 'MODULE_PATHNAME', 'preview_catalogue_change_wrapper';

CREATE FUNCTION model_access.preview_review_rules()
RETURNS TABLE (
    model_id text, model_name text, rule_id bigint, rule_name text, auto_apply boolean, alarms text[], decision jsonb
)
STABLE PARALLEL RESTRICTED ROWS 100 LANGUAGE c AS 'MODULE_PATHNAME', 'preview_review_rules_wrapper';

CREATE FUNCTION model_access.review_models(p_decisions jsonb) RETURNS jsonb
VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'review_models_wrapper';

CREATE FUNCTION model_access.get_model_review_queue()
RETURNS TABLE (
    model_id text, model_name text, status text, reasons text[], summary text, since timestamptz, users_30_days bigint,
    suggestion jsonb, suggested_by text
)
STABLE PARALLEL RESTRICTED ROWS 100 LANGUAGE c AS 'MODULE_PATHNAME', 'get_model_review_queue_wrapper';

REVOKE ALL ON FUNCTION
    model_access.preview_catalogue_change(jsonb),
    model_access.preview_review_rules(),
    model_access.review_models(jsonb),
    model_access.get_model_review_queue() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    model_access.preview_catalogue_change(jsonb),
    model_access.preview_review_rules(),
    model_access.review_models(jsonb),
    model_access.get_model_review_queue() TO pg_database_owner, @extowner@;
DO $$
DECLARE
    api_role name;
BEGIN
    FOREACH api_role IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = api_role) THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION model_access.refresh_openrouter_models(), model_access.get_catalogue_status() TO %I', api_role);
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'service_role') THEN
        GRANT EXECUTE ON FUNCTION model_access.schedule_catalogue_refresh(text), model_access.unschedule_catalogue_refresh() TO service_role;
    END IF;
END $$;

COMMENT ON FUNCTION model_access.refresh_openrouter_models() IS
'Fetches the catalogue from model_access_settings.openrouter_url and syncs it.

For admins of the catalogue. Returns what sync_openrouter_models returns; not_modified where the server says that nothing changed,
skipped beside another run. Whatever comes of it is a row of model_sync_log. Takes fetch_timeout_seconds at most.';
COMMENT ON FUNCTION model_access.schedule_catalogue_refresh(text) IS
'Lets pg_cron refresh the catalogue and keep house; returns the jobs.

For service_role. The schedule is pg_cron''s, in its time zone. The jobs run as the tables'' owner; 55000 without pg_cron.';
COMMENT ON FUNCTION model_access.unschedule_catalogue_refresh() IS
'Takes back the jobs of schedule_catalogue_refresh; returns how many.

For service_role. 55000 without pg_cron.';
COMMENT ON FUNCTION model_access.get_catalogue_status() IS
'How the catalogue is kept: last success, age, last failure, next run, counts.

For admins of the catalogue. failing_since tells since when every run has failed.';

DO $$
DECLARE
    api_role name;
BEGIN
    FOREACH api_role IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = api_role) THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION model_access.preview_catalogue_change(jsonb), '
                'model_access.preview_review_rules(), '
                'model_access.review_models(jsonb), '
                'model_access.get_model_review_queue() TO %I', api_role);
        END IF;
    END LOOP;
END $$;

COMMENT ON FUNCTION model_access.preview_catalogue_change(jsonb) IS
'What a sync of a list of models would do, and what the usage of the last 30 days would cost then.

A row per model that would be added, removed, returned or repriced, and organisation that used it; writes nothing. USD, without markup.
new_cost_usd is NULL where the new prices do not tell. What a sync would refuse is 22023. For privileged callers and catalogue
admins, else 42501.';
COMMENT ON FUNCTION model_access.preview_review_rules() IS
'What the rules of model_review_rules suggest now about models of status new.

A row for each model that a rule matches: the first by priority, then rule_id. alarms are kinds of its open review items; decision is
an element for review_models. For privileged callers and catalogue admins, else 42501.';
COMMENT ON FUNCTION model_access.review_models(jsonb) IS
'Decides about many models at once, and resolves their open review items; answers each in its place.

Takes [{"model_id", "status", "is_free", "is_pro", "is_enterprise", "reason"}], at most 10,000; what is missing stays as it is. Returns
[{"model_id", "success", "error"}]. What is wrong with one is no matter to the others. For privileged callers and catalogue admins,
else 42501.';
COMMENT ON FUNCTION model_access.get_model_review_queue() IS
'Models that a person should look at: why, since when, how many use them, and what the rules suggest.

New ones, those with open review items, and active ones that go away; alarms first, then by users of the last 30 days. For privileged
callers and catalogue admins, else 42501.';

NOTIFY pgrst, 'reload schema';
