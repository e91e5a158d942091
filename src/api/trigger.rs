//! Trigger functions of our tables.

use super::tenancy::current_member;
use crate::error::Error;
use crate::pg::trigger::{self, Before, RowTrigger, TriggerResult};
use crate::pg::{Reply, owner, session};
use crate::store::audit::Author;
use crate::store::system_models::Trial;
use crate::store::{
    audit_chain, catalogue_version, decisions, installation, organization_ids, privileged_columns, tenancy,
};
use pgrx::prelude::*;

/// Refuses a change of the columns named in CREATE TRIGGER, and of `id`, by a client; on INSERT they must have their defaults, and
/// an organisation no id that something of ours knows.
///
/// Errors: 42501. BEFORE INSERT OR UPDATE, FOR EACH ROW. Source: docs/design.md, "Acting as the tables' owner".
#[pg_extern(volatile, parallel_unsafe)]
fn guard_privileged_columns(fcinfo: pg_sys::FunctionCallInfo) -> Reply<TriggerResult> {
    Reply::of(|| {
        let trigger = RowTrigger::of(fcinfo).ok_or(Error::NotATrigger("BEFORE INSERT OR UPDATE FOR EACH ROW"))?;
        let privileged = trigger
            .table_owner()
            .is_some_and(|table_owner| installation::is_privileged(session::current_role(), table_owner));
        if privileged {
            return Ok(trigger.keep());
        }
        if let Some(column) = privileged_columns::first_set(&trigger) {
            return Err(Error::PrivilegedColumn(column));
        }
        match organization_ids::taken(&trigger) {
            None => Ok(trigger.keep()),
            Some(id) => Err(Error::OrganizationKnown(id.to_string())),
        }
    })
}

/// Refuses what a client may not change of a member: who he is, and, unless the client administers his organisation, his rights.
///
/// A new member is of the organisation that the client administers. Errors: 42501, 22P02 for malformed claims. BEFORE INSERT OR
/// UPDATE, FOR EACH ROW. Source: docs/design.md, "Tenancy".
#[pg_extern(volatile, parallel_unsafe)]
fn guard_members(fcinfo: pg_sys::FunctionCallInfo) -> Reply<TriggerResult> {
    Reply::of(|| {
        let trigger = RowTrigger::of(fcinfo).ok_or(Error::NotATrigger("BEFORE INSERT OR UPDATE FOR EACH ROW"))?;
        let privileged = trigger
            .table_owner()
            .is_some_and(|table_owner| installation::is_privileged(session::current_role(), table_owner));
        if privileged {
            return Ok(trigger.keep());
        }
        let administered = current_member()?.filter(|member| member.is_admin).map(|member| member.organization);
        match tenancy::first_forbidden(&trigger, administered) {
            None => Ok(trigger.keep()),
            Some(column) => Err(Error::PrivilegedColumn(column)),
        }
    })
}

/// Raises the catalogue's version before it is written.
///
/// BEFORE, so that writers wait for each other before they hold rows of the catalogue. FOR EACH STATEMENT; and FOR EACH
/// ROW in replication, whose apply process fires no statement triggers. Acts as the owner of `model_catalogue_version`,
/// since writers of the catalogue need not be able to write there.
#[pg_extern(volatile, parallel_unsafe)]
fn bump_catalogue_version(fcinfo: pg_sys::FunctionCallInfo) -> Reply<TriggerResult> {
    Reply::of(|| {
        let result = trigger::let_happen(fcinfo).ok_or(Error::NotATrigger("BEFORE INSERT OR UPDATE OR DELETE"))?;
        let (_, table_owner) = session::public_relation(c"model_catalogue_version")
            .ok_or_else(|| Error::NotInstalled("model_catalogue_version".to_owned()))?;
        owner::act_as(table_owner, catalogue_version::note_write);
        Ok::<_, Error>(result)
    })
}

