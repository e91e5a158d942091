//! Taking away what `install()` made, so that DROP EXTENSION works and nothing is opened by it, and putting back what it
//! replaced.

use super::install::{Line, quietly, take_turn};
use super::left::Standing;
use super::modules::{self, Module};
use super::{adoption, cutover, in_owners_name, inventory, prerequisites, replaced};
use crate::error::Error;
use crate::pg::session;
use crate::pg::spi::{Snapshot, arg, execute_text};
use crate::statement;
use model_access_domain::inventory::Entry;
use std::ffi::CStr;

statement!(UNINSTALL_STATEMENTS, include_str!("../../sql/queries/uninstall_statements.sql"));
statement!(
    DROP_TRIGGER_FUNCTION_STATEMENTS,
    "SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text
       FROM pg_catalog.pg_proc AS p
      WHERE p.pronamespace OPERATOR(pg_catalog.=) pg_catalog.to_regnamespace('public')
        AND p.proname OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.name[])
        AND p.prosrc OPERATOR(pg_catalog.=) 'BEGIN NEW.updated_at = pg_catalog.now(); RETURN NEW; END'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgfoid OPERATOR(pg_catalog.=) p.oid)
      ORDER BY 1"
);
statement!(
    DROP_SYSTEM_COUNTERS,
    "WITH gone AS (
         DELETE FROM public.quota_usage AS u
          WHERE u.source OPERATOR(pg_catalog.=) ANY ('{system_daily,system_weekly,system_monthly,organization}'::pg_catalog.text[])
         RETURNING u.counter_id
     )
     DELETE FROM public.quota_holds AS h USING gone AS g WHERE h.counter_id OPERATOR(pg_catalog.=) g.counter_id"
);
statement!(
    DROP_WORDS_STATEMENTS,
    "SELECT t.typname::pg_catalog.text
       FROM unnest($1, $2) AS w (name, comment)
       JOIN pg_catalog.pg_type AS t
         ON t.typnamespace OPERATOR(pg_catalog.=) pg_catalog.to_regnamespace('public') AND t.typname::pg_catalog.text OPERATOR(pg_catalog.=) w.name
      WHERE pg_catalog.obj_description(t.oid, 'pg_type') OPERATOR(pg_catalog.=) w.comment
        AND t.typtype OPERATOR(pg_catalog.=) 'e'
        AND t.typowner OPERATOR(pg_catalog.=) (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                         WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
                           AND d.refobjid OPERATOR(pg_catalog.=) ANY (ARRAY[t.oid, t.typarray])
                           AND d.deptype OPERATOR(pg_catalog.<>) 'i')
      ORDER BY 1"
);
statement!(DROP_TABLE_STATEMENTS, include_str!("../../sql/queries/drop_table_statements.sql"));

/// What a backup of a dropped table is called: the seed's rollback named that of model_access so.
const BACKUP_SUFFIX: &str = "_new_backup";

/// The ledger by which limits on system models count, and the counters, which agree with nothing without it.
const SYSTEM_LEDGER: &str = "ai_model_usage";
const COUNTERS: &CStr = c"quota_usage";

/// Drops policies, triggers, views and wrappers of some modules, with `drop_data` their tables too, except those that are
/// kept; and puts back what stood in their place before.
pub fn uninstall(modules: &[&Module], drop_data: bool) -> Result<Vec<Line>, Error> {
    take_turn();
    quietly(|| {
        let standing = Standing::now();
        let mut lines = cutover::back(&modules::functions(modules))?;
        let named = modules;
        let modules = &present(named)?;
        lines.extend(drop_objects(modules)?);
        let (dropped, staying): (Vec<_>, Vec<_>) = modules.iter().partition(|module| drop_data && !module.kept);
        lines.extend(drop_tables(&tables_to_drop(&dropped)?)?);
        lines.extend(adoption::put_back(&modules::tables(&staying), &standing)?);
        lines.extend(drop_trigger_functions(modules));
        lines.extend(drop_words(named));
        execute_text("NOTIFY pgrst, 'reload schema'");
        Ok(lines)
    })
}

fn drop_objects(modules: &[&Module]) -> Result<Vec<Line>, Error> {
    let mut expected = inventory::expected(modules);
    let standing = inventory::standing(modules);
    let kept = the_applications(&expected, &standing)?;
    expected.retain(|entry| !kept.contains(&entry.object));
    let args = [
        arg(adoption::installed(modules::tables(modules))?),
        arg(inventory::names_of(&expected, "policy")),
        arg(inventory::names_of(&expected, "trigger")),
        arg(modules::views(modules)),
    ];
    let mut drops = UNINSTALL_STATEMENTS.with(|query| {
        query.rows(Snapshot::Latest, &args, |row| {
            let text = |position| row.get::<String>(position).unwrap_or_default();
            let line = line(modules::owner_of(&text(1)), &text(2), &text(3), "dropped");
            (line, text(4))
        })
    });
    // Where the application's own function could not be put back, its callers keep the wrapper.
    let mut needed = Vec::new();
    for name in modules::functions(modules) {
        if !replaced::statements("function", &name)?.is_empty() {
            needed.push(format!("public.{name}("));
        }
    }
    for entry in standing {
        if entry.kind == "wrapper" && !needed.iter().any(|name| entry.object.starts_with(name)) {
            let line = line(&entry.module, &entry.kind, &entry.object, "dropped");
            drops.push((line, format!("DROP FUNCTION {}", entry.object)));
        }
    }
    // Types go after the wrappers that return them. Words that columns are made of stay with the columns.
    for entry in inventory::standing(modules) {
        if entry.kind == "type" && !entry.definition.starts_with("enum ") {
            let line = line(&entry.module, &entry.kind, &entry.object, "dropped");
            drops.push((line, format!("DROP TYPE {}", entry.object)));
        }
    }
    let run = |(line, statement): (Line, String)| {
        execute_text(&statement);
        line
    };
    Ok(drops.into_iter().map(run).collect())
}

