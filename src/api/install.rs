//! Installation, verification, roll-back.

use crate::error::Error;
use crate::pg::{Reply, Report};
use crate::store::install::Line;
use crate::store::{install, inventory, modules, pgcrypto, uninstall};
use pgrx::prelude::*;

pub(super) type Actions = TableIterator<'static, (String, String, String)>;
type Entries = TableIterator<'static, (String, String, String, String)>;
type Checks = TableIterator<'static, (String, String, String, Option<String>, bool)>;

pub(super) fn actions(lines: Vec<Line>) -> Actions {
    TableIterator::new(lines.into_iter().map(|line| (line.module, line.object, line.action)).collect::<Vec<_>>())
}

/// Creates or completes the objects of some modules (NULL: all) as the caller, who owns them.
///
/// One row per object: created, changed, kept, left alone. Errors: 55000 with a HINT when the database is not ready,
/// 22023 for an unknown module. Source: docs/design.md, "Code and data".
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.install(modules text[] DEFAULT NULL)
RETURNS TABLE (module text, object text, action text)
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn install(modules: Option<Vec<Option<String>>>) -> Reply<Actions> {
    Reply::of(|| {
        let wanted = modules::with_needed(modules.as_deref())?;
        if modules.iter().flatten().any(|name| name.as_deref() == Some(modules::OAUTH)) {
            pgcrypto::require()?;
        }
        let lines = install::install(&wanted)?;
        Ok::<_, Report>(actions(lines))
    })
}

/// Compares what stands with what `install()` makes.
///
/// Errors: 22023 for an unknown module.
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.verify(modules text[] DEFAULT NULL)
RETURNS TABLE (module text, check_name text, expected text, actual text, ok boolean)
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn verify(modules: Option<Vec<Option<String>>>) -> Reply<Checks> {
    Reply::of(|| {
        let checks = inventory::check(&modules::with_needed(modules.as_deref())?);
        let rows: Vec<_> = checks
            .into_iter()
            .map(|check| (check.module, check.check_name, check.expected, check.actual, check.ok))
            .collect();
        Ok::<_, Error>(TableIterator::new(rows))
    })
}

/// What stands of some modules, object by object, as `verify()` compares it.
///
/// Errors: 22023 for an unknown module.
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.inventory(modules text[] DEFAULT NULL)
RETURNS TABLE (module text, kind text, object text, definition text)
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn inventory(modules: Option<Vec<Option<String>>>) -> Reply<Entries> {
    Reply::of(|| {
        let entries = inventory::standing(&modules::with_needed(modules.as_deref())?);
        let rows: Vec<_> =
            entries.into_iter().map(|entry| (entry.module, entry.kind, entry.object, entry.definition)).collect();
        Ok::<_, Error>(TableIterator::new(rows))
    })
}

/// Takes away policies, triggers and wrappers of some modules and of those that need them; with `drop_data` the tables too, after closed backups.
///
/// Errors: 55000 when an older backup is in the way or others can write what would be run, 42501 without the rights of the
/// tables' owner, 22023 for an unknown module.
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.uninstall(modules text[] DEFAULT NULL, drop_data boolean DEFAULT false)
RETURNS TABLE (module text, object text, action text)
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn uninstall(modules: Option<Vec<Option<String>>>, drop_data: Option<bool>) -> Reply<Actions> {
    Reply::of(|| {
        let lines = uninstall::uninstall(&modules::with_dependants(modules.as_deref())?, drop_data.unwrap_or(false))?;
        Ok::<_, Error>(actions(lines))
    })
}
