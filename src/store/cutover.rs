//! Putting wrappers in the place of an application's own functions of the same names, and those back.

use super::install::{Line, quietly, take_turn};
use super::left::Standing;
use super::modules::{self, MODULES};
use super::replaced::{self, Kept, Statements};
use super::{inventory, wrapper};
use crate::error::Error;
use crate::pg::spi::{Snapshot, arg, execute_text};
use crate::statement;

statement!(CUTOVER_CANDIDATES, include_str!("../../sql/queries/cutover_candidates.sql"));

/// A function of the application under one of our names.
struct Candidate {
    name: String,
    signature: String,
    /// Why no wrapper can take its place.
    obstacle: Option<String>,
    /// What brings it back.
    statements: Vec<Kept>,
}

/// Replaces every function that a wrapper can replace. It keeps its OID and with it what depends on it, and its grants to
/// roles other than those of the API.
pub fn forth() -> Result<Vec<Line>, Error> {
    take_turn();
    quietly(|| {
        let lines = candidates().into_iter().map(replace).collect::<Result<_, _>>()?;
        execute_text("NOTIFY pgrst, 'reload schema'");
        Ok(lines)
    })
}

fn replace(candidate: Candidate) -> Result<Line, Error> {
    let action = match candidate.obstacle {
        Some(obstacle) => format!("left alone: it {obstacle}"),
        None => {
            replaced::remember("function", &candidate.name, candidate.statements)?;
            wrapper::replace(&candidate.name);
            "replaced".to_owned()
        }
    };
    Ok(Line {
        module: modules::owner_of(&candidate.name).to_owned(),
        object: format!("function {}", candidate.signature),
        action,
    })
}

/// Brings back those of the named functions that were replaced.
pub fn back(names: &[String]) -> Result<Vec<Line>, Error> {
    quietly(|| {
        let lines: Vec<_> = names.iter().map(|name| one_back(name)).collect::<Result<_, _>>()?;
        Ok(lines.into_iter().flatten().collect())
    })
}

fn one_back(name: &str) -> Result<Vec<Line>, Error> {
    let object = format!("function public.{name}");
    // The application has put another one in the wrapper's place since: that is its last word.
    let standing = inventory::standing_functions(&[name]);
    let stands = |kind: &str| standing.iter().any(|entry| entry.kind == kind);
    if stands("foreign function") && !stands("wrapper") {
        replaced::forget("function", name)?;
        return Ok(Vec::new());
    }
    let result = replaced::put_back("function", name, Statements::NeedTheFirst, &Standing::default())?;
    Ok(result.map_or(Vec::new(), |result| replaced::lines(modules::owner_of(name), &object, result)))
}

/// Brings back every function that was replaced.
pub fn all_back() -> Result<Vec<Line>, Error> {
    take_turn();
    let lines = back(&modules::functions(&MODULES.iter().collect::<Vec<_>>()))?;
    execute_text("NOTIFY pgrst, 'reload schema'");
    Ok(lines)
}

fn candidates() -> Vec<Candidate> {
    let standing = inventory::standing(&MODULES.iter().collect::<Vec<_>>());
    let foreign = inventory::names_of(&standing, "foreign function");
    let rows = CUTOVER_CANDIDATES.with(|query| {
        query.rows(Snapshot::Latest, &[arg(foreign)], |row| {
            let text = |position| row.get::<String>(position);
            (text(1).unwrap_or_default(), text(2).unwrap_or_default(), text(3), text(4))
        })
    });
    let mut candidates: Vec<Candidate> = Vec::new();
    for (name, signature, obstacle, statement) in rows {
        match candidates.last_mut().filter(|last| last.signature == signature) {
            Some(last) => last.statements.extend(statement.map(Kept::from)),
            None => candidates.push(Candidate {
                name,
                signature,
                obstacle,
                statements: statement.map(Kept::from).into_iter().collect(),
            }),
        }
    }
    candidates
}
