//! What stood before `install()`: noted before it is touched, and put back by `uninstall()`.

use super::install::Line;
use super::left::{self, Standing};
use super::modules::{self, MODULES, Module};
use super::replaced::{self, BothWays, Kept, Statements};
use super::{in_owners_name, inventory};
use crate::error::Error;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Snapshot, arg, execute_text};
use crate::pg::{Report, report, session};
use crate::statement;
use std::ffi::CStr;

const SETTINGS: &CStr = c"model_access_settings";
/// How statements begin that put back what kept a table from being a ledger, and executions from outliving their chats.
const LEDGERS: [&str; 3] =
    ["ALTER TABLE public.ai_usage ", "ALTER TABLE public.ai_model_usage ", "ALTER TABLE public.agent_executions "];
/// The table of people whose `role` install() adds.
const USER_PROFILES: &str = "user_profiles";
/// Where the roles go when install()'s column is taken away again.
const ROLES_BACKUP: &str = "user_profiles_role_backup";

statement!(
    KNOWN_TABLE,
    "SELECT CASE WHEN $1 OPERATOR(pg_catalog.=) ANY (s.adopted_tables) THEN 'adopted'
                 WHEN $1 OPERATOR(pg_catalog.=) ANY (s.made_tables) THEN 'made' END
       FROM public.model_access_settings AS s WHERE s.singleton"
);
statement!(NOTE_TABLE, include_str!("../../sql/queries/note_table.sql"));
statement!(TABLE_DEFAULTS, include_str!("../../sql/queries/table_defaults.sql"));
statement!(ADOPTION_STATEMENTS, include_str!("../../sql/queries/adoption_statements.sql"));
statement!(ROLE_COLUMN_STATEMENTS, include_str!("../../sql/queries/role_column_statements.sql"));
statement!(ALLOWED_MODELS_STATEMENTS, include_str!("../../sql/queries/allowed_models_statements.sql"));

/// What is known of a table after it was noted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It is not there: what comes now is made by us.
    Made,
    /// It was there before anything of ours.
    Adopted,
    /// An earlier installation noted it.
    Known,
}

impl Noted {
    /// The word that `note_table()` returns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Adopted => "adopted",
            Self::Known => "known",
        }
    }
}

/// Notes whether a table of ours stands already, and what is about to be replaced on it.
pub fn note_table(table: &str) -> Result<Noted, Error> {
    let module = MODULES.iter().find(|module| module.tables.contains(&table)).ok_or_else(|| {
        let known: Vec<&str> = MODULES.iter().flat_map(|module| module.tables).copied().collect();
        Error::UnknownTable(table.to_owned(), known.join(", "))
    })?;
    with_settings(&PLAIN_SQL, || {
        let stands = session::public_relation(&session::c_string(table)).is_some();
        if let Some(how) = known(table)?.filter(|_| stands) {
            if how == "adopted" {
                note_again(table, module)?;
                note_role_column(table)?;
            }
            return Ok(Noted::Known);
        }
        replaced::forget("table", table)?;
        if stands {
            let statements = as_it_stands(table, module).into_iter().map(|(kept, _)| kept).collect();
            replaced::remember("table", table, statements)?;
            note_role_column(table)?;
        }
        list(table, if stands { Noted::Adopted } else { Noted::Made })?;
        Ok(if stands { Noted::Adopted } else { Noted::Made })
    })
}

/// The statements that put a table back as it stands now, each comment with the line that tells of it.
fn as_it_stands(table: &str, module: &Module) -> Vec<(Kept, Option<String>)> {
    let (names, definitions) = left::by_install(module);
    let args = [arg(table), arg(names), arg(definitions), arg(module.name == modules::PEOPLE)];
    ADOPTION_STATEMENTS.with(|query| {
        query.rows(Snapshot::Latest, &args, |row| {
            let kept = Kept { statement: row.get::<String>(1).unwrap_or_default(), only_while: row.get::<String>(2) };
            (kept, row.get::<String>(3))
        })
    })
}

/// Keeps how `user_profiles.role` is taken away again, where it is not there yet and so is ours.
fn note_role_column(table: &str) -> Result<(), Error> {
    if table != USER_PROFILES {
        return Ok(());
    }
    let statements = ROLE_COLUMN_STATEMENTS
        .with(|query| query.rows(Snapshot::Latest, &[], |row| Kept::from(row.get::<String>(1).unwrap_or_default())));
    if statements.is_empty() { Ok(()) } else { replaced::remember("column", table, statements) }
}

