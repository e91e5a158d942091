//! Taking away what `install()` made, so that DROP EXTENSION works and nothing is opened by it.

use super::install::Line;
use super::inventory::{self, expected_names};
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
    let args = [
        arg(modules::tables(modules)),
        arg(expected_names(modules, "policy")),
        arg(expected_names(modules, "trigger")),
    ];
    let mut drops = UNINSTALL_STATEMENTS.with(|query| {
        query.rows(Snapshot::Latest, &args, |row| {
            let text = |position| row.get::<String>(position).unwrap_or_default();
            let line = line(modules::owner_of(&text(1)), &text(2), &text(3), "dropped");
            (line, text(4))
        })
    });
    for entry in inventory::standing(modules) {
        if entry.kind == "wrapper" {
            let line = line(&entry.module, &entry.kind, &entry.object, "dropped");
            drops.push((line, format!("DROP FUNCTION {}", entry.object)));
        }
    }
    let run = |(line, statement): (Line, String)| {
        execute_text(&statement);
        line
    };
    drops.into_iter().map(run).collect()
}

fn line(module: &str, kind: &str, object: &str, action: &str) -> Line {
    Line { module: module.to_owned(), object: format!("{kind} {object}"), action: action.to_owned() }
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
    let steps = DROP_TABLE_STATEMENTS.with(|query| {
        query.rows(Snapshot::Latest, &[arg(tables), arg(BACKUP_SUFFIX)], |row| {
            let text = |position| row.get::<String>(position);
            let module = modules::owner_of(&text(1).unwrap_or_default());
            let told = text(2).zip(text(3)).map(|(object, action)| line(module, "table", &object, &action));
            (told, text(4).unwrap_or_default())
        })
    });
    let run = |(told, statement): (Option<Line>, String)| {
        execute_text(&statement);
        told
    };
    Ok(steps.into_iter().filter_map(run).collect())
}
