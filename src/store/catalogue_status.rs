//! How the catalogue is kept: when it was last brought up to date, what went wrong, when it goes on.

use super::installation::Installation;
use super::schedule;
use crate::lookup;
use crate::pg::jsonb::JsonValue;
use crate::pg::session;
use crate::pg::spi::{Snapshot, timestamp_arg};
use model_access_domain::cron;
use serde_json::{Value, json};
use std::ffi::CStr;

lookup!(STATUS, include_str!("../../sql/queries/catalogue_status.sql"));

/// The tables that are read.
pub const TABLES: [&CStr; 3] = [c"model_access", c"model_sync_log", c"model_review_items"];

/// Microseconds of a second, and seconds between the epochs of unix and of the server.
const SECOND: i64 = 1_000_000;
const UNIX_TO_SERVER: i64 = 946_684_800;

/// The figures at an instant, as JSON.
pub fn status(installation: &Installation, now: i64) -> Value {
    installation.as_owner(|| {
        let found = STATUS.with(|query| {
            query.first(Snapshot::Callers, &[timestamp_arg(now)], |row| row.get::<JsonValue>(1).and_then(|json| json.0))
        });
        let mut status = found.flatten().unwrap_or_else(|| json!({}));
        let schedule = schedule::of_refresh();
        // As pg_cron reads its own schedules.
        let zone = session::setting(c"cron.timezone").unwrap_or_else(|| "GMT".to_owned());
        let next = schedule.as_deref().and_then(|schedule| {
            let seconds = cron::next_run(schedule, &zone, now.div_euclid(SECOND) + UNIX_TO_SERVER)?;
            session::iso_8601(seconds.checked_sub(UNIX_TO_SERVER)?.checked_mul(SECOND)?)
        });
        if let Some(status) = status.as_object_mut() {
            status.insert("schedule".to_owned(), json!(schedule));
            status.insert("next_run_at".to_owned(), json!(next));
        }
        status
    })
}
