//! Members and admins, as the tables of seed 003 have them. Where a table is not installed, nobody is in it.
//!
//! What is not said to read in the caller's rights acts as the owner of our tables: callers go through
//! [`super::installation::Installation::as_owner`].

use super::system_models;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg};
use crate::pg::trigger::RowTrigger;
use crate::pg::tuplestore::Sink;
use crate::{lookup, statement};
use pgrx::Uuid;
use std::ffi::CStr;

lookup!(
    MEMBER,
    "SELECT u.organization_id, u.role::pg_catalog.text OPERATOR(pg_catalog.=) 'admin'
       FROM public.users AS u WHERE u.id OPERATOR(pg_catalog.=) $1 AND u.is_active"
);
lookup!(
    PLATFORM_ADMIN,
    "SELECT a.id FROM public.platform_admins AS a WHERE a.workos_user_id OPERATOR(pg_catalog.=) $1 AND a.is_active"
);
lookup!(
    IS_INSTALLED,
    "SELECT true FROM public.model_access_settings AS s
      WHERE s.singleton AND $1 OPERATOR(pg_catalog.=) ANY (s.made_tables OPERATOR(pg_catalog.||) s.adopted_tables)"
);
statement!(EFFECTIVE_PROMPTS, include_str!("../../sql/queries/effective_system_prompts.sql"));
statement!(
    DELETE_EXPIRED_SESSIONS,
    "DELETE FROM public.user_sessions AS s WHERE s.expires_at OPERATOR(pg_catalog.<=) pg_catalog.now()"
);

/// An active row of `users`.
pub struct Member {
    /// `users.organization_id`
    pub organization: Uuid,
    /// Whether `users.role` is admin.
    pub is_admin: bool,
}

/// Whether a table was installed, and belongs to whom we act as: one of the application that only has the name is not asked who
/// may what.
pub fn is_ours(table: &CStr) -> bool {
    let name = table.to_string_lossy();
    session::own_public_relation(table).is_some()
        && IS_INSTALLED.with(|query| query.first(Snapshot::Callers, &[arg(name.as_ref())], |_| ())).is_some()
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

/// The row of a subject who is an active platform admin.
pub fn platform_admin(subject: &str) -> Option<Uuid> {
    if !is_ours(c"platform_admins") {
        return None;
    }
    PLATFORM_ADMIN.with(|query| query.first(Snapshot::Callers, &[arg(subject)], |row| row.get::<Uuid>(1))).flatten()
}

/// The organisations of a person, by `profiles` and by `users`.
pub fn organizations(user: Uuid) -> Vec<Uuid> {
    let by_profile = system_models::person(user).and_then(|person| person.organization_id);
    let mut organizations: Vec<Uuid> = by_profile.into_iter().collect();
    organizations.extend(member(user).map(|member| member.organization).filter(|id| Some(*id) != by_profile));
    organizations
}

/// Columns of `users` that say who somebody is: nobody changes them who is not privileged.
const IDENTITY: [&str; 2] = ["id", ORGANIZATION];
const ORGANIZATION: &str = "organization_id";
/// Columns of `users` that say what he may do: the admin of his organisation changes them.
const RIGHTS: [&str; 2] = ["role", "is_active"];

/// The first column of a row of `users` that the statement sets to what the caller, who administers an organisation or none,
/// may not set.
pub fn first_forbidden(trigger: &RowTrigger, administered: Option<Uuid>) -> Option<String> {
    // A guard of a column that was renamed away guards nothing: then nobody passes.
    if let Some(missing) = IDENTITY.iter().chain(&RIGHTS).find(|column| !trigger.has_column(column)) {
        return Some((*missing).to_owned());
    }
    let place = trigger.place(ORGANIZATION);
    let is_administered =
        |row: Row| administered.is_some_and(|administered| row.get::<Uuid>(place) == Some(administered));
    let forbidden = if !trigger.is_update() {
        (!is_administered(trigger.new_row())).then_some(&ORGANIZATION)
    } else {
        let rights = RIGHTS.iter().filter(|_| !is_administered(trigger.old_row()));
        IDENTITY.iter().chain(rights).find(|column| trigger.changes(column))
    };
    forbidden.map(|column| (*column).to_owned())
}

/// Sends the prompts that hold for a member of an organisation, as far as the caller may see them, into the result of the running
/// function. In the caller's rights.
pub fn effective_prompts(user: Option<Uuid>, organization: Option<Uuid>, sink: &Sink) {
    EFFECTIVE_PROMPTS.with(|query| sink.append(query, Snapshot::Callers, &[arg(user), arg(organization)]));
}

/// Deletes sessions that are over; returns how many.
pub fn delete_expired_sessions() -> u64 {
    DELETE_EXPIRED_SESSIONS.with(|query| query.execute(&[]))
}
