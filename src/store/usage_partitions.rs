//! Partitions of the ledger, by month.

use super::install::revoke_attaching;
use super::quota::Instant;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Row, Snapshot, arg, execute_text, timestamp_arg};
use crate::statement;
use std::collections::BTreeSet;

statement!(STATEMENTS, include_str!("../../sql/queries/usage_partition_statements.sql"));

/// Makes the partitions from the month before an instant to so many months after it, as the caller, and closes every
/// partition; returns how many were made.
pub fn make(from: Instant, months: i32) -> usize {
    with_settings(&PLAIN_SQL, || {
        let args = [timestamp_arg(from), arg(months)];
        let text = |row: &Row, position| row.get::<String>(position).unwrap_or_default();
        let step = |row: &Row| (text(row, 1), row.get::<bool>(2) == Some(true), text(row, 3));
        let steps = STATEMENTS.with(|query| query.rows(Snapshot::Latest, &args, step));
        steps.iter().for_each(|(.., statement)| execute_text(statement));
        let made: BTreeSet<&str> =
            steps.iter().filter(|(_, is_new, _)| *is_new).map(|(name, ..)| name.as_str()).collect();
        let closed: BTreeSet<String> = steps.iter().map(|(name, ..)| name.clone()).collect();
        revoke_attaching(closed.into_iter().collect());
        made.len()
    })
}