/// Keeps the comments that the application has made since, in the place of those from before: the schema files are about to
/// write theirs. And what it has put on the ledger since: they are about to take it off.
fn note_again(table: &str, module: &Module) -> Result<(), Error> {
    let before = replaced::statements("table", table)?;
    let mut kept = before.clone();
    let object = |kept: &Kept| kept.statement.split_once(" IS ").map(|(object, _)| object.to_owned());
    for (comment, line) in as_it_stands(table, module) {
        if LEDGERS.iter().any(|ledger| comment.statement.starts_with(ledger)) && !kept.contains(&comment) {
            kept.push(comment);
            continue;
        }
        if !comment.statement.starts_with("COMMENT ON ") {
            continue;
        }
        let known = kept.iter_mut().find(|known| object(known) == object(&comment));
        let only_whiles = [comment.only_while.as_ref(), known.as_ref().and_then(|known| known.only_while.as_ref())];
        let is_ours = line.is_some() && only_whiles.contains(&line.as_ref());
        match known {
            Some(known) if is_ours => known.only_while = comment.only_while,
            Some(known) => *known = comment,
            None if is_ours || line.is_none() => {}
            None => kept.push(comment),
        }
    }
    if kept == before { Ok(()) } else { replaced::remember("table", table, kept) }
}

/// Those of some tables that an installation made or adopted. One that was put back is the application's, whatever the
/// policies on it are called.
pub fn installed(tables: Vec<String>) -> Result<Vec<String>, Error> {
    let known = tables.into_iter().map(|table| Ok((known(&table)?, table)));
    let known: Vec<_> = known.collect::<Result<_, Error>>()?;
    Ok(known.into_iter().filter(|(known, _)| known.is_some()).map(|(_, table)| table).collect())
}

/// Whether an installation knows a table; true where only its owner can tell.
pub fn is_installed(table: &str) -> bool {
    known(table).map_or(true, |known| known.is_some())
}

/// Whether a table stood before anything of ours.
pub fn is_adopted(table: &str) -> Result<bool, Error> {
    Ok(known(table)?.as_deref() == Some("adopted"))
}

/// How a table is known: "made" or "adopted".
fn known(table: &str) -> Result<Option<String>, Error> {
    let args = [arg(table)];
    let read = || KNOWN_TABLE.with(|query| query.first(Snapshot::Latest, &args, |row| row.get::<String>(1))).flatten();
    in_owners_name::of(SETTINGS, read).map(Option::flatten)
}

/// Puts a table into the list of those made or adopted, and repeats the lists as defaults of their columns.
fn list(table: &str, noted: Noted) -> Result<(), Error> {
    let args = [arg(table), arg(noted == Noted::Made), arg(noted == Noted::Adopted)];
    let write = || {
        NOTE_TABLE.with(|query| query.execute(&args));
        let defaults = TABLE_DEFAULTS
            .with(|query| query.rows(Snapshot::Latest, &[], |row| row.get::<String>(1).unwrap_or_default()));
        defaults.iter().for_each(|statement| execute_text(statement));
    };
    let written = in_owners_name::of(SETTINGS, write)?;
    written.ok_or_else(|| Error::NotInstalled(SETTINGS.to_string_lossy().into_owned()))
}

/// A table that is gone: what comes under its name is not known.
pub fn forget(table: &str) -> Result<(), Error> {
    if known(table)?.is_some() { list(table, Noted::Known) } else { Ok(()) }
}

/// Takes `profiles.allowed_models` away, with a closed backup; whether it was there.
pub fn set_aside_allowed_models() -> Result<bool, Error> {
    with_settings(&PLAIN_SQL, || {
        let statements = ALLOWED_MODELS_STATEMENTS.with(BothWays::of);
        let there = !statements.forth.is_empty();
        if there {
            statements.go("column", "profiles", c"profiles")?;
            warn_of_readers();
        }
        Ok(there)
    })
}

/// Functions that still read the column fail when they are called: nothing but their text tells of it.
fn warn_of_readers() {
    let readers = inventory::readers_of_allowed_models();
    if !readers.is_empty() {
        report::warn(
            Report::new(b"01000", "functions refer to profiles.allowed_models, which is gone")
                .detail(format!("Functions: {}.", readers.join(", ")))
                .hint("Let them use get_user_allowed_models_v2()."),
        );
    }
}

/// Puts back what was replaced on some tables: columns first, since privileges may name them.
pub fn put_back(tables: &[String], standing: &Standing) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    for (kind, statements) in [("column", Statements::NeedTheFirst), ("table", Statements::StandAlone)] {
        for table in tables {
            let Some(result) = replaced::put_back(kind, table, statements, standing)? else { continue };
            if kind == "table" {
                list(table, Noted::Known)?;
            }
            let (object, done) = match (kind, table.as_str()) {
                ("column", USER_PROFILES) => {
                    (format!("column public.{table}.role"), format!("dropped, its values are in public.{ROLES_BACKUP}"))
                }
                ("column", _) => (format!("column public.{table}.allowed_models"), replaced::PUT_BACK.to_owned()),
                _ => (format!("table public.{table}"), replaced::PUT_BACK.to_owned()),
            };
            let told = replaced::lines(modules::owner_of(table), &object, result).into_iter();
            lines.extend(told.map(|line| match line.action.as_str() {
                replaced::PUT_BACK => Line { action: done.clone(), ..line },
                _ => line,
            }));
        }
    }
    Ok(lines)
}
