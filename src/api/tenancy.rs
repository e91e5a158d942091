//! Members of organisations (seed 003): who is asking, which policies ask; prompts and sessions.

use super::caller::require_privileged;
use crate::error::Error;
use crate::pg::tuplestore::Sink;
use crate::pg::{Reply, session};
use crate::store::installation::Installation;
use crate::store::tenancy::{self, Member};
use model_access_domain::caller;
use pgrx::prelude::*;

fn claims() -> Option<String> {
    session::setting(c"request.jwt.claims")
}

/// The id of whoever is asking.
pub fn current_user() -> Result<Option<pgrx::Uuid>, Error> {
    let member = caller::member(claims().as_deref(), session::setting(c"app.user_id").as_deref())?;
    Ok(member.map(|user| pgrx::Uuid::from_bytes(user.into_bytes())))
}

/// The row of `platform_admins` of the request's subject, if he is active.
fn platform_admin(installation: &Installation) -> Result<Option<pgrx::Uuid>, Error> {
    let Some(subject) = caller::subject_text(claims().as_deref())? else { return Ok(None) };
    Ok(installation.as_owner(|| tenancy::platform_admin(&subject)))
}

/// Whether the request's subject is an active platform admin.
pub fn is_platform_admin(installation: &Installation) -> Result<bool, Error> {
    Ok(platform_admin(installation)?.is_some())
}

/// The active row of `users` of whoever is asking; `None` without one.
pub(super) fn current_member() -> Result<Option<Member>, Error> {
    let installation = Installation::with(&[])?;
    let Some(user) = current_user()? else { return Ok(None) };
    Ok(installation.as_owner(|| tenancy::member(user)))
}

/// The user of a request, by its claim `sub`; without claims the setting `app.user_id`. NULL for nobody.
///
/// Errors: 22P02 for malformed claims or a setting that is no uuid. Source: docs/design.md, "Tenancy".
#[pg_extern(stable, parallel_restricted)]
fn app_current_user_id() -> Reply<Option<pgrx::Uuid>> {
    Reply::of(current_user)
}

/// The organisation of the current user, by his active row of `users`; NULL without one.
///
/// Errors: as [`app_current_user_id`], 55000 before `install()`. Source: docs/design.md, "Tenancy".
#[pg_extern(stable, parallel_restricted)]
fn app_current_org_id() -> Reply<Option<pgrx::Uuid>> {
    Reply::of(|| Ok::<_, Error>(current_member()?.map(|member| member.organization)))
}

/// The organisation that the current user administers; NULL for who administers none. For policies.
///
/// Errors: as [`app_current_org_id`]. Source: docs/design.md, "Tenancy".
#[pg_extern(stable, parallel_restricted)]
fn app_administered_org_id() -> Reply<Option<pgrx::Uuid>> {
    Reply::of(|| Ok::<_, Error>(current_member()?.filter(|member| member.is_admin).map(|member| member.organization)))
}

/// Whether the current user administers an organisation. False for NULL.
///
/// Errors: as [`app_current_org_id`]. Source: docs/design.md, "Tenancy".
#[pg_extern(stable, parallel_restricted)]
fn app_is_org_admin(p_organization_id: Option<pgrx::Uuid>) -> Reply<bool> {
    Reply::of(|| {
        let member = current_member()?.filter(|member| member.is_admin);
        Ok::<_, Error>(member.is_some_and(|member| Some(member.organization) == p_organization_id))
    })
}

/// Whether the request's subject is an active row of `platform_admins`, whose ids are texts of the identity provider.
///
/// Errors: 22P02 for malformed claims, 55000 before `install()`. Source: docs/design.md, "Tenancy".
#[pg_extern(stable, parallel_restricted)]
fn app_is_platform_admin() -> Reply<bool> {
    Reply::of(|| is_platform_admin(&Installation::with(&[])?))
}

/// The row of `platform_admins` of the request's subject, if he is active; else NULL. For policies.
///
/// Errors: as [`app_is_platform_admin`]. Source: docs/design.md, "Tenancy".
#[pg_extern(stable, parallel_restricted)]
fn app_platform_admin_id() -> Reply<Option<pgrx::Uuid>> {
    Reply::of(|| platform_admin(&Installation::with(&[])?))
}

/// The organisations that the signed-in user belongs to: by `profiles`, and by `users`. For policies.
///
/// Errors: as [`app_current_org_id`]. Source: docs/design.md, "Tenancy".
#[pg_extern(stable, parallel_restricted)]
fn organizations_of_caller() -> Reply<Vec<pgrx::Uuid>> {
    Reply::of(|| {
        let installation = Installation::with(&[c"profiles"])?;
        let Some(user) = current_user()? else { return Ok(Vec::new()) };
        Ok::<_, Error>(installation.as_owner(|| tenancy::organizations(user)))
    })
}

/// The enabled system prompts of a member, of his organisation and of everybody, as far as the caller may see them.
///
/// The caller's own rights and policies hold. Errors: 55000 before `install()`. Source: docs/reference.md, "Tenancy".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.get_effective_system_prompts(p_user_id uuid, p_organization_id uuid)
RETURNS TABLE (id uuid, scope text, content text, priority integer, template text)
STABLE PARALLEL RESTRICTED ROWS 10 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn get_effective_system_prompts(
    p_user_id: Option<pgrx::Uuid>,
    p_organization_id: Option<pgrx::Uuid>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<()> {
    Reply::of(|| {
        Installation::with(&[c"system_prompts"])?;
        tenancy::effective_prompts(p_user_id, p_organization_id, &Sink::open(fcinfo));
        Ok::<_, Error>(())
    })
}

/// Deletes sessions past `expires_at`; returns how many.
///
/// Errors: 42501 unless privileged, 55000 before `install()`. Source: docs/reference.md, "Tenancy".
#[pg_extern(volatile, parallel_unsafe)]
fn cleanup_expired_sessions() -> Reply<i32> {
    Reply::of(|| {
        let installation = Installation::with(&[c"user_sessions"])?;
        require_privileged(&installation)?;
        let deleted = installation.as_owner(tenancy::delete_expired_sessions);
        Ok::<_, Error>(i32::try_from(deleted).unwrap_or(i32::MAX))
    })
}
