//! What an application's tables keep the engine from: asked before `install()`, and by `verify()` ever after.

use super::modules;
use super::prerequisites::Problem;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Row, Snapshot, arg};
use crate::statement;
use model_access_domain::inventory::Entry;
use std::collections::BTreeMap;

statement!(HINDRANCES, include_str!("../../sql/queries/hindrances.sql"));
statement!(OWN_TYPES, include_str!("../../sql/queries/own_types.sql"));

/// What `verify()` calls what stands here.
const KIND: &str = "what refuses the engine";

/// The rank of what is missing of a table's shape: before what depends on its columns.
const SHAPE: i32 = 70;

/// Something of a table that makes a call fail.
struct Hindrance {
    table: String,
    problem: String,
    what: String,
}

/// A column of the application's, whose type may be its own.
struct OwnType {
    table: String,
    column: String,
    told: String,
    serves: bool,
    is_needed: bool,
}

/// The tables that the engine writes among some, each with what it finds in its way, or nothing.
fn look(tables: Vec<String>) -> Vec<(String, Option<Hindrance>)> {
    let read = |row: &Row| {
        let table = row.get::<String>(1).unwrap_or_default();
        let found = row.get::<String>(2).zip(row.get::<String>(3));
        (table.clone(), found.map(|(problem, what)| Hindrance { table, problem, what }))
    };
    with_settings(&PLAIN_SQL, || HINDRANCES.with(|query| query.rows(Snapshot::Latest, &[arg(tables)], read)))
}

fn own_types(relations: Vec<String>) -> Vec<OwnType> {
    let read = |row: &Row| OwnType {
        table: row.get::<String>(1).unwrap_or_default(),
        column: row.get::<String>(2).unwrap_or_default(),
        told: row.get::<String>(3).unwrap_or_default(),
        serves: row.get::<bool>(4).unwrap_or_default(),
        is_needed: row.get::<bool>(5).unwrap_or_default(),
    };
    with_settings(&PLAIN_SQL, || OWN_TYPES.with(|query| query.rows(Snapshot::Latest, &[arg(relations)], read)))
}

/// What install() is refused for: types with which the engine does not work, and what refuses its rows.
pub fn problems(tables: &[String]) -> Vec<Problem> {
    let types = own_types(tables.to_vec()).into_iter().filter(|column| column.is_needed && !column.serves);
    let types = types.map(|found| Problem {
        rank: SHAPE,
        kind: "shape".to_owned(),
        subject: format!("column {} of public.{}, of type {}", found.column, found.table, found.told),
    });
    let found = look(tables.to_vec()).into_iter().filter_map(|(_, found)| found);
    let found = found.map(|found| Problem {
        rank: if found.problem == "generated" { SHAPE + 1 } else { SHAPE + 10 },
        subject: format!("{} of public.{}", found.what, found.table),
        kind: found.problem,
    });
    types.chain(found).collect()
}

/// For each table that the engine writes an entry that names what it finds in its way.
pub fn entries(tables: Vec<String>) -> Vec<Entry> {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, found) in look(tables) {
        told.entry(table).or_default().extend(found.map(|found| {
            let why = match found.problem.as_str() {
                "generated" => "is generated",
                "unknown_to_us" => "must have a value that is not known",
                _ => "takes calls that are alike for one",
            };
            format!("{} {why}", found.what)
        }));
    }
    let entry = |(table, told): (String, Vec<String>)| Entry {
        module: modules::owner_of(&table).to_owned(),
        kind: KIND.to_owned(),
        object: format!("public.{table}"),
        definition: if told.is_empty() { "nothing".to_owned() } else { told.join(", ") },
    };
    told.into_iter().map(entry).collect()
}

/// The columns, as entries name them, with which the engine works whatever their type is here.
pub fn serving(relations: Vec<String>) -> Vec<String> {
    let serving = own_types(relations).into_iter().filter(|column| column.serves);
    serving.map(|found| format!("public.{}.{}", found.table, found.column)).collect()
}
