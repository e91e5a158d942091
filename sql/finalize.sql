-- Last part of CREATE EXTENSION: everything closed, then granted by name, then described.

COMMENT ON SCHEMA model_access IS 'Code of the extension model_access. Applications call the wrappers in public.';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA model_access FROM PUBLIC;

-- Whoever installs, or owns the database, runs the installation; triggers need EXECUTE only when they are made.
GRANT USAGE ON SCHEMA model_access TO pg_database_owner, @extowner@;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA model_access TO pg_database_owner, @extowner@;

-- The API roles may be missing: on a plain PostgreSQL the extension installs all the same, and install() says
-- what is missing. Nothing is granted to anon.
DO $$
DECLARE
    own_row_and_admin CONSTANT text :=
        'model_access.get_user_allowed_models_v2(uuid), '
        'model_access.get_user_allowed_models_json(uuid), '
        'model_access.can_user_use_model(uuid, character varying), '
        'model_access.model_access_is_admin(), '
        'model_access.sync_openrouter_models(jsonb), '
        'model_access.force_sync_openrouter_models(jsonb), '
        'model_access.update_model_tier_access(character varying, boolean, boolean, boolean, character varying), '
        'model_access.preview_catalogue_change(jsonb), '
        'model_access.preview_review_rules(), '
        'model_access.review_models(jsonb), '
        'model_access.get_model_review_queue(), '
        'model_access.update_user_preferences(uuid, character varying, jsonb), '
        'model_access.jsonb_deep_merge(jsonb, jsonb), '
        'model_access.check_model_quota(uuid, text, bigint), '
        'model_access.check_token_quota(uuid, bigint, integer), '
        'model_access.get_quota_status(uuid), '
        'model_access.estimate_model_cost(text, jsonb, timestamptz), '
        'model_access.explain_model_cost(text, jsonb, timestamptz), '
        'model_access.get_usage_summary(timestamptz, timestamptz, text[]), '
        'model_access.export_usage(timestamptz, timestamptz), '
        'model_access.plan_level(text), '
        'model_access.plan_level_sufficient(text, text), '
        'model_access.is_superadmin(), '
        'model_access.is_admin(), '
        'model_access.is_admin_or_superadmin(), '
        'model_access.get_user_role(), '
        'model_access.get_user_organization_id(), '
        'model_access.open_system_models(), '
        'model_access.get_available_system_models(uuid), '
        'model_access.app_current_user_id(), '
        'model_access.app_current_org_id(), '
        'model_access.app_administered_org_id(), '
        'model_access.app_is_org_admin(uuid), '
        'model_access.app_is_platform_admin(), '
        'model_access.app_platform_admin_id(), '
        'model_access.organizations_of_caller(), '
        'model_access.get_effective_system_prompts(uuid, uuid), '
        'model_access.log_audit_event(uuid, uuid, text, text, text, jsonb, inet, text, boolean, text), '
        'model_access.verify_audit_log(uuid), '
        'model_access.append_chat_message(uuid, text, text, integer, integer, jsonb), '
        'model_access.refresh_openrouter_models(), '
        'model_access.get_catalogue_status(), '
        'model_access.as_row_type(record, anyelement)';
    server_only CONSTANT text :=
        'model_access.log_user_activity(uuid, character varying, character varying, text, jsonb), '
        'model_access.schedule_catalogue_refresh(text), '
        'model_access.unschedule_catalogue_refresh(), '
        'model_access.reserve_model_quota(uuid, text, bigint, bigint, text, interval), '
        'model_access.require_model_quota(uuid, text, bigint, bigint, text, interval), '
        'model_access.settle_model_quota(uuid, jsonb), '
        'model_access.release_model_quota(uuid), '
        'model_access.extend_model_quota(uuid, interval), '
        'model_access.consume_model_quota(uuid, text, bigint, integer, text), '
        'model_access.consume_model_quota_batch(jsonb), '
        'model_access.record_model_usage(uuid, text, jsonb, text, timestamptz), '
        'model_access.record_token_usage(uuid, bigint, integer, integer), '
        'model_access.reset_monthly_quotas(), '
        'model_access.set_quota_limit(text, text, text, numeric, text, text, text, text, boolean, text, text, '
            'timestamptz, timestamptz, timestamptz, numeric[], text), '
        'model_access.remove_quota_limit(bigint, text), '
        'model_access.adjust_quota(uuid, text, text, numeric, text), '
        'model_access.expire_reservations(integer), '
        'model_access.forget_user(uuid), '
        'model_access.verify_quota(uuid), '
        'model_access.maintain_usage_partitions(interval), '
        'model_access.void_usage(uuid, text), '
        'model_access.reprice_usage(text, timestamptz, timestamptz, text), '
        'model_access.get_engine_stats(), '
        'model_access.get_engine_metrics(), '
        'model_access.get_system_model_for_call(uuid, bigint, text), '
        'model_access.encrypt_token(text, text), '
        'model_access.decrypt_token(text, text), '
        'model_access.consume_oauth_state(text), '
        'model_access.cleanup_expired_oauth_states(), '
        'model_access.cleanup_expired_oauth_tokens(), '
        'model_access.cleanup_expired_sessions(), '
        'model_access.acquire_agent(text), '
        'model_access.pick_agent(text[]), '
        'model_access.start_agent_execution(uuid, text, text, uuid, uuid), '
        'model_access.finish_agent_execution(uuid, text, jsonb, text), '
        'model_access.expire_agent_executions(integer)';
    api_role name;
