//! The statements that put back what was replaced, in `public.model_access_replaced`.

use super::in_owners_name;
use super::install::Line;
use super::left::Standing;
use crate::error::Error;
use crate::pg::owner::with_settings;
use crate::pg::spi::{Snapshot, Statement, arg, execute_text};
use crate::pg::subtransaction::{self, Failure};
use crate::statement;
use std::ffi::CStr;

const TABLE: &CStr = c"model_access_replaced";

/// A function of the application may name things that only its own path finds: its text is taken as it was.
const SETTINGS: [(&CStr, &CStr); 2] = [(c"search_path", c"pg_catalog, pg_temp"), (c"check_function_bodies", c"off")];

statement!(
    REMEMBER,
    "INSERT INTO public.model_access_replaced (kind, name, place, statement, only_while)
     SELECT $1, $2, f.place, f.statement, nullif(f.only_while, '')
       FROM ROWS FROM (unnest($3::pg_catalog.text[]), unnest($4::pg_catalog.text[])) WITH ORDINALITY
            AS f (statement, only_while, place)"
);
statement!(
    FORGET,
    "DELETE FROM public.model_access_replaced AS r
      WHERE r.kind OPERATOR(pg_catalog.=) $1 AND r.name OPERATOR(pg_catalog.=) $2"
);
statement!(
    STATEMENTS,
    "SELECT r.statement, r.only_while FROM public.model_access_replaced AS r
      WHERE r.kind OPERATOR(pg_catalog.=) $1 AND r.name OPERATOR(pg_catalog.=) $2 ORDER BY r.place"
);
statement!(OTHER_WRITERS, include_str!("../../sql/queries/other_writers.sql"));

/// A statement that puts something back.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// What is run.
    pub statement: String,
    /// The line of [`Standing`] that must hold for it to be run.
    pub only_while: Option<String>,
}

impl From<String> for Kept {
    fn from(statement: String) -> Self {
        Self { statement, only_while: None }
    }
}

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

    /// Remembers the way back, then goes forth in the name of the owner of `table`, from whom row level security hides
    /// nothing: what is copied has every row.
    pub fn go(self, kind: &str, name: &str, table: &CStr) -> Result<(), Error> {
        remember(kind, name, self.back.into_iter().map(Kept::from).collect())?;
        in_owners_name::of(table, || self.forth.iter().for_each(|statement| execute_text(statement))).map(drop)
    }
}

/// Keeps the statements that bring an object back as it is now.
pub fn remember(kind: &str, name: &str, statements: Vec<Kept>) -> Result<(), Error> {
    forget(kind, name)?;
    let (statements, only_while): (Vec<_>, Vec<_>) =
        statements.into_iter().map(|kept| (kept.statement, kept.only_while.unwrap_or_default())).unzip();
    let args = [arg(kind), arg(name), arg(statements), arg(only_while)];
    let written = in_owners_name::of(TABLE, || REMEMBER.with(|query| query.execute(&args)))?;
    written.map(drop).ok_or_else(|| Error::NotInstalled(TABLE.to_string_lossy().into_owned()))
}

/// Drops what was kept of an object.
pub fn forget(kind: &str, name: &str) -> Result<(), Error> {
    let args = [arg(kind), arg(name)];
    in_owners_name::of(TABLE, || FORGET.with(|query| query.execute(&args))).map(drop)
}

/// The statements kept of an object.
pub fn statements(kind: &str, name: &str) -> Result<Vec<Kept>, Error> {
    let args = [arg(kind), arg(name)];
    let read = || {
        STATEMENTS.with(|query| {
            query.rows(Snapshot::Latest, &args, |row| Kept {
                statement: row.get::<String>(1).unwrap_or_default(),
                only_while: row.get::<String>(2),
            })
        })
    };
    in_owners_name::of(TABLE, read).map(Option::unwrap_or_default)
}

/// How the statements of an object hang together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Statements {
    /// The first one makes the object that the others are about.
    NeedTheFirst,
    /// Each stands for itself.
    StandAlone,
}

