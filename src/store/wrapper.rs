//! The functions in `public` around those of the extension.

use super::inventory;
use super::modules::MODULES;
use crate::error::Error;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Snapshot, arg, execute_text};
use crate::pg::{Report, report};
use crate::statement;

statement!(WRAPPER_DEFINITION, include_str!("../../sql/queries/wrapper_definition.sql"));

/// What became of a wrapper.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It was not there.
    Created,
    /// It was there; its definition and grants are as they should be.
    Kept,
    /// Another function has the name.
    LeftAlone,
    /// The library is newer than the extension's SQL, which does not have the function yet.
    NotYet,
}

impl Made {
    /// The word that `make_wrapper()` returns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Kept => "kept",
            Self::LeftAlone => "left alone",
            Self::NotYet => "not yet",
        }
    }
}

/// Makes `public.<name>`, unless a function of that name is there that is not a wrapper of ours.
pub fn make(name: &str) -> Result<Made, Error> {
    if !MODULES.iter().any(|module| module.functions.contains(&name)) {
        return Err(Error::UnknownFunction(name.to_owned()));
    }
    // The generated statements name everything in full; the path is pinned all the same.
    with_settings(&PLAIN_SQL, || Ok(make_anew(name)))
}

fn make_anew(name: &str) -> Made {
    let standing = inventory::standing_functions(&[name]);
    let stands = |kind: &str| standing.iter().any(|entry| entry.kind == kind);
    if stands("foreign function") {
        return Made::LeftAlone;
    }
    match (replace(name), stands("wrapper")) {
        (false, _) => {
            report::warn(
                Report::new(b"01000", "a function cannot be made yet")
                    .detail(format!("public.{name} needs a newer version of the extension than is installed."))
                    .hint("Run ALTER EXTENSION model_access UPDATE; and install() again."),
            );
            Made::NotYet
        }
        (true, true) => Made::Kept,
        (true, false) => Made::Created,
    }
}

/// Makes the wrapper, in the place of what stands under its name and arguments; false when the extension has no such function.
pub fn replace(name: &str) -> bool {
    let statements = WRAPPER_DEFINITION
        .with(|query| query.rows(Snapshot::Latest, &[arg(name)], |row| row.get::<String>(1).unwrap_or_default()));
    statements.iter().for_each(|statement| execute_text(statement));
    !statements.is_empty()
}
