//! What must hold before `install()` touches anything.

use super::modules::{self, Module};
use super::{hindrances, inventory};
use crate::error::Error;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::session;
use crate::pg::spi::{Arg, Snapshot, arg};
use crate::statement;
use model_access_domain::inventory::keep_type;

statement!(PREREQUISITES, include_str!("../../sql/queries/prerequisites.sql"));

/// A message names no more things than a person reads.
const MOST_SHOWN: usize = 12;

/// Something for which `install()` is refused. The least is told first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Ten times the number that prerequisites.sql gives its kind.
    pub rank: i32,
    /// The word for its kind.
    pub kind: String,
    /// What it is about.
    pub subject: String,
}

/// 55000 with the command that helps. Of several kinds of problems the first is told, with all that it is about.
pub fn require(modules: &[&Module]) -> Result<(), Error> {
    let tables = modules::tables(modules);
    let mut args = vec![arg(tables.clone()), arg(modules::views(modules))];
    args.extend(shapes(modules));
    let mut problems = with_settings(&PLAIN_SQL, || {
        PREREQUISITES.with(|query| {
            query.rows(Snapshot::Latest, &args, |row| Problem {
                rank: row.get::<i32>(1).unwrap_or_default(),
                kind: row.get::<String>(2).unwrap_or_default(),
                subject: row.get::<String>(3).unwrap_or_default(),
            })
        })
    });
    problems.extend(hindrances::problems(&tables));
    problems.sort();
    let Some(first) = problems.first() else {
        return Ok(());
    };
    let subjects: Vec<&str> =
        problems.iter().filter(|other| other.kind == first.kind).map(|problem| problem.subject.as_str()).collect();
    let shown = subjects.get(..MOST_SHOWN).map_or_else(
        || subjects.join(", "),
        |shown| format!("{}, and {} more", shown.join(", "), subjects.len() - shown.len()),
    );
    Err(refusal(&first.kind, &shown))
}

/// Modules with tables under names that many applications use: what has one of them may be something else.
const COMMON_NAMES: [&str; 3] = [modules::TENANCY, modules::OAUTH, "agents"];

/// Whether the names of a module's tables are such.
pub fn is_common(module: &Module) -> bool {
    COMMON_NAMES.contains(&module.name)
}