/// Notes that the organisation of a row of `org_system_model_config` begins to try its model, unless it has begun before.
///
/// When a row that is inserted says that it was made, and not later than the clock. AFTER INSERT OR UPDATE, FOR EACH ROW. Acts as
/// the owner of `system_model_trials`, where nobody else writes. Errors: 39P01. Source: docs/design.md, "System models".
#[pg_extern(volatile, parallel_unsafe)]
fn note_trial_start(fcinfo: pg_sys::FunctionCallInfo) -> Reply<TriggerResult> {
    Reply::of(|| {
        let trigger = RowTrigger::after(fcinfo).filter(Trial::may_begin_by).ok_or(Error::NotATrigger(
            "AFTER INSERT OR UPDATE FOR EACH ROW, with organization_id and system_model_id in the row",
        ))?;
        let (_, table_owner) = session::public_relation(c"system_model_trials")
            .ok_or_else(|| Error::NotInstalled("system_model_trials".to_owned()))?;
        if let Some(trial) = Trial::of(&trigger, session::clock()) {
            owner::act_as(table_owner, || trial.note());
        }
        Ok::<_, Error>(trigger.keep())
    })
}

/// Writes a change of the columns named in CREATE TRIGGER into the audit log, with who made it, where `tenancy` is installed.
///
/// A row whose key or organisation changes is told as one that went and one that came. Arguments: the kind of thing, the column of
/// its key, the column of its organisation or an empty text, the columns. AFTER INSERT OR UPDATE OR DELETE, FOR EACH ROW. Acts as the owner of `audit_logs`. Errors: 39P01. Source: docs/design.md, "Audit log".
#[pg_extern(volatile, parallel_unsafe)]
fn note_decision(fcinfo: pg_sys::FunctionCallInfo) -> Reply<TriggerResult> {
    Reply::of(|| {
        let of_trigger = "AFTER INSERT OR UPDATE OR DELETE FOR EACH ROW, with columns of the table";
        let trigger = RowTrigger::after_any(fcinfo).ok_or(Error::NotATrigger(of_trigger))?;
        let Some(log_owner) = decisions::log_owner() else { return Ok(trigger.keep()) };
        let told = decisions::told(&trigger).ok_or(Error::NotATrigger(of_trigger))?;
        if !told.is_empty() {
            let author = Author::of_writer();
            owner::act_as(log_owner, || decisions::note(told, &author));
        }
        Ok::<_, Error>(trigger.keep())
    })
}

/// Puts a row of `audit_logs` at the end of its organisation's chain: place, hash and the hash before, copies of the references.
///
/// BEFORE INSERT, FOR EACH ROW; not in replica mode, where rows come with their hashes. Acts as the owner of `audit_log_heads`,
/// where nobody else writes. Errors: 54000. Source: docs/design.md, "Audit log".
#[pg_extern(volatile, parallel_unsafe)]
fn chain_audit_log(fcinfo: pg_sys::FunctionCallInfo) -> Reply<TriggerResult> {
    Reply::of(|| match trigger::before(fcinfo) {
        Some(Before::Insert(row)) => audit_chain::chained(&row),
        _ => Err(Error::NotATrigger("BEFORE INSERT FOR EACH ROW")),
    })
}

/// Refuses whatever changes or removes rows of `audit_logs`, whoever it is; but references to what is gone become NULL.
///
/// Errors: 55000. BEFORE UPDATE OR DELETE, FOR EACH ROW, and BEFORE TRUNCATE. Source: docs/design.md, "Audit log".
#[pg_extern(volatile, parallel_unsafe)]
fn keep_audit_log(fcinfo: pg_sys::FunctionCallInfo) -> Reply<TriggerResult> {
    Reply::of(|| match trigger::before(fcinfo) {
        Some(Before::Update(row)) if audit_chain::only_lets_go(&row) => Ok(row.keep()),
        Some(Before::Update(_) | Before::Removal) => Err(Error::AppendOnly),
        _ => Err(Error::NotATrigger("BEFORE UPDATE OR DELETE FOR EACH ROW, or BEFORE TRUNCATE")),
    })
}
