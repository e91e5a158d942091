//! Partitions of the ledger, by month.

use super::install::revoke_attaching;
use super::quota::Instant;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Row, Snapshot, arg, execute_text, timestamp_arg};
use crate::statement;
use std::collections::BTreeSet;

statement!(STATEMENTS, include_str!("../../sql/queries/usage_partition_statements.sql"));

/// Makes the partitions from the month before an instant to so many months after it, as the caller; returns how many.
pub fn make(from: Instant, months: i32) -> usize {
    with_settings(&PLAIN_SQL, || {
        let args = [timestamp_arg(from), arg(months)];
        let text = |row: &Row, position| row.get::<String>(position).unwrap_or_default();
        let steps = STATEMENTS.with(|query| query.rows(Snapshot::Latest, &args, |row| (text(row, 1), text(row, 2))));
        steps.iter().for_each(|(_, statement)| execute_text(statement));
        let made: BTreeSet<String> = steps.into_iter().map(|(name, _)| name).collect();
        let count = made.len();
        revoke_attaching(made.into_iter().collect());
        count
    })
}
