//! Taking away what `install()` made, so that DROP EXTENSION works and nothing is opened by it.

use super::install::Line;
use super::inventory::{self, shipped_names};
use super::modules::{self, Module};
use crate::error::Error;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::session;
use crate::pg::spi::{Snapshot, arg, execute_text};
use crate::statement;

statement!(UNINSTALL_STATEMENTS, include_str!("../../sql/queries/uninstall_statements.sql"));
statement!(DROP_TABLE_STATEMENTS, include_str!("../../sql/queries/drop_table_statements.sql"));

/// What a backup of a dropped table is called: the seed's rollback named that of model_access so.
const BACKUP_SUFFIX: &str = "_new_backup";

/// Drops policies, triggers and wrappers of some modules; with `drop_data` their tables too, except those that are kept.
pub fn uninstall(modules: &[&Module], drop_data: bool) -> Result<Vec<Line>, Error> {
    let settings = [(c"client_min_messages", c"warning"), (c"lock_timeout", c"10s")];
    let settings = [&settings[..], &PLAIN_SQL[..]].concat();
    with_settings(&settings, || {
        let mut lines = drop_objects(modules);
        if drop_data {
            lines.extend(drop_tables(modules)?);
        }
        execute_text("NOTIFY pgrst, 'reload schema'");
        Ok(lines)
    })
}

fn drop_objects(modules: &[&Module]) -> Vec<Line> {
    let args =
        [arg(modules::tables(modules)), arg(shipped_names(modules, "policy")), arg(shipped_names(modules, "trigger"))];
    let drops = UNINSTALL_STATEMENTS.with(|query| {
        query.rows(Snapshot::Latest, &args, |row| {
            let text = |position| row.get::<String>(position).unwrap_or_default();
            (text(1), text(2), text(3))
        })
    });
    let wrappers = inventory::standing(modules).into_iter().filter(|entry| entry.kind == "wrapper");
    let wrappers = wrappers.map(|entry| {
        let statement = format!("DROP FUNCTION {}", entry.object);
        (entry.kind, entry.object, statement)
    });
    let wrappers: Vec<_> = wrappers.collect();
    drops
        .into_iter()
        .chain(wrappers)
        .map(|(kind, object, statement)| {
            execute_text(&statement);
            Line { module: module_of(&object), object: format!("{kind} {object}"), action: "dropped".to_owned() }
        })
        .collect()
}

fn drop_tables(modules: &[&Module]) -> Result<Vec<Line>, Error> {
    let tables: Vec<String> = modules
        .iter()
        .filter(|module| !module.kept)
        .flat_map(|module| module.tables)
        .map(|table| (*table).to_owned())
        .collect();
    for table in &tables {
        let backup = format!("{table}{BACKUP_SUFFIX}");
        if session::public_relation(&session::c_string(&backup)).is_some() {
            return Err(Error::Refused(
                "a backup of an earlier rollback is still there",
                format!("public.{backup} would have to be overwritten."),
                format!("Rename or drop public.{backup}, then run uninstall() again."),
            ));
        }
    }
    let drops = DROP_TABLE_STATEMENTS.with(|query| {
        query.rows(Snapshot::Latest, &[arg(tables), arg(BACKUP_SUFFIX)], |row| {
            (row.get::<String>(1), row.get::<String>(2).unwrap_or_default())
        })
    });
    Ok(drops
        .into_iter()
        .filter_map(|(object, statement)| {
            execute_text(&statement);
            let object = object?;
            let action = if statement.starts_with("DROP") { "dropped" } else { "created" };
            Some(Line { module: module_of(&object), object: format!("table {object}"), action: action.to_owned() })
        })
        .collect())
}

/// The module of an object whose name holds the name of one of our tables or functions.
fn module_of(object: &str) -> String {
    let words = object.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words
        .rev()
        .map(|word| modules::owner_of(word.trim_end_matches(BACKUP_SUFFIX)))
        .find(|module| !module.is_empty())
        .unwrap_or_default()
        .to_owned()
}
