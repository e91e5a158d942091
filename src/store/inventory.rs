//! What stands in the database, and what should.

use super::modules::{self, Module};
use crate::pg::owner::{self, PLAIN_SQL, with_settings};
use crate::pg::session;
use crate::pg::spi::{Snapshot, arg};
use crate::statement;
use model_access_domain::inventory::{self, Check, Entry};

statement!(MADE_TABLES, "SELECT s.made_tables FROM public.model_access_settings AS s WHERE s.singleton");
statement!(COUNT_MODELS, "SELECT pg_catalog.count(*) FROM public.model_access AS m");
statement!(READERS, include_str!("../../sql/queries/readers_of_allowed_models.sql"));
statement!(INVENTORY, include_str!("../../sql/queries/inventory.sql"));

/// The inventory of a fresh installation; `bin/inventory` writes it.
const SHIPPED: &str = include_str!("../../sql/inventory.tsv");

/// What stands of some modules.
pub fn standing(modules: &[&Module]) -> Vec<Entry> {
    standing_of(modules::relations(modules), modules::functions(modules))
}

/// What stands of some functions.
pub fn standing_functions(names: &[&str]) -> Vec<Entry> {
    standing_of(Vec::new(), names.iter().map(|name| (*name).to_owned()).collect())
}

fn standing_of(tables: Vec<String>, functions: Vec<String>) -> Vec<Entry> {
    let args = [arg(tables), arg(functions)];
    with_settings(&PLAIN_SQL, || {
        INVENTORY.with(|query| {
            query.rows(Snapshot::Latest, &args, |row| {
                let text = |position| row.get::<String>(position).unwrap_or_default();
                Entry {
                    module: modules::owner_of(&text(1)).to_owned(),
                    kind: text(2),
                    object: text(3),
                    definition: text(4),
                }
            })
        })
    })
}

/// What stands of some modules after a fresh installation.
pub fn shipped(modules: &[&Module]) -> Vec<Entry> {
    let mut entries = inventory::parse(SHIPPED);
    entries.retain(|entry| modules.iter().any(|module| module.name == entry.module));
    entries
}

/// What should stand of some modules here. Of tables that are the application's own the policies, client privileges and
/// rules for values are the application's affair.
pub fn expected(modules: &[&Module]) -> Vec<Entry> {
    let applications = applications_tables();
    let mut entries = shipped(modules);
    entries.retain(|entry| {
        let rule = matches!(entry.kind.as_str(), "policy" | "privileges" | "column privileges" | "constraint");
        !(rule && applications.iter().any(|table| entry.object.ends_with(&format!("public.{table}"))))
    });
    as_far_as_ours(entries, &applications)
}

/// The same entries, of which columns of the application's tables tell their type only: what a column holds by default,
/// and whether it may be NULL, is the application's affair.
fn as_far_as_ours(mut entries: Vec<Entry>, applications: &[&str]) -> Vec<Entry> {
    for entry in entries.iter_mut().filter(|entry| entry.kind == "column") {
        if applications.iter().any(|table| entry.object.starts_with(&format!("public.{table}."))) {
            inventory::keep_type(&mut entry.definition);
        }
    }
    entries
}

/// Every object of some modules, checked; then what the seed's own verification asked.
pub fn check(modules: &[&Module]) -> Vec<Check> {
    let standing = as_far_as_ours(standing(modules), &applications_tables());
    let mut checks = inventory::check(&expected(modules), &standing);
    if modules.iter().any(|module| module.name == modules::PEOPLE) {
        let readers = readers_of_allowed_models();
        let there =
            standing.iter().any(|entry| entry.kind == "column" && entry.object == "public.profiles.allowed_models");
        checks.push(inventory::allowed_models_check(there));
        checks.push(inventory::readers_check(&readers));
    }
    if modules.iter().any(|module| module.tables.contains(&"model_access")) {
        checks.extend(count_models().map(inventory::models_check));
    }
    checks
}

/// Functions of the application that refer to `profiles.allowed_models`.
pub fn readers_of_allowed_models() -> Vec<String> {
    with_settings(&PLAIN_SQL, || {
        READERS.with(|query| query.rows(Snapshot::Latest, &[], |row| row.get::<String>(1).unwrap_or_default()))
    })
}

/// The number of models; `None` without the table.
fn count_models() -> Option<i64> {
    let (_, owner) = session::public_relation(c"model_access")?;
    owner::act_as(owner, || COUNT_MODELS.with(|query| query.first(Snapshot::Latest, &[], |row| row.get::<i64>(1))))?
}

/// Tables of people that were there before install(); none where nothing is installed.
fn applications_tables() -> Vec<&'static str> {
    let Some((_, settings_owner)) = session::public_relation(c"model_access_settings") else {
        return Vec::new();
    };
    let made = owner::act_as(settings_owner, || {
        MADE_TABLES.with(|query| query.first(Snapshot::Latest, &[], |row| row.get::<Vec<Option<String>>>(1)))
    });
    let made = made.flatten().unwrap_or_default();
    let people = modules::MODULES.iter().filter(|module| module.name == modules::PEOPLE);
    people
        .flat_map(|module| module.tables)
        .copied()
        .filter(|table| !made.contains(&Some((*table).to_owned())))
        .collect()
}

/// The names of the objects of a kind among some.
pub fn names_of(entries: &[Entry], kind: &str) -> Vec<String> {
    entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.object.clone()).collect()
}
