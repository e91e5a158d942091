//! Making the tables and everything around them.

use super::inventory;
use super::modules::{self, LAST_FILE, MODULES, Module};
use crate::error::Error;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Snapshot, arg, execute_text};
use crate::pg::{Report, report, script, session};
use crate::statement;
use model_access_domain::inventory::{Entry, actions};

statement!(REVOKE_ATTACHING_STATEMENTS, include_str!("../../sql/queries/revoke_attaching_statements.sql"));
statement!(PREREQUISITES, include_str!("../../sql/queries/prerequisites.sql"));

/// Two first installations side by side would collide in the catalogue. The key is "model_ac" in ASCII.
const ONE_AT_A_TIME: &str = "SELECT pg_catalog.pg_advisory_xact_lock(7885631859321692515)";

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
    with_settings(&[(c"lock_timeout", c"10s")], || execute_text(ONE_AT_A_TIME));
    let modules = &with_standing(wanted);
    refuse_unless_ready(modules)?;
    if session::is_superuser(session::current_role()) {
        report::warn(
            Report::new(b"01000", "a superuser will own the tables of model_access")
                .detail("The engine acts as their owner, so whatever is planted on them would run as a superuser.")
                .hint("Run install() as the role that owns the application's tables."),
        );
    }
    let before = inventory::standing(modules);
    let settings = [(c"client_min_messages", c"warning"), (c"lock_timeout", c"10s")];
    let settings = [&settings[..], &PLAIN_SQL[..]].concat();
    with_settings(&settings, || {
        let files = modules.iter().flat_map(|module| module.files.iter().copied()).chain([LAST_FILE]);
        for file in files {
            for statement in script::statements(file)? {
                execute_text(statement);
            }
        }
        let tables = [arg(modules::tables(modules))];
        let revoke = REVOKE_ATTACHING_STATEMENTS
            .with(|query| query.rows(Snapshot::Latest, &tables, |row| row.get::<String>(1).unwrap_or_default()));
        revoke.iter().for_each(|statement| execute_text(statement));
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

fn with_standing(wanted: &[&'static Module]) -> Vec<&'static Module> {
    // Tables of people may be the application's: alone they tell nothing.
    let stands = |module: &Module| {
        !module.kept && module.tables.iter().any(|table| session::public_relation(&session::c_string(table)).is_some())
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

/// 55000 with the command that helps, before anything is changed.
fn refuse_unless_ready(modules: &[&Module]) -> Result<(), Error> {
    let problems = with_settings(&PLAIN_SQL, || {
        PREREQUISITES.with(|query| {
            query.rows(Snapshot::Latest, &[arg(modules::tables(modules))], |row| {
                (row.get::<String>(1).unwrap_or_default(), row.get::<String>(2).unwrap_or_default())
            })
        })
    });
    let Some((first, _)) = problems.first() else {
        return Ok(());
    };
    let subjects: Vec<&str> =
        problems.iter().filter(|(problem, _)| problem == first).map(|(_, subject)| subject.as_str()).collect();
    let subjects = subjects.join(", ");
    let (message, detail, hint) = match first.as_str() {
        "encoding" => (
            "the database is not in UTF8",
            format!("Its encoding is {subjects}; model names are any Unicode."),
            "CREATE DATABASE … ENCODING 'UTF8'".to_owned(),
        ),
        "environment" => (
            "this database lacks what Supabase provides",
            format!("Missing: {subjects}."),
            "Run sql/supabase_compat.sql as a superuser, then install() again.".to_owned(),
        ),
        "late_roles" => (
            "the API roles were made after the extension",
            format!("No privileges on its functions: {subjects}."),
            "Run DROP EXTENSION model_access; CREATE EXTENSION model_access; — it holds no data.".to_owned(),
        ),
        "owner" => (
            "tables of model_access belong to another role",
            format!("{subjects}; you are {}.", session::role_name(session::current_role())),
            "Run install() as that role, or ALTER TABLE … OWNER TO so that one role owns all of them.".to_owned(),
        ),
        "old_shape" => (
            "public.model_access has the shape from before the migration",
            format!("{subjects}."),
            "Run ALTER TABLE public.model_access RENAME TO model_access_backup; then install() again.".to_owned(),
        ),
        "shape" => (
            "a table of the application lacks what the engine needs",
            format!("Missing: {subjects}."),
            "Add it, or rename the table, then run install() again.".to_owned(),
        ),
        "not_a_table" => (
            "a name of ours is taken by something that is not a table",
            format!("{subjects}."),
            "Rename it, then run install() again.".to_owned(),
        ),
        _ => (
            "a table that the engine writes has an initially deferred constraint",
            format!("{subjects}. A deferred trigger cannot fire in a security-restricted operation."),
            "Run ALTER TABLE … ALTER CONSTRAINT … INITIALLY IMMEDIATE; then install() again.".to_owned(),
        ),
    };
    Err(Error::Refused(message, detail, hint))
}