/// Trigger functions that are as `install()` makes them, and that no trigger uses any more.
fn drop_trigger_functions(modules: &[&Module]) -> Vec<Line> {
    let names: Vec<String> =
        modules.iter().flat_map(|module| module.trigger_functions).map(|name| (*name).to_owned()).collect();
    let functions = DROP_TRIGGER_FUNCTION_STATEMENTS
        .with(|query| query.rows(Snapshot::Latest, &[arg(names)], |row| row.get::<String>(1).unwrap_or_default()));
    let module = |function: &str| {
        let owned = modules.iter().find(|module| {
            module.trigger_functions.iter().any(|name| function.starts_with(&format!("public.{name}(")))
        });
        owned.map_or("", |module| module.name)
    };
    let drop = |function: String| {
        execute_text(&format!("DROP FUNCTION {function}"));
        line(module(&function), "trigger function", &function, "dropped")
    };
    functions.into_iter().map(drop).collect()
}

/// Enum types of ours, known by their comments, of whose words no column and nothing else is made any more.
fn drop_words(modules: &[&Module]) -> Vec<Line> {
    let lines = modules.iter().flat_map(|module| module.files).flat_map(|file| file.lines());
    let comments = lines.filter_map(|line| {
        let (name, text) = line.strip_prefix("COMMENT ON TYPE public.")?.strip_suffix("';")?.split_once(" IS '")?;
        Some((name.to_owned(), text.replace("''", "'")))
    });
    let (names, texts): (Vec<String>, Vec<String>) = comments.unzip();
    let types = DROP_WORDS_STATEMENTS.with(|query| {
        query.rows(Snapshot::Latest, &[arg(names), arg(texts)], |row| row.get::<String>(1).unwrap_or_default())
    });
    let drop = |name: String| {
        execute_text(&format!("DROP TYPE public.{name}"));
        line(modules::owner_of(&name), "type", &format!("public.{name}"), "dropped")
    };
    types.into_iter().map(drop).collect()
}

/// Those of some modules that there can be something of: where none of a module's tables was installed, what has their common
/// names is the application's.
fn present<'a>(modules: &[&'a Module]) -> Result<Vec<&'a Module>, Error> {
    let mut present = Vec::new();
    for module in modules {
        if !prerequisites::is_common(module) || !adoption::installed(modules::tables(&[module]))?.is_empty() {
            present.push(*module);
        }
    }
    Ok(present)
}

/// The tables of some modules; of those with common names only what an installation knows: one that was put back is the
/// application's.
fn tables_to_drop(modules: &[&Module]) -> Result<Vec<String>, Error> {
    let (common, others): (Vec<_>, Vec<_>) = modules.iter().partition(|module| prerequisites::is_common(module));
    Ok([modules::tables(&others), adoption::installed(modules::tables(&common))?].concat())
}

/// Policies and triggers of our names that the application has put in the place of ours: on a table of its own they are its
/// last word, and a trigger of its own it is everywhere.
fn the_applications(expected: &[Entry], standing: &[Entry]) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for entry in standing {
        let is_ours = match entry.kind.as_str() {
            "policy" => expected.contains(entry) || !adoption::is_adopted(table_of(entry))?,
            "trigger" => entry.definition.contains(" EXECUTE FUNCTION model_access.") || expected.contains(entry),
            _ => true,
        };
        if !is_ours {
            found.push(entry.object.clone());
        }
    }
    Ok(found)
}

/// The table of a policy or trigger, whose object is "name on public.table".
fn table_of(entry: &Entry) -> &str {
    entry.object.rsplit_once(" on public.").map_or("", |(_, table)| table)
}

fn line(module: &str, kind: &str, object: &str, action: &str) -> Line {
    Line { module: module.to_owned(), object: format!("{kind} {object}"), action: action.to_owned() }
}

fn drop_tables(tables: &[String]) -> Result<Vec<Line>, Error> {
    for table in tables {
        let backup = format!("{table}{BACKUP_SUFFIX}");
        if session::public_relation(&session::c_string(&backup)).is_some() {
            return Err(Error::Refused(
                "a backup of an earlier rollback is still there",
                format!("public.{backup} would have to be overwritten."),
                format!("Rename or drop public.{backup}, then run uninstall() again."),
            ));
        }
    }
    let steps = DROP_TABLE_STATEMENTS.with(|query| {
        query.rows(Snapshot::Latest, &[arg(tables.to_vec()), arg(BACKUP_SUFFIX)], |row| {
            let text = |position| row.get::<String>(position);
            let table = text(1).unwrap_or_default();
            let told =
                text(2).zip(text(3)).map(|(object, action)| line(modules::owner_of(&table), "table", &object, &action));
            (table, told, text(4).unwrap_or_default())
        })
    });
    let mut lines = Vec::new();
    for (table, told, statement) in steps {
        // As the owner, from whom row level security hides nothing: the backup has every row.
        in_owners_name::of(&session::c_string(&table), || execute_text(&statement))?;
        lines.extend(told);
    }
    if tables.iter().any(|table| table == SYSTEM_LEDGER) {
        in_owners_name::of(COUNTERS, || DROP_SYSTEM_COUNTERS.with(|query| query.execute(&[])))?;
    }
    tables.iter().try_for_each(|table| replaced::forget("table", table))?;
    tables.iter().try_for_each(|table| adoption::forget(table))?;
    Ok(lines)
}
