//! The statements that put back what was replaced, in `public.model_access_replaced`.

use super::install::Line;
use crate::pg::owner::{self, with_settings};
use crate::pg::report::Report;
use crate::pg::session;
use crate::pg::spi::{Snapshot, Statement, arg, execute_text};
use crate::pg::subtransaction::{self, Failure};
use crate::statement;
use std::ffi::CStr;

const TABLE: &CStr = c"model_access_replaced";

/// A function of the application may name things that only its own path finds: its text is taken as it was.
const SETTINGS: [(&CStr, &CStr); 2] = [(c"search_path", c"pg_catalog, pg_temp"), (c"check_function_bodies", c"off")];

/// The classes of errors that tell of missing objects and rights, and of rows that break a rule.
const NO_LONGER_FITS: [&str; 2] = ["42", "23"];

statement!(
    REMEMBER,
    "INSERT INTO public.model_access_replaced (kind, name, place, statement)
     SELECT $1, $2, f.place, f.statement
       FROM unnest($3::pg_catalog.text[]) WITH ORDINALITY AS f (statement, place)"
);
statement!(
    FORGET,
    "DELETE FROM public.model_access_replaced AS r
      WHERE r.kind OPERATOR(pg_catalog.=) $1 AND r.name OPERATOR(pg_catalog.=) $2"
);
statement!(
    STATEMENTS,
    "SELECT r.statement FROM public.model_access_replaced AS r
      WHERE r.kind OPERATOR(pg_catalog.=) $1 AND r.name OPERATOR(pg_catalog.=) $2 ORDER BY r.place"
);

/// What a query makes of the catalogue: statements that change something, and those that undo it.
pub struct BothWays {
    /// To be run now.
    pub forth: Vec<String>,
    /// To be remembered.
    pub back: Vec<String>,
}

impl BothWays {
    /// Reads rows of a boolean, whether it is forth, and a statement.
    pub fn of(query: &Statement) -> Self {
        let statements = query.rows(Snapshot::Latest, &[], |row| {
            (row.get::<bool>(1).unwrap_or_default(), row.get::<String>(2).unwrap_or_default())
        });
        let (forth, back): (Vec<_>, Vec<_>) = statements.into_iter().partition(|(forth, _)| *forth);
        let texts = |statements: Vec<(bool, String)>| statements.into_iter().map(|(_, statement)| statement).collect();
        Self { forth: texts(forth), back: texts(back) }
    }

    /// Remembers the way back, then goes forth.
    pub fn go(self, kind: &str, name: &str) {
        remember(kind, name, self.back);
        self.forth.iter().for_each(|statement| execute_text(statement));
    }
}

/// Keeps the statements that bring an object back as it is now.
pub fn remember(kind: &str, name: &str, statements: Vec<String>) {
    forget(kind, name);
    REMEMBER.with(|query| query.execute(&[arg(kind), arg(name), arg(statements)]));
}

/// Drops what was kept of an object.
pub fn forget(kind: &str, name: &str) {
    if session::public_relation(TABLE).is_none() {
        return;
    }
    FORGET.with(|query| query.execute(&[arg(kind), arg(name)]));
}

/// The statements kept of an object.
pub fn statements(kind: &str, name: &str) -> Vec<String> {
    if session::public_relation(TABLE).is_none() {
        return Vec::new();
    }
    STATEMENTS.with(|query| {
        query.rows(Snapshot::Latest, &[arg(kind), arg(name)], |row| row.get::<String>(1).unwrap_or_default())
    })
}

/// Brings an object back; `None` when nothing of it was kept.
///
/// The statements run as the owner of the table in which they stand, who alone could write them: a superuser who calls
/// `uninstall()` lends them nothing. One that no longer fits (a role or a column is gone, rows break it) does not hold up the
/// others: it is returned with its error.
pub fn put_back(kind: &str, name: &str) -> Option<Vec<(String, String)>> {
    let statements = statements(kind, name);
    if statements.is_empty() {
        return None;
    }
    let failures = statements.into_iter().filter_map(|statement| run(&statement).map(|error| (statement, error)));
    let failures = failures.collect();
    forget(kind, name);
    Some(failures)
}

/// Runs a statement as the owner; what is wrong with it, when something that it names is gone.
fn run(statement: &str) -> Option<String> {
    let (_, owner) = session::public_relation(TABLE)?;
    let outcome = subtransaction::run(|| {
        owner::act_as(owner, || {
            with_settings(&SETTINGS, || execute_text(statement));
            Ok::<_, Report>(())
        })
    });
    match outcome {
        Err(Failure::Raised(caught)) if NO_LONGER_FITS.iter().any(|class| caught.sqlstate().starts_with(class)) => {
            Some(caught.message())
        }
        Err(Failure::Raised(caught)) => caught.raise_again(),
        Ok(()) | Err(Failure::Refused(_)) => None,
    }
}

/// What `uninstall()` tells of an object that was put back.
pub fn lines(module: &str, object: &str, failures: Vec<(String, String)>) -> Vec<Line> {
    let line = |action: String| Line { module: module.to_owned(), object: object.to_owned(), action };
    let failed = failures.into_iter().map(|(statement, error)| line(format!("not put back: {statement}: {error}")));
    std::iter::once(line("put back".to_owned())).chain(failed).collect()
}
