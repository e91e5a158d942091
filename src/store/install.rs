//! Making the tables and everything around them.

use super::modules::{self, LAST_FILE, MODULES, Module};
use super::{adoption, inventory, prerequisites};
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Snapshot, arg, execute_text};
use crate::pg::{Report, report, script, session};
use crate::statement;
use model_access_domain::inventory::{Entry, actions};
use std::ffi::CStr;

statement!(REVOKE_ATTACHING_STATEMENTS, include_str!("../../sql/queries/revoke_attaching_statements.sql"));

/// Two of them side by side would collide in the catalogue. The key is "model_ac" in ASCII.
const ONE_AT_A_TIME: &str = "SELECT pg_catalog.pg_advisory_xact_lock(7885631859321692515)";

/// How long a change of the schema waits at most for a table that somebody uses.
const LOCK_TIMEOUT: (&CStr, &CStr) = (c"lock_timeout", c"10s");
const LOCK_TIMEOUT_MS: i32 = 10_000;

/// One line of the answer of `install()` and `uninstall()`.
pub struct Line {
    /// The module.
    pub module: String,
    /// Kind and name.
    pub object: String,
    /// What was done to it.
    pub action: String,
}

/// Installs some modules as the caller, who owns what is made. Modules that stand are completed with them, since there is
/// one version for all.
pub fn install(wanted: &[&'static Module]) -> Result<Vec<Line>, Report> {
    take_turn();
    let modules = &with_standing(wanted);
    prerequisites::require(modules)?;
    warn_of_superuser();
    let before = inventory::standing(modules);
    quietly(|| {
        run_files(modules.iter().flat_map(|module| module.files.iter().copied()).chain([LAST_FILE]))?;
        revoke_attaching(modules::relations(modules));
        Ok::<_, Report>(())
    })?;
    for entry in before.iter().filter(|entry| entry.kind == "table" && entry.definition.starts_with("row security off"))
    {
        report::warn(
            Report::new(b"01000", "row level security was off and is on now")
                .detail(format!("Table {}. Clients see of it what its policies allow.", entry.object))
                .hint("Make policies for what they should see; install() makes none on tables of the application."),
        );
    }
    Ok(lines(&before, &inventory::standing(modules)))
}

/// Takes from everybody but the owner what lets him attach something of his own to tables, views and sequences.
pub fn revoke_attaching(relations: Vec<String>) {
    let revoke = REVOKE_ATTACHING_STATEMENTS
        .with(|query| query.rows(Snapshot::Latest, &[arg(relations)], |row| row.get::<String>(1).unwrap_or_default()));
    revoke.iter().for_each(|statement| execute_text(statement));
}

/// Waits until no other session changes the installation; it is this one's turn until the end of the transaction.
pub fn take_turn() {
    with_lock_timeout(|| execute_text(ONE_AT_A_TIME));
}

/// Runs `work` with a lock_timeout of ours, unless the caller is less patient.
fn with_lock_timeout<R>(work: impl FnOnce() -> R) -> R {
    if session::lock_timeout_ms().is_some_and(|callers| callers < LOCK_TIMEOUT_MS) {
        return work();
    }
    with_settings(&[LOCK_TIMEOUT], work)
}

/// Warns a superuser, who is about to own tables.
pub fn warn_of_superuser() {
    if session::is_superuser(session::current_role()) {
        report::warn(
            Report::new(b"01000", "a superuser will own the tables of model_access")
                .detail("The engine acts as their owner, so whatever is planted on them would run as a superuser.")
                .hint("Run install() as the role that owns the application's tables."),
        );
    }
}

/// Runs statements that change the schema: without notices, not waiting for locks for ever, names looked up in full.
pub fn quietly<R>(work: impl FnOnce() -> R) -> R {
    let settings = [(c"client_min_messages", c"warning")];
    with_lock_timeout(|| with_settings(&[&settings[..], &PLAIN_SQL[..]].concat(), work))
}

/// Runs SQL files, statement by statement, since later ones need what earlier ones made.
pub fn run_files(files: impl IntoIterator<Item = &'static str>) -> Result<(), Report> {
    for file in files {
        for statement in script::statements(file)? {
            execute_text(statement);
        }
    }
    Ok(())
}

fn with_standing(wanted: &[&'static Module]) -> Vec<&'static Module> {
    // Tables of people may be the application's, and so may those with names that many applications use: alone they tell
    // nothing.
    let stands = |module: &Module| {
        let there = |table: &&str| session::public_relation(&session::c_string(table)).is_some();
        !module.kept
            && module
                .tables
                .iter()
                .any(|table| there(table) && (!prerequisites::is_common(module) || adoption::is_installed(table)))
    };
    let standing: Vec<&str> =
        MODULES.iter().filter(|module| stands(module)).flat_map(|module| module.needs).copied().collect();
    MODULES
        .iter()
        .filter(|module| {
            wanted.iter().any(|named| named.name == module.name) || stands(module) || standing.contains(&module.name)
        })
        .collect()
}

fn lines(before: &[Entry], after: &[Entry]) -> Vec<Line> {
    actions(before, after)
        .into_iter()
        .map(|(entry, action)| Line {
            module: entry.module,
            object: format!("{} {}", entry.kind, entry.object),
            action: if entry.kind == "foreign function" { "left alone".to_owned() } else { action.word().to_owned() },
        })
        .collect()
}
