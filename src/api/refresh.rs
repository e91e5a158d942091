//! Keeping the catalogue fresh: fetching it, and having it fetched.

use super::caller::{require_admin, require_privileged};
use crate::error::Error;
use crate::pg::{Reply, session};
use crate::store::installation::Installation;
use crate::store::{catalogue, catalogue_status, refresh, schedule};
use pgrx::JsonB;
use pgrx::prelude::*;
use serde_json::json;

/// Fetches OpenRouter's list from `model_access_settings.openrouter_url` and syncs the catalogue with it.
///
/// Returns what [`sync_openrouter_models`](super::sync) returns; `{success, not_modified}` where the server says that nothing
/// changed, `{success: false, skipped}` beside another run. Each run but a skipped one is a row of `model_sync_log`. Bounded by
/// `fetch_timeout_seconds`. Errors: 42501 unless the caller is privileged or a catalogue admin. Source: docs/design.md, "Catalogue".
#[pg_extern(volatile, parallel_unsafe)]
fn refresh_openrouter_models() -> Reply<JsonB> {
    Reply::of(|| {
        let installation = Installation::current()?;
        require_admin(&installation)?;
        installation.require_owned(&catalogue::TABLES)?;
        installation.require_owned(&refresh::TABLES)?;
        Ok::<_, Error>(JsonB(refresh::run(&installation)))
    })
}

/// Lets pg_cron refresh the catalogue at `p_schedule`, and lets it do what the installed modules need done.
///
/// Returns the jobs: `[{job, schedule, command}]`. They are the tables' owner's. Errors: 42501 unless privileged, 22004, 22023 for a
/// schedule that pg_cron cannot read, 55000 without pg_cron. Source: docs/operations.md.
#[pg_extern(volatile, parallel_unsafe)]
fn schedule_catalogue_refresh(p_schedule: default!(Option<&str>, "'17 3 * * *'")) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = Installation::current()?;
        require_privileged(&installation)?;
        let wanted = p_schedule.ok_or(Error::NoArgument("p_schedule"))?;
        let jobs = schedule::schedule(&installation, wanted)?;
        let told = |(job, schedule, command)| json!({ "job": job, "schedule": schedule, "command": command });
        Ok::<_, Error>(JsonB(jobs.into_iter().map(told).collect()))
    })
}

/// Takes the jobs of [`schedule_catalogue_refresh`] back; returns how many there were.
///
/// Errors: 42501 unless privileged, 55000 without pg_cron. Source: docs/operations.md.
#[pg_extern(volatile, parallel_unsafe)]
fn unschedule_catalogue_refresh() -> Reply<i32> {
    Reply::of(|| {
        let installation = Installation::current()?;
        require_privileged(&installation)?;
        let taken = schedule::unschedule(&installation)?;
        Ok::<_, Error>(i32::try_from(taken).unwrap_or(i32::MAX))
    })
}

/// How the catalogue is kept: `{last_success_at, age_seconds, last_failure_at, last_error, failing_since, schedule, next_run_at,
/// models, review_items_open, url}`.
///
/// Errors: 42501 unless the caller is privileged or a catalogue admin. Source: docs/operations.md.
#[pg_extern(stable, parallel_restricted)]
fn get_catalogue_status() -> Reply<JsonB> {
    Reply::of(|| {
        let installation = Installation::current()?;
        require_admin(&installation)?;
        installation.require_owned(&catalogue_status::TABLES)?;
        Ok::<_, Error>(JsonB(catalogue_status::status(&installation, session::clock())))
    })
}
