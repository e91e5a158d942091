//! What stood before `install()`: noted before it is touched, and put back by `uninstall()`.

use super::install::Line;
use super::modules::{self, MODULES};
use super::replaced::{self, BothWays, Statements};
use super::{in_owners_name, inventory};
use crate::error::Error;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Snapshot, arg, execute_text};
use crate::pg::{Report, report, session};
use crate::statement;
use std::ffi::CStr;

const SETTINGS: &CStr = c"model_access_settings";

statement!(
    KNOWN_TABLE,
    "SELECT $1 OPERATOR(pg_catalog.=) ANY (s.made_tables OPERATOR(pg_catalog.||) s.adopted_tables)
       FROM public.model_access_settings AS s WHERE s.singleton"
);
statement!(NOTE_TABLE, include_str!("../../sql/queries/note_table.sql"));
statement!(TABLE_DEFAULTS, include_str!("../../sql/queries/table_defaults.sql"));
statement!(ADOPTION_STATEMENTS, include_str!("../../sql/queries/adoption_statements.sql"));
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
        if stands && is_known(table)? {
            return Ok(Noted::Known);
        }
        replaced::forget("table", table)?;
        if stands {
            let ours = inventory::shipped(&[module]);
            let names = |kind| arg(inventory::names_of(&ours, kind));
            let args = [arg(table), names("policy"), names("trigger")];
            let statements = ADOPTION_STATEMENTS
                .with(|query| query.rows(Snapshot::Latest, &args, |row| row.get::<String>(1).unwrap_or_default()));
            replaced::remember("table", table, statements)?;
        }
        list(table, if stands { Noted::Adopted } else { Noted::Made })?;
        Ok(if stands { Noted::Adopted } else { Noted::Made })
    })
}

/// Those of some tables that an installation made or adopted. One that was put back is the application's, whatever the
/// policies on it are called.
pub fn installed(tables: Vec<String>) -> Result<Vec<String>, Error> {
    let known = tables.into_iter().map(|table| Ok((is_known(&table)?, table)));
    let known: Vec<_> = known.collect::<Result<_, Error>>()?;
    Ok(known.into_iter().filter(|(known, _)| *known).map(|(_, table)| table).collect())
}

fn is_known(table: &str) -> Result<bool, Error> {
    let args = [arg(table)];
    let read = || KNOWN_TABLE.with(|query| query.first(Snapshot::Latest, &args, |row| row.get::<bool>(1))).flatten();
    Ok(in_owners_name::of(SETTINGS, read)?.flatten() == Some(true))
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

/// Puts back what was replaced on some tables: `allowed_models` first, since privileges may name it.
pub fn put_back(tables: &[String]) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    for (kind, statements) in [("column", Statements::NeedTheFirst), ("table", Statements::StandAlone)] {
        for table in tables {
            let Some(result) = replaced::put_back(kind, table, statements)? else { continue };
            if kind == "table" {
                list(table, Noted::Known)?;
            }
            let object = match kind {
                "column" => format!("column public.{table}.allowed_models"),
                _ => format!("table public.{table}"),
            };
            lines.extend(replaced::lines(modules::owner_of(table), &object, result));
        }
    }
    Ok(lines)
}
