//! The audit log: writing to it, and whether it is whole.

use super::{caller, tenancy};
use crate::error::Error;
use crate::pg::jsonb::Jsonb;
use crate::pg::{Reply, session};
use crate::store::audit::{self, Event};
use crate::store::audit_chain;
use crate::store::installation::Installation;
use crate::store::tenancy as members;
use model_access_domain::caller::CallerError;
use pgrx::Inet;
use pgrx::prelude::*;

/// Larger details are refused before they are read.
const MAX_DETAILS_BYTES: usize = 64 << 10;
/// Details nested deeper than this are refused.
const MAX_DEPTH: usize = 100;

type Problems = TableIterator<'static, (Option<pgrx::Uuid>, Option<i64>, String, Option<String>, Option<String>)>;

/// 42501 unless the caller is privileged, or the row is about himself and his own organisation.
fn require_own(
    installation: &Installation,
    user: Option<pgrx::Uuid>,
    organization: Option<pgrx::Uuid>,
) -> Result<(), Error> {
    if installation.is_privileged(session::current_role()) {
        return Ok(());
    }
    let current = tenancy::current_user()?.ok_or(Error::Caller(CallerError::NoSubject))?;
    let member = installation.as_owner(|| members::member(current));
    let own = member.is_some_and(|member| organization == Some(member.organization));
    if own && user == Some(current) { Ok(()) } else { Err(Error::AuditOfOthers) }
}

fn not_blank<'a>(name: &'static str, given: Option<&'a str>) -> Result<&'a str, Error> {
    let given = given.ok_or(Error::NoArgument(name))?;
    if given.trim().is_empty() {
        return Err(Error::BadArgument(name, "blank".to_owned(), "Pass a word."));
    }
    Ok(given)
}

fn details(given: Option<Jsonb>) -> Result<String, Error> {
    let Some(given) = given else { return Ok("{}".to_owned()) };
    if given.bytes() > MAX_DETAILS_BYTES {
        return Err(Error::TooLong("details", given.bytes(), MAX_DETAILS_BYTES));
    }
    Ok(given.top().to_exact_value(MAX_DEPTH).ok_or(Error::TooDeep(MAX_DEPTH))?.to_string())
}

/// Writes a row of `audit_logs` at the end of its organisation's chain, and returns its key.
///
/// Errors: 42501 for a user or organisation that is not the caller's, unless he is privileged; 22004 and 22023 for an action or
/// a kind of resource that is NULL or blank; 23503 for a user or organisation that there is not; 54000 for more than 64 KiB of
/// details. Source: spec 5.6, docs/design.md, "Audit log".
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.log_audit_event(
    p_user_id uuid, p_organization_id uuid, p_action text, p_resource_type text, p_resource_id text DEFAULT NULL,
    p_details jsonb DEFAULT '{}', p_ip_address inet DEFAULT NULL, p_user_agent text DEFAULT NULL, p_success boolean DEFAULT true,
    p_error_message text DEFAULT NULL
)
RETURNS uuid
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
#[allow(clippy::too_many_arguments)]
fn log_audit_event(
    p_user_id: Option<pgrx::Uuid>,
    p_organization_id: Option<pgrx::Uuid>,
    p_action: Option<&str>,
    p_resource_type: Option<&str>,
    p_resource_id: Option<&str>,
    p_details: Option<Jsonb>,
    p_ip_address: Option<Inet>,
    p_user_agent: Option<&str>,
    p_success: Option<bool>,
    p_error_message: Option<&str>,
) -> Reply<Option<pgrx::Uuid>> {
    Reply::of(|| {
        let installation = Installation::with(&audit::TABLES)?;
        require_own(&installation, p_user_id, p_organization_id)?;
        let event = Event {
            user: p_user_id,
            organization: p_organization_id,
            action: not_blank("p_action", p_action)?,
            resource_type: not_blank("p_resource_type", p_resource_type)?,
            resource_id: p_resource_id,
            details: Some(details(p_details)?),
            ip_address: p_ip_address.as_ref().map(|address| address.0.as_str()),
            user_agent: p_user_agent,
            success: p_success.ok_or(Error::NoArgument("p_success"))?,
            error_message: p_error_message,
        };
        installation.as_owner(|| audit::write(&event))
    })
}

/// What is wrong with the audit log of an organisation, NULL that of no organisation: its first broken row. No row: it is whole.
///
/// Rows that were there before there was a chain are counted in a row of their own. Errors: 42501 unless the caller is privileged,
/// a platform admin, or an admin of the organisation. Source: docs/design.md, "Audit log".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.verify_audit_log(p_organization_id uuid)
RETURNS TABLE (log_id uuid, chain_position bigint, problem text, expected text, actual text)
STABLE PARALLEL RESTRICTED ROWS 1 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn verify_audit_log(p_organization_id: Option<pgrx::Uuid>) -> Reply<Problems> {
    Reply::of(|| {
        let installation = Installation::with(&audit::TABLES)?;
        require_auditor(&installation, p_organization_id)?;
        let (broken, outside) = installation.as_owner(|| audit_chain::verify(p_organization_id));
        let outside = (outside > 0).then(|| {
            (None, None, "rows outside the chain".to_owned(), Some("0".to_owned()), Some(outside.to_string()))
        });
        let broken = broken.map(|found| {
            let id = found.id.map(|id| pgrx::Uuid::from_bytes(id.into_bytes()));
            (id, Some(found.position), found.problem.to_owned(), found.expected, found.actual)
        });
        Ok::<_, Error>(TableIterator::new(broken.into_iter().chain(outside).collect::<Vec<_>>()))
    })
}

fn require_auditor(installation: &Installation, organization: Option<pgrx::Uuid>) -> Result<(), Error> {
    if caller::require_privileged(installation).is_ok() || tenancy::is_platform_admin(installation)? {
        return Ok(());
    }
    let Some(current) = tenancy::current_user()? else { return Err(Error::NotAuditor) };
    let member = installation.as_owner(|| members::member(current)).filter(|member| member.is_admin);
    let own = member.is_some_and(|member| organization == Some(member.organization));
    if own { Ok(()) } else { Err(Error::NotAuditor) }
}
