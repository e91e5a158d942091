//! What stands in the database, and what should.

use super::hindrances;
use super::modules::{self, Module};
use crate::pg::owner::{self, PLAIN_SQL, with_settings};
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg};
use crate::statement;
use model_access_domain::inventory::{self, Check, Entry};
use model_access_domain::offered::{self, Offered};
use model_access_domain::{seeded, seeded_agents};

statement!(MADE_TABLES, "SELECT s.made_tables FROM public.model_access_settings AS s WHERE s.singleton");
statement!(COUNT_MODELS, "SELECT pg_catalog.count(*) FROM public.model_access AS m");
statement!(
    LEDGER_IS_PLAIN,
    "SELECT 'ai_usage' OPERATOR(pg_catalog.=) ANY (s.adopted_tables)
       FROM public.model_access_settings AS s, pg_catalog.pg_class AS c
      WHERE s.singleton AND c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('public.ai_usage') AND c.relkind OPERATOR(pg_catalog.=) 'r'"
);
statement!(COUNT_ROLES, "SELECT pg_catalog.count(*), pg_catalog.count(p.role) FROM public.user_profiles AS p");
statement!(
    ROLES_READABLE,
    "SELECT pg_catalog.bool_and(pg_catalog.has_column_privilege(r.oid, a.attrelid, a.attnum, 'SELECT'))
       FROM pg_catalog.pg_attribute AS a, pg_catalog.pg_roles AS r
      WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1) AND NOT a.attisdropped
        AND a.attname OPERATOR(pg_catalog.=) ANY ($2::pg_catalog.name[])
        AND r.rolname OPERATOR(pg_catalog.=) 'authenticated'"
);
statement!(
    SYSTEM_MODELS,
    "SELECT m.name::pg_catalog.text, m.role::pg_catalog.text, m.required_plan::pg_catalog.text,
            m.organization_types::pg_catalog.text[], m.api_key::pg_catalog.text OPERATOR(pg_catalog.=) 'PLACEHOLDER_API_KEY'
       FROM public.ai_models_system AS m
      ORDER BY m.sort_order, m.created_at, m.id"
);
statement!(
    AGENTS_AND_MODELS,
    "SELECT a.name::pg_catalog.text, m.name::pg_catalog.text
       FROM public.agents AS a LEFT JOIN public.models AS m ON m.agent_id OPERATOR(pg_catalog.=) a.id"
);
statement!(READERS, include_str!("../../sql/queries/readers_of_allowed_models.sql"));
statement!(INVENTORY, include_str!("../../sql/queries/inventory.sql"));

/// The inventory of a fresh installation; `bin/inventory` writes it.
const SHIPPED: &str = include_str!("../../sql/inventory.tsv");

