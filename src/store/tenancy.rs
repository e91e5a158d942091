//! Members and admins, as the tables of seed 003 have them. Where a table is not installed, nobody is in it.
//!
//! What reads here acts as the owner of our tables: callers go through [`super::installation::Installation::as_owner`].

use super::system_models;
use crate::lookup;
use crate::pg::session;
use crate::pg::spi::{Snapshot, arg};
use pgrx::Uuid;
use std::ffi::CStr;

lookup!(
    MEMBER,
    "SELECT u.organization_id, u.role::pg_catalog.text OPERATOR(pg_catalog.=) 'admin'
       FROM public.users AS u WHERE u.id OPERATOR(pg_catalog.=) $1 AND u.is_active"
);
lookup!(
    PLATFORM_ADMIN,
    "SELECT true FROM public.platform_admins AS a WHERE a.workos_user_id OPERATOR(pg_catalog.=) $1 AND a.is_active"
);

/// An active row of `users`.
pub struct Member {
    /// `users.organization_id`
    pub organization: Uuid,
    /// Whether `users.role` is admin.
    pub is_admin: bool,
}

/// Whether a table stands that belongs to whom we act as: one of another is not asked who may what.
fn is_ours(table: &CStr) -> bool {
    session::public_relation(table).is_some_and(|(_, owner)| owner == session::current_role())
}

/// A member, if he is active.
pub fn member(user: Uuid) -> Option<Member> {
    if !is_ours(c"users") {
        return None;
    }
    let read = MEMBER
        .with(|query| query.first(Snapshot::Callers, &[arg(user)], |row| (row.get::<Uuid>(1), row.get::<bool>(2))))?;
    let (Some(organization), is_admin) = read else { return None };
    Some(Member { organization, is_admin: is_admin.unwrap_or_default() })
}

/// Whether a subject is an active platform admin.
pub fn is_platform_admin(subject: &str) -> bool {
    is_ours(c"platform_admins")
        && PLATFORM_ADMIN.with(|query| query.first(Snapshot::Callers, &[arg(subject)], |_| ())).is_some()
}

/// The organisations of a person, by `profiles` and by `users`.
pub fn organizations(user: Uuid) -> Vec<Uuid> {
    let by_profile = system_models::person(user).and_then(|person| person.organization_id);
    let mut organizations: Vec<Uuid> = by_profile.into_iter().collect();
    organizations.extend(member(user).map(|member| member.organization).filter(|id| Some(*id) != by_profile));
    organizations
}
