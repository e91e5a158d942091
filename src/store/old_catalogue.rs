//! The catalogue of the shape before the migration: set aside before `install()`, and brought back after `uninstall()`.

use super::install::{Line, quietly, run_files, take_turn, warn_of_superuser};
use super::left::Standing;
use super::modules::MODULES;
use super::prerequisites;
use super::replaced::{self, BothWays, Statements};
use crate::error::Error;
use crate::pg::Report;
use crate::pg::session;
use crate::statement;

statement!(OLD_CATALOGUE_STATEMENTS, include_str!("../../sql/queries/old_catalogue_statements.sql"));

/// The module that remembers what was replaced.
const SETTINGS: &str = "settings";
/// What the seed called the backup.
const BACKUP: &str = "model_access_backup";

/// Renames an old-shaped `model_access` to `model_access_backup` and closes it. Nothing to do where there is none.
pub fn set_aside() -> Result<Vec<Line>, Report> {
    take_turn();
    quietly(|| {
        let statements = OLD_CATALOGUE_STATEMENTS.with(BothWays::of);
        if statements.forth.is_empty() {
            return Ok(Vec::new());
        }
        if session::public_relation(&session::c_string(BACKUP)).is_some() {
            return Err(in_the_way(BACKUP).into());
        }
        prerequisites::require_owned("model_access")?;
        let settings: Vec<_> = MODULES.iter().filter(|module| module.name == SETTINGS).collect();
        prerequisites::require(&settings)?;
        warn_of_superuser();
        run_files(settings.iter().flat_map(|module| module.files.iter().copied()))?;
        statements.go("table", BACKUP, c"model_access")?;
        Ok(vec![Line {
            module: "catalogue".to_owned(),
            object: "table public.model_access".to_owned(),
            action: "set aside as public.model_access_backup".to_owned(),
        }])
    })
}

/// Renames `model_access_backup` back, with its rights, once `model_access` is gone.
pub fn bring_back() -> Result<Vec<Line>, Error> {
    take_turn();
    quietly(|| {
        if replaced::statements("table", BACKUP)?.is_empty() {
            return Ok(Vec::new());
        }
        if session::public_relation(c"model_access").is_some() {
            return Err(in_the_way("model_access"));
        }
        let result = replaced::put_back("table", BACKUP, Statements::NeedTheFirst, &Standing::default())?;
        Ok(result.map_or(Vec::new(), |result| replaced::lines("catalogue", "table public.model_access", result)))
    })
}

fn in_the_way(table: &str) -> Error {
    Error::Refused(
        "a table is in the way",
        format!("public.{table} is there."),
        match table {
            BACKUP => format!("Rename or drop public.{table}, then try again."),
            _ => "Run SELECT * FROM model_access.uninstall(drop_data => true); first.".to_owned(),
        },
    )
}