BEGIN
    FOREACH api_role IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = api_role) THEN
            EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA model_access TO %I', api_role);
            EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO %I', own_row_and_admin, api_role);
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = 'service_role') THEN
        EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO service_role', server_only);
    END IF;
END $$;

COMMENT ON FUNCTION model_access.get_user_allowed_models_v2(uuid) IS
'Models that a user may call now, free ones first.

Status active and open to the user''s tier. NULL means the signed-in user; only a privileged caller may name another
(42501). A user without a profile has the free tier. Prices are USD per token, decimal strings.';
COMMENT ON FUNCTION model_access.get_user_allowed_models_json(uuid) IS
'Models that a user may call now, as one JSON array.

The rows of get_user_allowed_models_v2 as objects, in its order. One row, whatever limit of rows PostgREST has.';
COMMENT ON FUNCTION model_access.update_user_preferences(uuid, character varying, jsonb) IS
'Changes preferences of a person: ui, session or model.

ui and session are merged deeply into what is stored; of model the keys default_model, temperature and system_prompt are
set where present. Returns {success, preference_type, updated_at}, or success false with the error. NULL user_uuid means the
signed-in user; another one is for privileged callers and catalogue admins, else 42501.';
COMMENT ON FUNCTION model_access.jsonb_deep_merge(jsonb, jsonb) IS
'Merges b into a: objects key by key at every level, anything else is replaced.

Nothing is deleted; arrays and null replace. NULL a counts as {}, NULL b leaves a. A b that is no object is 22023.';
COMMENT ON FUNCTION model_access.log_user_activity(uuid, character varying, character varying, text, jsonb) IS
'Writes down what a person did, and returns the key of the row.

For service_role. One row of user_activity_log.';
COMMENT ON FUNCTION model_access.can_user_use_model(uuid, character varying) IS
'Whether a user may call one model now.

The rule of get_user_allowed_models_v2 for one model_id. An unknown or NULL model is false; foreign users are 42501.';
COMMENT ON FUNCTION model_access.model_access_is_admin() IS
'Whether the signed-in user administers the catalogue.

True for profiles.role superadmin and for profiles.account_type admin; false without a signed-in user.';
COMMENT ON FUNCTION model_access.sync_openrouter_models(jsonb) IS
'Brings the catalogue in line with OpenRouter''s list of models.

Takes the array or the whole answer {"data": [...]}. Returns counts, or success false with the error; every run writes
one row of model_sync_log. New models start as new and closed. A feed that lacks too many models is refused.
For privileged callers and catalogue admins, else 42501.';
COMMENT ON FUNCTION model_access.force_sync_openrouter_models(jsonb) IS
'As sync_openrouter_models, without the guard against a feed that lacks too many models.

For the case that a person has seen the feed and knows it to be right.';
COMMENT ON FUNCTION model_access.update_model_tier_access(character varying, boolean, boolean, boolean, character varying) IS
'Sets the tiers and the status of one model; NULL leaves a value as it is.

