//! The quota engine: who calls, which limits concern him, what their counters say, and what becomes of it.
//!
//! Locks are taken in one order, so that no call waits for another that waits for it: corrections, idempotency keys, reservations,
//! subjects, limits of which counters are made or removed, counters.

pub mod admission;
mod alerts;
mod board;
mod board_lock;
pub mod callers;
pub mod corrections;
pub mod costs;
mod counters;
mod entry;
pub mod forget;
mod holds;
mod ledger;
mod limits;
mod locks;
pub mod open_windows;
pub mod operators;
pub mod organization_months;
mod organization_usage;
pub mod priced_line;
pub mod record;
pub mod reprice;
pub mod requests;
pub mod reservations;
pub mod status;
mod system_callers;
mod system_usage;
pub mod verify;

use crate::pg::spi::{Arg, Row, arg};
use model_access_domain::limit::Amount;
use pgrx::{Uuid, pg_sys};
use std::ffi::{CStr, c_int};
use std::str::FromStr;

/// The tables that the engine reads and writes.
pub const TABLES: [&CStr; 11] = [
    c"profiles",
    c"organizations",
    c"model_access",
    c"model_price_history",
    c"ai_usage",
    c"ai_usage_folded",
    c"quota_limits",
    c"quota_usage",
    c"quota_holds",
    c"quota_reservations",
    c"quota_requests",
];

/// An instant, microseconds since 2000-01-01 00:00 UTC.
pub type Instant = pg_sys::TimestampTz;

fn of_server(id: Uuid) -> uuid::Uuid {
    uuid::Uuid::from_bytes(*id.as_bytes())
}

fn to_server(id: uuid::Uuid) -> Uuid {
    Uuid::from_bytes(id.into_bytes())
}

/// The places of so many elements, from 1. An array of them beside the others keeps their order; `generate_subscripts()`
/// would too, but the planner takes it for a thousand rows and reads whole tables.
pub fn places(count: usize) -> Arg {
    arg((1..=i32::try_from(count).unwrap_or(i32::MAX)).collect::<Vec<i32>>())
}

/// A `numeric`, as it is or as text; NULL reads as `None`.
pub(super) fn amount(row: &Row, position: c_int) -> Option<Amount> {
    if let Some((value, scale)) = row.decimal(position) {
        // Decimals of 64 bits are made with less effort.
        return Some(
            i64::try_from(value).map_or_else(|_| Amount::from((value, scale)), |value| Amount::from((value, scale))),
        );
    }
    row.text(position).and_then(|text| Amount::from_str(&text).ok())
}

/// As [`amount`]; NULL reads as 0.
fn amount_or_zero(row: &Row, position: c_int) -> Amount {
    amount(row, position).unwrap_or_default()
}
