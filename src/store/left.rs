//! What `install()` leaves of a table, in lines of text: a policy, a trigger, a column, the privileges of a role, a comment.
//!
//! What it replaced is remembered with such a line, and put back only while the line holds: else the application has
//! closed, tightened or described something since, and that is its last word.

use super::inventory;
use super::modules::{self, MODULES, Module};
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Snapshot, arg};
use crate::statement;
use std::collections::HashSet;

statement!(STANDING_LINES, include_str!("../../sql/queries/standing_lines.sql"));

/// What `install()` makes of the tables of a module, as names and what is said of them. Policies and privileges of people's
/// tables are left as the application made them.
pub fn by_install(module: &Module) -> (Vec<String>, Vec<String>) {
    let peoples = module.name == modules::PEOPLE;
    let entries = inventory::shipped(&[module]).into_iter().filter(|entry| match entry.kind.as_str() {
        "trigger" => true,
        "policy" | "privileges" | "column" => !peoples,
        _ => false,
    });
    let entries = entries.map(|entry| (format!("{} {}", entry.kind, entry.object), entry.definition));
    entries.chain(module.files.iter().flat_map(|file| file.lines()).filter_map(comment)).unzip()
}

/// The name and the text of a comment on a table or column that a line of a schema file makes.
fn comment(line: &str) -> Option<(String, String)> {
    let (object, text) = line.strip_prefix("COMMENT ON ")?.strip_suffix("';")?.split_once(" IS '")?;
    let of_a_table = object.starts_with("TABLE ") || object.starts_with("COLUMN ");
    of_a_table.then(|| (format!("comment {object}"), text.replace("''", "'")))
}

/// What stands of all tables.
#[derive(Default)]
pub struct Standing(HashSet<String>);

impl Standing {
    /// What stands now.
    pub fn now() -> Self {
        let modules: Vec<_> = MODULES.iter().collect();
        let entries = inventory::standing(&modules).into_iter().filter(|entry| entry.kind != "privileges");
        let mut lines: HashSet<_> =
            entries.map(|entry| format!("{} {}: {}", entry.kind, entry.object, entry.definition)).collect();
        let args = [arg(modules::tables(&modules))];
        lines.extend(with_settings(&PLAIN_SQL, || {
            STANDING_LINES
                .with(|query| query.rows(Snapshot::Latest, &args, |row| row.get::<String>(1).unwrap_or_default()))
        }));
        Self(lines)
    }

    /// Whether a line holds. Roles without privileges are not listed.
    pub fn holds(&self, line: &str) -> bool {
        let without = line.strip_suffix(": nothing").map(|name| format!("{name}: "));
        self.0.contains(line) || without.is_some_and(|name| !self.0.iter().any(|standing| standing.starts_with(&name)))
    }
}