Returns {success, model_id, updated_at}, or success false with the error for an unknown status or model.
For privileged callers and catalogue admins, else 42501.';
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
COMMENT ON FUNCTION model_access.check_model_quota(uuid, text, bigint) IS
'Whether a call may be made now, and if not, why and when.

Changes nothing. p_tokens is an estimate; 0 asks whether any is left. NULL user_uuid means the signed-in user; only a
privileged caller may name another (42501).';
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
COMMENT ON FUNCTION model_access.reserve_model_quota(uuid, text, bigint, bigint, text, interval) IS
'Holds an estimate on every limit that concerns the call, all or nothing.

For service_role. The reservation counts until it is settled, released, or p_ttl (1 s to 24 h) is over. A refusal is an answer
with allowed false and changes nothing. The same p_idempotency_key gets the first answer; for another call it is PT409.';
COMMENT ON FUNCTION model_access.require_model_quota(uuid, text, bigint, bigint, text, interval) IS
'As reserve_model_quota, with a refusal raised as PostgREST reads it.

403 when the model is not open to the user, 402 when waiting does not help, 429 with Retry-After when it does.';
COMMENT ON FUNCTION model_access.settle_model_quota(uuid, jsonb) IS
'Stores the actual usage of a reserved call, in full, once.

For service_role. p_usage is the usage object of the provider''s answer. Works after expiry and release too. The same usage
again gets the first receipt with repeated true; other usage is PT409.';
COMMENT ON FUNCTION model_access.release_model_quota(uuid) IS
'Gives a reservation back without usage.

For service_role. Does nothing to one that is settled, released or expired. PT404 for an unknown one.';
COMMENT ON FUNCTION model_access.extend_model_quota(uuid, interval) IS
'Lets a live reservation live until p_ttl from now, if that is longer.

For service_role. PT410 for one that no longer lives.';
COMMENT ON FUNCTION model_access.consume_model_quota(uuid, text, bigint, integer, text) IS
'Admits a call and stores its usage at once.

For service_role, where usage is known before the call. All limits or none; a refusal changes nothing.';
COMMENT ON FUNCTION model_access.consume_model_quota_batch(jsonb) IS
'Admits many calls in one transaction, each by itself, in their order.

For service_role. An array of at most 1000 objects {user_uuid, model_id, tokens, requests, idempotency_key}; returns an array
of decisions in that order.';
COMMENT ON FUNCTION model_access.record_model_usage(uuid, text, jsonb, text, timestamptz) IS
'Stores usage that happened, whatever the limits say.

For service_role. p_occurred_at is when; NULL is now.';
COMMENT ON FUNCTION model_access.get_quota_status(uuid) IS
'What a user has used of each limit that applies, and what is left: one row per limit.

NULL means the signed-in user; only a privileged caller may name another (42501). resets_at is when the count begins anew.';
COMMENT ON FUNCTION model_access.estimate_model_cost(text, jsonb, timestamptz) IS
'What usage of a model costs, USD, exactly; NULL when its price is not known.

p_model_id is an id or a canonical slug, p_usage a provider''s usage object, of which a cost is left aside. At the prices in
force at p_at (NULL: now).';
COMMENT ON FUNCTION model_access.explain_model_cost(text, jsonb, timestamptz) IS
'What usage of a model costs, line by line.

The lines sum up to estimate_model_cost. price_id is the row of model_price_history; note says when the price is not the item''s
own. A single line unknown says why the price is not known.';
COMMENT ON FUNCTION model_access.set_quota_limit(text, text, text, numeric, text, text, text, text, boolean, text, text, timestamptz, timestamptz, timestamptz, numeric[], text) IS
'Sets a limit: one per name, scope and subject. Returns its key.

For service_role. Of limits with one name only the narrowest scope decides: user, organization, plan, tier, everyone. A NULL
amount is unlimited. Counters stay unless what is counted changes. Every change is kept in quota_limit_history.';
COMMENT ON FUNCTION model_access.remove_quota_limit(bigint, text) IS
'Removes a limit with its counters; false when there is none of that key.

