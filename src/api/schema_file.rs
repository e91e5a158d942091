//! What the files of `sql/schema` call while `install()` or psql runs them.

use crate::error::Error;
use crate::pg::Reply;
use crate::pg::composite::Composite;
use crate::store::quota::Instant;
use crate::store::{adoption, usage_partitions, wrapper};
use pgrx::prelude::*;

/// Notes whether a table of ours stands before the schema files touch it: made, adopted, or known from before.
///
/// Errors: 22023 for a table that is none of ours.
#[pg_extern(volatile, parallel_unsafe)]
fn note_table(p_table: &str) -> Reply<&'static str> {
    Reply::of(|| adoption::note_table(p_table).map(adoption::Noted::word))
}

/// Takes `profiles.allowed_models` away with a closed backup, where it stands; whether it did.
#[pg_extern(volatile, parallel_unsafe)]
fn set_aside_allowed_models() -> Reply<bool> {
    Reply::of(adoption::set_aside_allowed_models)
}

/// Makes `public.<p_function>` around a function of the extension: created, kept, or left alone.
///
/// Errors: 42883 for a function that the extension does not have.
#[pg_extern(volatile, parallel_unsafe)]
fn make_wrapper(p_function: &str) -> Reply<&'static str> {
    Reply::of(|| wrapper::make(p_function).map(wrapper::Made::word))
}

/// Years of four digits after Christ, as names and bounds of partitions write them: about 1000 to 9000.
const NAMEABLE: std::ops::Range<Instant> = -31_556_952_000_000_000..220_898_664_000_000_000;
/// A hundred years. Each month is a table.
const MAX_MONTHS: i32 = 1200;

/// Makes the ledger's partitions from the month before an instant to `p_months` after it, closed; returns how many.
///
/// Rows of theirs that lie in the default partition move into them. None for a ledger that is not partitioned. Errors: 22023 for
/// an instant before 1000 or after 9000, less than no month and more than a hundred years.
#[pg_extern(volatile, parallel_unsafe)]
fn make_usage_partitions(p_from: TimestampWithTimeZone, p_months: i32) -> Reply<i32> {
    Reply::of(|| {
        let from = p_from.into();
        if !NAMEABLE.contains(&from) {
            return Err(Error::BadArgument("p_from", "too far away".to_owned(), "Pass an instant from 1000 to 9000."));
        }
        if !(0..=MAX_MONTHS).contains(&p_months) {
            return Err(Error::BadArgument("p_months", p_months.to_string(), "Pass 0 to 1200."));
        }
        let made = usage_partitions::make(from, p_months, true);
        Ok(i32::try_from(made.len()).unwrap_or(i32::MAX))
    })
}

/// A row as a value of the composite type of `p_type`, which has the same columns. Wrappers return the types of `public` by it.
///
/// Errors: 42804 when the columns differ.
#[pg_extern(
    immutable,
    parallel_safe,
    sql = "
CREATE FUNCTION model_access.as_row_type(p_row record, p_type anyelement)
RETURNS anyelement
IMMUTABLE PARALLEL SAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn as_row_type(fcinfo: pg_sys::FunctionCallInfo) -> Reply<Composite> {
    Reply::of(|| Composite::of_first_argument(fcinfo))
}
