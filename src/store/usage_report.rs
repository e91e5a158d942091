//! Reports over the ledger, in the caller's own rights: his policies decide which rows there are.

use crate::pg::spi::{Snapshot, arg, timestamp_arg};
use crate::pg::tuplestore::Sink;
use crate::planned_anew;
use model_access_domain::report::Grouping;
use pgrx::pg_sys;

planned_anew!(SUMMARY, include_str!("../../sql/queries/usage_summary.sql"));
planned_anew!(EXPORT, include_str!("../../sql/queries/usage_export.sql"));

/// From an instant until before another.
#[derive(Clone, Copy)]
pub struct Window {
    /// The first instant.
    pub from: pg_sys::TimestampTz,
    /// The first instant that is too late.
    pub to: pg_sys::TimestampTz,
}

/// Sends sums over the window into the result of the running function.
pub fn summary(window: Window, grouping: &Grouping, sink: &Sink) {
    let mut args = vec![timestamp_arg(window.from), timestamp_arg(window.to), arg(grouping.period)];
    let keys = [grouping.model, grouping.provider, grouping.user, grouping.organization, grouping.is_total()];
    args.extend(keys.map(arg));
    SUMMARY.with(|query| sink.append(query, Snapshot::Callers, &args));
}

/// Sends the window's rows as events into the result of the running function.
pub fn export(window: Window, sink: &Sink) {
    let args = [timestamp_arg(window.from), timestamp_arg(window.to)];
    EXPORT.with(|query| sink.append(query, Snapshot::Callers, &args));
}