For service_role.';
COMMENT ON FUNCTION model_access.adjust_quota(uuid, text, text, numeric, text) IS
'Changes what is used of a limit in the open window; returns what is used then.

For service_role. The limit is the one of that name that decides about the user''s calls to the model; negative changes give
back. Kept in quota_limit_history.';
COMMENT ON FUNCTION model_access.expire_reservations(integer) IS
'Takes back what expired reservations hold; returns how many expired.

For service_role, as a job; deletes answers and reservations that are kept no longer. Nothing depends on it: what has expired does not count.';
COMMENT ON FUNCTION model_access.verify_quota(uuid) IS
'Whether counters, holds, reservations and ledger agree: no row when they do.

For service_role. Of one user or organisation, or (NULL) of all, in one snapshot.';
COMMENT ON FUNCTION model_access.get_usage_summary(timestamptz, timestamptz, text[]) IS
'Sums of usage and cost from p_from until before p_to, by time, model, provider, user, organisation.

Of the rows that the caller may see. p_group_by: at most one of hour, day, week, month (UTC), and any of model, provider, user,
organisation; NULL is one total. Costs that are not known count as 0: unknown_cost_requests says how many.';
COMMENT ON FUNCTION model_access.export_usage(timestamptz, timestamptz) IS
'The ledger''s rows from p_from until before p_to as CloudEvents 1.0, one object per row.

Of the rows that the caller may see, in the order of time. data has OpenTelemetry''s names for GenAI; USD are strings.';
COMMENT ON FUNCTION model_access.forget_user(uuid) IS
'Replaces a person''s uuid by a new random one wherever it stands; returns rows per table.

For service_role. Bills, sums and open reservations stay. His chats, his activity log and his idempotency keys are deleted. Delete
the account first: a call that comes afterwards is stored under the old uuid again. The audit log stays as it is, and the application''s
own tables are its own affair.';
COMMENT ON FUNCTION model_access.make_usage_partitions(timestamptz, integer) IS
'Makes the ledger''s partitions from the month before p_from to p_months after it, closed.

Used by the schema files. Returns how many; none for a ledger that is not partitioned. Rows of theirs that lie in the default
partition move into them.';
COMMENT ON FUNCTION model_access.maintain_usage_partitions(interval) IS
'Makes the ledger''s partitions ahead, and drops what is older than p_keep.

For service_role, as a job. A month goes only when no open window needs it; what it held stays summed in ai_usage_folded. NULL
keeps everything; less than a month is 22023. Returns an array of {partition, action, rows}.';
COMMENT ON FUNCTION model_access.void_usage(uuid, text) IS
'Takes back what a ledger row costs, by a correction; returns that one''s receipt.

For service_role. With its corrections the row then costs nothing. Quotas do not count corrections: adjust_quota gives back
there. Again: the first receipt with repeated true.';
COMMENT ON FUNCTION model_access.reprice_usage(text, timestamptz, timestamptz, text) IS
'Corrects what calls of a model cost, to what the prices of their instants give now.

For service_role. From p_from until before p_to; only rows whose cost is computed, estimated or unknown, and not voided. Where no
price was in force, the first later one counts. Again: nothing is left to correct. Quotas do not count corrections.';
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
COMMENT ON FUNCTION model_access.get_effective_system_prompts(uuid, uuid) IS
'The enabled system prompts of a member, of his organisation and of everybody, in this order.

Within each the highest priority first, then the newest. The caller''s own rights hold: a member sees his own only.';
COMMENT ON FUNCTION model_access.cleanup_expired_sessions() IS
'Deletes sessions past expires_at; returns how many.

For service_role.';
COMMENT ON FUNCTION model_access.guard_members() IS
'Trigger on users: refuses what a client may not change of a member.

Who he is changes nobody who is not privileged; role and is_active the admin of his organisation.';
COMMENT ON FUNCTION model_access.log_audit_event(uuid, uuid, text, text, text, jsonb, inet, text, boolean, text) IS
'Writes a row of the audit log, at the end of its organisation''s chain, and returns its key.

