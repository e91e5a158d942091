//! System models: who is who, which models are open, and how one is called.

use super::caller;
use crate::error::Error;
use crate::pg::{Reply, session};
use crate::store::installation::Installation;
use crate::store::system_models::{self, Found, Person, Shown, TABLES};
use model_access_domain::decision::Reason;
use model_access_domain::plan;
use model_access_domain::system_model::PREFIX;
use pgrx::prelude::*;

type Models = TableIterator<
    'static,
    (
        i64,
        String,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        Vec<String>,
        Option<i32>,
        String,
        Vec<String>,
        Option<i64>,
        Option<String>,
        bool,
        bool,
        Option<TimestampWithTimeZone>,
        bool,
        Option<i32>,
        Vec<String>,
    ),
>;
/// Allowed, reason, model, name, endpoint, key, most tokens, prompt, task, prompt of the task.
type Call = (
    bool,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i32>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// The level of a pricing plan: free 0, starter 1, pro 2, enterprise 3; NULL for any other word.
///
/// Source: seed 002.
#[pg_extern(immutable, parallel_safe)]
fn plan_level(plan: &str) -> Option<i32> {
    plan::level(plan)
}

/// Whether a pricing plan gives what another one does. What is NULL or unknown gives nothing.
///
/// Source: seed 002.
#[pg_extern(immutable, parallel_safe)]
fn plan_level_sufficient(user_plan: Option<&str>, required_plan: Option<&str>) -> bool {
    plan::is_sufficient(user_plan, required_plan)
}

/// The signed-in user; `None` without one, or without a profile.
fn person() -> Result<Option<Person>, Error> {
    let installation = Installation::with(&[c"profiles"])?;
    let Some(user) = caller::signed_in()? else { return Ok(None) };
    Ok(installation.as_owner(|| system_models::person(user)))
}

fn role() -> Result<Option<String>, Error> {
    Ok(person()?.and_then(|person| person.role))
}

/// Whether the signed-in user's profile has the role superadmin.
///
/// Errors: 22P02 for malformed claims, 55000 before `install()`. Source: seed 002.
#[pg_extern(stable, parallel_restricted)]
fn is_superadmin() -> Reply<bool> {
    Reply::of(|| Ok::<_, Error>(role()?.as_deref() == Some("superadmin")))
}

/// Whether the signed-in user's profile has the role admin, of an organisation.
///
/// Errors: as [`is_superadmin`]. Source: seed 002.
#[pg_extern(stable, parallel_restricted)]
fn is_admin() -> Reply<bool> {
    Reply::of(|| Ok::<_, Error>(role()?.as_deref() == Some("admin")))
}

/// Whether the signed-in user's profile has the role admin or superadmin.
///
/// Errors: as [`is_superadmin`]. Source: seed 002.
#[pg_extern(stable, parallel_restricted)]
fn is_admin_or_superadmin() -> Reply<bool> {
    Reply::of(|| Ok::<_, Error>(matches!(role()?.as_deref(), Some("admin" | "superadmin"))))
}

/// The role of the signed-in user's profile; `user` without one.
///
/// Errors: as [`is_superadmin`]. Source: seed 002.
#[pg_extern(stable, parallel_restricted)]
fn get_user_role() -> Reply<String> {
    Reply::of(|| Ok::<_, Error>(role()?.unwrap_or_else(|| "user".to_owned())))
}

/// The organisation of the signed-in user; NULL without one.
///
/// Errors: as [`is_superadmin`]. Source: seed 002.
#[pg_extern(stable, parallel_restricted)]
fn get_user_organization_id() -> Reply<Option<pgrx::Uuid>> {
    Reply::of(|| Ok::<_, Error>(person()?.and_then(|person| person.organization_id)))
}

/// The ids of the system models that the signed-in user may call now; none without one. For policies.
///
/// Errors: as [`is_superadmin`]. Source: docs/design.md, "System models".
#[pg_extern(stable, parallel_restricted)]
fn open_system_models() -> Reply<Vec<i64>> {
    Reply::of(|| {
        let installation = Installation::with(&TABLES)?;
        let Some(user) = caller::signed_in()? else { return Ok(Vec::new()) };
        let open = installation.as_owner(|| system_models::open_to(user, session::clock()));
        Ok::<_, Error>(open.iter().map(|found| found.id).collect())
    })
}

/// The system models that a user may call now, in their order, with the limit that holds for him. No prompt and no key.
///
/// `user_uuid` NULL is the signed-in user. Errors: 42501 for a foreign user or without one, 22P02 for malformed claims,
/// 55000 before `install()`. Source: docs/reference.md, "System models".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.get_available_system_models(user_uuid uuid DEFAULT NULL)
RETURNS TABLE (
    id bigint, model_id text, name text, role text, icon text, description text, tags text[], max_tokens integer,
    required_plan text, organization_types text[], token_limit_amount bigint, token_limit_period text, is_free boolean,
    is_trial boolean, trial_ends_at timestamptz, is_featured boolean, sort_order integer, tasks text[]
)
STABLE PARALLEL RESTRICTED ROWS 20 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn get_available_system_models(user_uuid: Option<pgrx::Uuid>) -> Reply<Models> {
    Reply::of(|| {
        let installation = Installation::with(&TABLES)?;
        let user = caller::user_served(&installation, user_uuid)?;
        let (open, shown) = installation.as_owner(|| {
            let open = system_models::open_to(user, session::clock());
            let shown = system_models::shown(&open);
            (open, shown)
        });
        // Both were read under the caller's one snapshot, in one order.
        let rows: Vec<_> = open.into_iter().zip(shown).map(|(found, shown)| row(found, shown)).collect();
        Ok::<_, Error>(TableIterator::new(rows))
    })
}

fn row(found: Found, shown: Shown) -> <Models as Iterator>::Item {
    let limit = found.limit().map(|(amount, period)| (amount, period.to_owned()));
    let trial_ends_at = found.facts.trial_ends_at().and_then(|end| TimestampWithTimeZone::try_from(end).ok());
    (
        shown.id,
        format!("{PREFIX}{}", shown.id),
        found.name,
        shown.role,
        shown.icon,
        shown.description,
        shown.tags,
        shown.max_tokens,
        found.facts.required_plan,
        found.facts.organization_types,
        limit.as_ref().map(|(amount, _)| *amount),
        limit.map(|(_, period)| period),
        found.is_free,
        shown.is_trial,
        trial_ends_at,
        shown.is_featured,
        shown.sort_order,
        shown.tasks,
    )
}

/// How a user's call of a system model is made: endpoint, key, prompts. One row; when he may not, only why.
///
/// Quotas are not looked at. Errors: 42501 unless privileged, 22004 without user or model, 22023 for a task that the model
/// does not have, 55000 where its key is in a vault that cannot be read. Source: docs/reference.md, "System models".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.get_system_model_for_call(user_uuid uuid, p_model_id bigint, p_task text DEFAULT NULL)
RETURNS TABLE (
    allowed boolean, reason text, model_id text, name text, endpoint text, api_key text, max_tokens integer,
    system_message text, task text, task_message text
)
STABLE PARALLEL RESTRICTED ROWS 1 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn get_system_model_for_call(
    user_uuid: Option<pgrx::Uuid>,
    p_model_id: Option<i64>,
    p_task: Option<&str>,
) -> Reply<TableIterator<'static, Call>> {
    Reply::of(|| {
        let installation = Installation::with(&TABLES)?;
        caller::require_privileged(&installation)?;
        let user = user_uuid.ok_or(Error::NoArgument("user_uuid"))?;
        let model = p_model_id.ok_or(Error::NoArgument("p_model_id"))?;
        let call = installation.as_owner(|| call(user, model, p_task))?;
        Ok::<_, Error>(TableIterator::once(call))
    })
}

fn call(user: pgrx::Uuid, model: i64, task: Option<&str>) -> Result<Call, Error> {
    let found = system_models::facts(user, model);
    let refused = |reason: Reason| {
        let reason = Some(reason.word().to_owned());
        (false, reason, format!("{PREFIX}{model}"), None, None, None, None, None, None, None)
    };
    let Some(found) = found else { return Ok(refused(Reason::ModelNotFound)) };
    if let Some(reason) = found.facts.closed(session::clock()) {
        return Ok(refused(reason));
    }
    let Some(connection) = system_models::connection(model, task)? else {
        return Ok(refused(Reason::ModelNotFound));
    };
    Ok((
        true,
        None,
        format!("{PREFIX}{model}"),
        Some(found.name),
        connection.endpoint,
        connection.api_key,
        connection.max_tokens,
        connection.system_message,
        task.map(str::to_owned),
        connection.task_message,
    ))
}
