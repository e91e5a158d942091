//! Bringing the catalogue in line with OpenRouter.

use super::caller;
use crate::error::Error;
use crate::pg::jsonb::Jsonb;
use crate::pg::{Reply, session};
use crate::store::installation::Installation;
use crate::store::sync::Origin;
use crate::store::{catalogue, sync};
use pgrx::JsonB;
use pgrx::prelude::*;

/// Syncs the catalogue with OpenRouter's list: the array, or the whole answer `{"data": […]}`.
///
/// Returns counts, or `{success: false, error, sync_log_id}`; writes one row of `model_sync_log` either way.
/// Errors: 42501 unless the caller is privileged or a catalogue admin; cancel, shutdown, out of memory,
/// serialization failure and deadlock are raised. Source: docs/design.md, "Catalogue".
#[pg_extern(volatile, parallel_unsafe)]
fn sync_openrouter_models(models_data: Option<Jsonb>) -> Reply<JsonB> {
    Reply::of(|| sync_as_admin(models_data, false))
}

/// As [`sync_openrouter_models`], without the guard against a feed that lacks too many models.
#[pg_extern(volatile, parallel_unsafe)]
fn force_sync_openrouter_models(models_data: Option<Jsonb>) -> Reply<JsonB> {
    Reply::of(|| sync_as_admin(models_data, true))
}

fn sync_as_admin(models_data: Option<Jsonb>, force: bool) -> Result<JsonB, Error> {
    let installation = Installation::current()?;
    caller::require_admin(&installation)?;
    installation.require_owned(&catalogue::TABLES)?;
    let origin = Origin { force, started: session::clock(), http_status: None };
    Ok(JsonB(sync::run(&installation, models_data.as_ref(), origin)))
}