Clients log for themselves and their own organisation, privileged callers for anyone (else 42501). An unknown user or
organisation is 23503, more than 64 KiB of details 54000. Who writes the same organisation''s log next waits for the commit.';
COMMENT ON FUNCTION model_access.verify_audit_log(uuid) IS
'What is wrong with the audit log of an organisation: its first broken row. No row: it is whole.

NULL is the log of no organisation. For privileged callers, platform admins, and admins of the organisation (else 42501). Rows
from before the chain are counted in a row of their own.';
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
COMMENT ON FUNCTION model_access.as_row_type(record, anyelement) IS
'A row as a value of another composite type with the same columns. Used by the wrappers.';
COMMENT ON FUNCTION model_access.install(text[]) IS
'Creates or completes the tables, rules and public functions of the named modules (NULL: all).

Run by the role that is to own the tables. One row per object: created, changed, kept or left alone. Safe to repeat.
Refuses with 55000 and a HINT, before it changes anything.';
COMMENT ON FUNCTION model_access.verify(text[]) IS
'Compares what stands with what install() makes: one row per object, ok or not.

Columns expected and actual say what differs. Modules as for install().';
COMMENT ON FUNCTION model_access.inventory(text[]) IS
'What stands of the named modules (NULL: all), object by object, as verify() compares it.';
COMMENT ON FUNCTION model_access.uninstall(text[], boolean) IS
'Takes away what install() made around the tables: policies, triggers, public functions.

Row level security stays on, so nothing opens. With drop_data the tables go too, each after a closed backup; tables of
people never go. Afterwards DROP EXTENSION works.';
COMMENT ON FUNCTION model_access.cut_over() IS
'Puts wrappers in the place of the application''s own functions of the same names.

They keep their OID, what depends on them and grants to named roles. One row per function: replaced, or left alone and why.';
COMMENT ON FUNCTION model_access.cut_back() IS
'Brings back the functions that cut_over() replaced, with grants and comments.';
COMMENT ON FUNCTION model_access.set_old_catalogue_aside() IS
'Renames a model_access of the shape before the migration to model_access_backup.

It is closed to clients; its rights are kept for the way back. For use before install().';
COMMENT ON FUNCTION model_access.bring_old_catalogue_back() IS
'Brings back the catalogue that set_old_catalogue_aside() renamed.

For use after uninstall(drop_data => true), which takes ours away.';
COMMENT ON FUNCTION model_access.note_table(text) IS
'Notes whether public.<name> stands before a schema file touches it: made, adopted or known.

Used by the schema files. What is about to be replaced on an adopted table is kept in model_access_replaced.';
COMMENT ON FUNCTION model_access.set_aside_allowed_models() IS
'Takes profiles.allowed_models away with a closed backup, where it stands. Used by the schema files.';
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
COMMENT ON FUNCTION model_access.make_wrapper(text) IS
'Makes public.<name> for a function of model_access.

Returns created, kept, or left alone when another function has the name. Used by the schema files. The wrapper runs with the caller''s rights and has the grants of the wrapped function.';
COMMENT ON FUNCTION model_access.guard_privileged_columns() IS
'Trigger: refuses (42501) a change of the named columns by a client.

On insert they must have their defaults, and an organisation an id that is new. Superusers, the owner and service_role are not bound.';
COMMENT ON FUNCTION model_access.bump_catalogue_version() IS
'Trigger: raises model_catalogue_version before the catalogue is written.';
COMMENT ON FUNCTION model_access.note_trial_start() IS
'Trigger: notes when an organisation begins to try a system model. What was noted stays.

With the row, at the instant that it says it was made and not later than the clock. A row that the owner brings back from a dump begins nothing.';
COMMENT ON FUNCTION model_access.note_decision() IS
'Trigger: writes a change of the named columns into the audit log.

Where the module tenancy is installed. Arguments: the kind of thing, the column of its key, the column of its organisation or an empty text, and the columns.';
COMMENT ON FUNCTION model_access.chain_audit_log() IS
'Trigger: puts a row of audit_logs at the end of its chain, with its hash, whatever it says itself.';
COMMENT ON FUNCTION model_access.keep_audit_log() IS
'Trigger: refuses (55000) whatever changes or removes rows of audit_logs.

References to what is gone become NULL all the same.';

NOTIFY pgrst, 'reload schema';