/// What stands of some modules.
pub fn standing(modules: &[&Module]) -> Vec<Entry> {
    let mut entries = standing_of(modules::relations(modules), modules::functions(modules));
    entries.extend(hindrances::entries(modules::tables(modules)));
    entries
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

/// Columns that only our own `user_profiles` has: an application's may do without.
const STAND_IN: [&str; 2] = ["public.user_profiles.username", "public.user_profiles.email"];

/// A trigger that only our own `organizations` has: an application keeps `updated_at` in its own way.
const NOTES_CHANGES: &str = "update_organizations_updated_at on public.organizations";

/// What should stand of some modules here. Of tables that are the application's own the policies, client privileges and
/// rules for values are the application's affair.
pub fn expected(modules: &[&Module]) -> Vec<Entry> {
    let applications = applications_tables();
    let mut entries = shipped(modules);
    entries.retain(|entry| {
        let rule = matches!(entry.kind.as_str(), "policy" | "privileges" | "column privileges" | "constraint");
        let stand_in = applications.contains(&"user_profiles") && STAND_IN.contains(&entry.object.as_str());
        let theirs = rule && applications.iter().any(|table| entry.object.ends_with(&format!("public.{table}")));
        let kept_by_us = entry.object != NOTES_CHANGES || !applications.contains(&"organizations");
        kept_by_us && !(theirs || stand_in)
    });
    if of_the_settings(|| LEDGER_IS_PLAIN.with(|query| query.first(Snapshot::Latest, &[], |row| row.get::<bool>(1))))
        == Some(true)
    {
        inventory::as_plain(&mut entries, "public.ai_usage");
    }
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

/// The application's tables of some modules, and the views that show columns of them.
fn theirs_and_shown(modules: &[&Module], applications: &[&str]) -> Vec<String> {
    let mut relations = modules::tables(modules);
    relations.retain(|table| applications.contains(&table.as_str()));
    if applications.contains(&"organizations") {
        relations.extend(modules::views(modules));
    }
    relations
}

/// Every object of some modules, checked; then what the seed's own verification asked.
pub fn check(modules: &[&Module]) -> Vec<Check> {
    let standing = standing(modules);
    let role = standing.iter().find(|entry| entry.kind == "column" && entry.object == "public.user_profiles.role");
    let role = inventory::role_column_check(role.map(|entry| entry.definition.as_str()));
    let applications = applications_tables();
    let mut standing = as_far_as_ours(standing, &applications);
    let expected = expected(modules);
    let theirs = theirs_and_shown(modules, &applications);
    inventory::accept(&mut standing, &expected, &hindrances::serving(theirs));
    let mut checks = inventory::check(&expected, &standing);
    if modules.iter().any(|module| module.name == modules::PEOPLE) {
        let readers = readers_of_allowed_models();
        let there =
            standing.iter().any(|entry| entry.kind == "column" && entry.object == "public.profiles.allowed_models");
        checks.push(inventory::allowed_models_check(there));
        checks.push(inventory::readers_check(&readers));
        // Without the column there is nobody to count.
        let census = role.actual.as_ref().and_then(|_| count_roles());
        checks.push(role);
        checks.extend(census);
    }
    if modules.iter().any(|module| module.tables.contains(&"ai_usage")) {
        checks.extend(inventory::usage_policy_checks(&standing));
        let readers = inventory::READ_BY_USAGE_POLICIES.iter().filter_map(|(table, columns)| {
            Some(inventory::role_readers_check(table, columns, roles_readable(table, columns)?))
        });
        checks.extend(readers);
    }
    if modules.iter().any(|module| module.tables.contains(&"model_access")) {
        checks.extend(count_models().map(inventory::models_check));
    }
    if modules.iter().any(|module| module.tables.contains(&"ai_models_system")) {
        checks.extend(offered::system_model_checks(&standing));
        checks.extend(system_models().map(|models| offered::offered_checks(&models)).unwrap_or_default());
    }
    if modules.iter().any(|module| module.tables.contains(&"users")) {
        checks.extend(seeded::seed_003_checks(&expected, &standing));
    }
    if modules.iter().any(|module| module.tables.contains(&"agents")) {
        checks.extend(
            agents_and_models().map(|found| seeded_agents::agent_checks(&standing, &found)).unwrap_or_default(),
        );
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

/// The system models in their order; `None` without the table.
fn system_models() -> Option<Vec<Offered>> {
    let (_, owner) = session::public_relation(c"ai_models_system")?;
    Some(owner::act_as(owner, || {
        SYSTEM_MODELS.with(|query| {
            query.rows(Snapshot::Latest, &[], |row| Offered {
                name: row.get::<String>(1).unwrap_or_default(),
                role: row.get::<String>(2).unwrap_or_default(),
                required_plan: row.get::<String>(3).unwrap_or_default(),
                types: row.get::<Vec<Option<String>>>(4).unwrap_or_default().into_iter().flatten().collect(),
                lacks_key: row.get::<bool>(5).unwrap_or_default(),
            })
        })
    }))
}

/// Agents and their models by name; `None` without the tables.
fn agents_and_models() -> Option<Vec<(String, Option<String>)>> {
    let (_, owner) = session::public_relation(c"agents")?;
    session::public_relation(c"models")?;
    let read = |row: &Row| (row.get::<String>(1).unwrap_or_default(), row.get::<String>(2));
    Some(owner::act_as(owner, || AGENTS_AND_MODELS.with(|query| query.rows(Snapshot::Latest, &[], read))))
}

/// How many people have a role; `None` without the table.
fn count_roles() -> Option<Check> {
    let (_, owner) = session::public_relation(c"user_profiles")?;
    let counts = owner::act_as(owner, || {
        COUNT_ROLES.with(|query| query.first(Snapshot::Latest, &[], |row| (row.get::<i64>(1), row.get::<i64>(2))))
    })?;
    Some(inventory::role_census_check(counts.0?, counts.1?))
}

/// Whether clients may read who has which role, as far as row level security lets them; `None` without the table.
fn roles_readable(table: &str, columns: &[&str]) -> Option<bool> {
    let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
    let args = [arg(format!("public.{table}")), arg(columns)];
    ROLES_READABLE.with(|query| query.first(Snapshot::Latest, &args, |row| row.get::<bool>(1))).flatten()
}

/// Reads something of the settings as their owner; `None` where nothing is installed.
fn of_the_settings<R>(read: impl FnOnce() -> Option<Option<R>>) -> Option<R> {
    let (_, settings_owner) = session::public_relation(c"model_access_settings")?;
    owner::act_as(settings_owner, read)?
}

/// Tables of people that were there before install(); none where nothing is installed.
fn applications_tables() -> Vec<&'static str> {
    if session::public_relation(c"model_access_settings").is_none() {
        return Vec::new();
    }
    let made = of_the_settings(|| {
        MADE_TABLES.with(|query| query.first(Snapshot::Latest, &[], |row| row.get::<Vec<Option<String>>>(1)))
    });
    let made = made.unwrap_or_default();
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
