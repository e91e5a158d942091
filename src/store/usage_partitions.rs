//! Partitions of the ledger, by month.

use super::quota::Instant;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::spi::{Snapshot, arg, execute_text, timestamp_arg};
use crate::statement;

statement!(STATEMENTS, include_str!("../../sql/queries/usage_partition_statements.sql"));

/// Makes the partitions from the month before an instant to so many months after it, as the caller; returns how many.
pub fn make(from: Instant, months: i32) -> usize {
    with_settings(&PLAIN_SQL, || {
        let args = [timestamp_arg(from), arg(months)];
        let statements = STATEMENTS
            .with(|query| query.rows(Snapshot::Latest, &args, |row| row.get::<String>(1).unwrap_or_default()));
        statements.iter().for_each(|statement| execute_text(statement));
        statements.len() / 3
    })
}