/// The columns of tenancy's tables: table, name, type, and whether it has to be there already. Tables of `oauth` and `agents`
/// come from an older shape too, which is completed: what they need stands in prerequisites.sql.
fn shapes(modules: &[&Module]) -> [Arg; 4] {
    let modules: Vec<&Module> = modules.iter().filter(|module| module.name == modules::TENANCY).copied().collect();
    let (mut tables, mut columns, mut types, mut needed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for mut entry in inventory::shipped(&modules).into_iter().filter(|entry| entry.kind == "column") {
        let named = entry.object.strip_prefix("public.").and_then(|name| name.split_once('.'));
        let Some((table, column)) = named else { continue };
        if !modules.iter().any(|module| module.tables.contains(&table)) {
            continue;
        }
        tables.push(table.to_owned());
        columns.push(column.to_owned());
        needed.push(entry.definition.ends_with(" not null"));
        keep_type(&mut entry.definition);
        types.push(entry.definition);
    }
    [arg(tables), arg(columns), arg(types), arg(needed)]
}

/// 55000 where a table of the application belongs to another role: it could not be altered, or, by a superuser, would be
/// brought back in his name.
pub fn require_owned(table: &str) -> Result<(), Error> {
    match session::public_relation(&session::c_string(table)) {
        Some((_, owner)) if owner != session::current_role() => {
            Err(refusal("owner", &format!("public.{table} is owned by {}", session::role_name(owner))))
        }
        _ => Ok(()),
    }
}

/// Message, DETAIL and HINT of a problem of prerequisites.sql or hindrances.sql.
fn refusal(problem: &str, subjects: &str) -> Error {
    let (message, detail, hint) = match problem {
        "encoding" => (
            "the database is not in UTF8",
            format!("Its encoding is {subjects}; model names are any Unicode."),
            "CREATE DATABASE … ENCODING 'UTF8'",
        ),
        "environment" => (
            "this database lacks what Supabase provides",
            format!("Missing: {subjects}."),
            "Run sql/supabase_compat.sql as a superuser, then install() again.",
        ),
        "late_roles" => (
            "the API roles were made after the extension",
            format!("No privileges on its functions: {subjects}."),
            "Run DROP EXTENSION model_access; CREATE EXTENSION model_access; — it holds no data.",
        ),
        "owner" => (
            "tables of model_access belong to another role",
            format!("{subjects}; you are {}.", session::role_name(session::current_role())),
            "Run it as that role, or ALTER TABLE … OWNER TO so that one role owns all of them.",
        ),
        "others_table" => (
            "a table or type of the application has a name of ours and another shape",
            format!("Missing: {subjects}."),
            "Rename it; or install what does without it: \
             SELECT * FROM model_access.install(ARRAY['catalogue', 'usage', 'quota', 'system_models']);",
        ),
        "old_shape" => (
            "public.model_access has the shape from before the migration",
            format!("{subjects}."),
            "Run sql/cutover/old_shape.sql, which renames it to model_access_backup; then install() again.",
        ),
        "shape" => (
            "a table of the application lacks what the engine needs",
            format!("Missing: {subjects}."),
            "Add it, or rename the table, then run install() again.",
        ),
        "generated" => (
            "a column that the engine writes is generated",
            format!("{subjects}."),
            "Run ALTER TABLE … ALTER COLUMN … DROP EXPRESSION (DROP IDENTITY), or rename the table; then install() again.",
        ),
        "unknown_to_us" => (
            "a column must have a value that the engine does not know",
            format!("{subjects}: NOT NULL, and the engine stores rows without it."),
            "Run ALTER TABLE … ALTER COLUMN … DROP NOT NULL, or give it a default; then install() again.",
        ),
        "key_of_ours" => (
            "a key of a ledger takes calls that are alike for one",
            format!("{subjects}: each call is a row, also of the same user, model and period."),
            "Drop the key, or let it name id too; then run install() again.",
        ),
        "not_a_table" => (
            "a name of ours is taken by something that is not a table",
            format!("{subjects}."),
            "Rename it, then run install() again.",
        ),
        "inheritance" => (
            "a table has partitions, children or a parent, on which its rules do not hold",
            format!("{subjects}."),
            "Make it a plain table of its own (ALTER TABLE … NO INHERIT, DETACH PARTITION), or rename it; then run install() again.",
        ),
        "not_our_view" => (
            "a name of ours is taken by something that is not our view",
            format!("{subjects}."),
            "Rename it, then run install() again.",
        ),
        "to_widen" => (
            "a price of 20 characters cannot be widened while something depends on it",
            format!("{subjects}."),
            "Drop what depends on it (pg_get_viewdef() tells the text of a view), run install(), and create it again.",
        ),
        "ledger_to_widen" => (
            "a column of ai_usage cannot be widened while something depends on it",
            format!("{subjects}."),
            "Drop what depends on it (pg_get_viewdef() tells the text of a view), run install(), and create it again.",
        ),
        "usage_to_widen" => (
            "a column of ai_model_usage cannot be widened while something depends on it",
            format!("{subjects}."),
            "Drop what depends on it (pg_get_viewdef() tells the text of a view), run install(), and create it again.",
        ),
        "to_set_aside" => (
            "profiles.allowed_models cannot be taken away while something depends on it",
            format!("{subjects}."),
            "Let it use get_user_allowed_models_v2(), or drop it; then run install() again.",
        ),
        "backup_in_the_way" => (
            "a backup of allowed_models is still there",
            format!("{subjects} would have to be overwritten."),
            "Rename or drop it, then run install() again.",
        ),
        "granted_on" => (
            "a role gave privileges on that install() takes away",
            format!("Given: {subjects}."),
            "Run REVOKE … CASCADE as the owner, who may give them himself; then install() again.",
        ),
        _ => (
            "a table that the engine writes has an initially deferred constraint",
            format!("{subjects}. A deferred trigger cannot fire in a security-restricted operation."),
            "Run ALTER TABLE … ALTER CONSTRAINT … INITIALLY IMMEDIATE; then install() again.",
        ),
    };
    Error::Refused(message, detail, hint.to_owned())
}