/// What became of an object that was to be put back.
pub struct PutBack {
    done: usize,
    failures: Vec<(String, String)>,
    /// What the application has changed since `install()`.
    changed: Vec<String>,
}

impl PutBack {
    /// Whether all of it is back.
    pub fn is_whole(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Brings an object back; `None` when nothing of it was kept.
///
/// The statements run as the owner of the table in which they stand, who alone can write them: a superuser who calls
/// `uninstall()` lends them nothing. One that fails (a role or a column is gone, rows break it, a trigger refuses) does not
/// hold up the others: it is told with its error, and stays for another attempt, with what needs it. What drops a backup
/// needs all. What the application changed since stays: `standing` is what stood before anything was put back.
pub fn put_back(
    kind: &str,
    name: &str,
    hang_together: Statements,
    standing: &Standing,
) -> Result<Option<PutBack>, Error> {
    let statements = statements(kind, name)?;
    if statements.is_empty() {
        return Ok(None);
    }
    require_no_other_writer()?;
    let mut result = PutBack { done: 0, failures: Vec::new(), changed: Vec::new() };
    let mut staying = Vec::new();
    for Kept { statement, only_while } in statements {
        if only_while.is_some_and(|line| !standing.holds(&line)) {
            result.changed.push(statement);
            continue;
        }
        let without_the_first = hang_together == Statements::NeedTheFirst && result.done == 0;
        if !staying.is_empty() && (without_the_first || statement.starts_with("DROP TABLE ")) {
            staying.push(Kept::from(statement));
            continue;
        }
        match run(&statement)? {
            None => result.done += 1,
            Some(error) => {
                staying.push(Kept::from(statement.clone()));
                result.failures.push((statement, error));
            }
        }
    }
    if staying.is_empty() {
        forget(kind, name)?
    } else {
        remember(kind, name, staying)?
    }
    Ok(Some(result))
}

/// 55000 where anybody but the owner can write statements that are run in the owner's name.
fn require_no_other_writer() -> Result<(), Error> {
    let read = || {
        OTHER_WRITERS.with(|query| query.rows(Snapshot::Latest, &[], |row| row.get::<String>(1).unwrap_or_default()))
    };
    let writers = in_owners_name::of(TABLE, read)?.unwrap_or_default().join(", ");
    if writers.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(
        "others than the owner can write what would be run in his name",
        format!("Privileges to write public.model_access_replaced: {writers}."),
        format!(
            "Look at what stands in it, run REVOKE ALL ON TABLE public.model_access_replaced FROM {writers}; and try again."
        ),
    ))
}

/// Runs a statement as the owner; what is wrong with it, unless that is the transaction's or the server's affair.
fn run(statement: &str) -> Result<Option<String>, Error> {
    let outcome = subtransaction::run(|| {
        in_owners_name::of(TABLE, || with_settings(&SETTINGS, || execute_text(statement))).map(drop)
    });
    match outcome {
        Err(Failure::Raised(caught)) => Ok(Some(caught.or_raise_again().message())),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Ok(()) => Ok(None),
    }
}

/// The action of an object of which all is as it was.
pub const PUT_BACK: &str = "put back";

/// What `uninstall()` tells of an object that was put back.
pub fn lines(module: &str, object: &str, result: PutBack) -> Vec<Line> {
    let line = |action: String| Line { module: module.to_owned(), object: object.to_owned(), action };
    let told = match (result.is_whole(), result.done) {
        (true, _) => Some(line(PUT_BACK.to_owned())),
        (false, 0) => None,
        (false, _) => Some(line("put back in part".to_owned())),
    };
    let failed =
        result.failures.into_iter().map(|(statement, error)| line(format!("not put back: {statement}: {error}")));
    // A comment of the application's own stands as it is: nothing was done about it, neither then nor now.
    let changed = result.changed.into_iter().filter(|statement| !statement.starts_with("COMMENT ON "));
    let changed =
        changed.map(|statement| line(format!("left as it is, since it was changed after install(): {statement}")));
    told.into_iter().chain(failed).chain(changed).collect()
}
