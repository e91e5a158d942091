//! What stands in the database, and what should.

use super::modules::{self, Module};
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Snapshot, arg};
use crate::statement;
use model_access_domain::inventory::{self, Check, Entry};

statement!(INVENTORY, include_str!("../../sql/queries/inventory.sql"));

/// The inventory of a fresh installation; `bin/inventory` writes it.
const SHIPPED: &str = include_str!("../../sql/inventory.tsv");

/// What stands of some modules.
pub fn standing(modules: &[&Module]) -> Vec<Entry> {
    let args = [arg(modules::tables(modules)), arg(modules::functions(modules))];
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

/// What should stand of some modules.
pub fn shipped(modules: &[&Module]) -> Vec<Entry> {
    let mut entries = inventory::parse(SHIPPED);
    entries.retain(|entry| modules.iter().any(|module| module.name == entry.module));
    entries
}

/// Every object of some modules, checked.
pub fn check(modules: &[&Module]) -> Vec<Check> {
    inventory::check(&shipped(modules), &standing(modules))
}

/// The names of the shipped objects of a kind.
pub fn shipped_names(modules: &[&Module], kind: &str) -> Vec<String> {
    shipped(modules).into_iter().filter(|entry| entry.kind == kind).map(|entry| entry.object).collect()
}
