//! Partitions of the ledger, by month.

use super::install::revoke_attaching;
use super::quota::Instant;
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg, execute_text, optional_timestamp_arg, timestamp_arg, timestamps_arg};
use crate::statement;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CStr;

statement!(STATEMENTS, include_str!("../../sql/queries/usage_partition_statements.sql"));
statement!(STANDING, include_str!("../../sql/queries/usage_partitions.sql"));
statement!(STRAYS, include_str!("../../sql/queries/usage_strays.sql"));

/// Where rows go whose month has no partition.
pub const DEFAULT_PARTITION: &CStr = c"ai_usage_other";

/// A partition of a part of time.
pub struct Partition {
    /// Its name.
    pub name: String,
    /// The first instant whose rows go there.
    pub from: Instant,
    /// The first instant after it whose rows do not.
    pub to: Instant,
    /// The statement that drops it.
    pub drop: String,
}

/// A partition that was made, and how many rows were there already, in the default partition.
pub struct Made {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: i64,
}

/// A statement that makes or closes a partition; the name is empty for what concerns all.
struct Step {
    name: String,
    is_new: bool,
    statement: String,
}

/// Runs statements that read and write the catalogue as SQL.
pub fn with_plain_sql<R>(work: impl FnOnce() -> R) -> R {
    with_settings(&PLAIN_SQL, work)
}

/// The partitions but the default one, the oldest first; none of a ledger that is not partitioned by the instant.
pub fn standing() -> Vec<Partition> {
    standing_in(Snapshot::Latest)
}

/// As [`standing`], as a snapshot sees them.
pub fn standing_in(snapshot: Snapshot) -> Vec<Partition> {
    let read = |row: &Row| Partition {
        name: row.get::<String>(1).unwrap_or_default(),
        from: row.timestamp(2).unwrap_or_default(),
        to: row.timestamp(3).unwrap_or_default(),
        drop: row.get::<String>(4).unwrap_or_default(),
    };
    STANDING.with(|query| query.rows(snapshot, &[], read))
}

/// Whether there is a default partition.
pub fn has_default() -> bool {
    session::public_relation(DEFAULT_PARTITION).is_some()
}

/// The months whose rows lie in the default partition, and how many.
fn strays(from: Instant, months: i32) -> BTreeMap<Instant, i64> {
    let oldest = standing().first().map(|partition| partition.from);
    if !has_default() {
        return BTreeMap::new();
    }
    let args = [optional_timestamp_arg(oldest), timestamp_arg(from), arg(months)];
    let read = |row: &Row| Some((row.timestamp(1)?, row.get::<i64>(2)?));
    STRAYS.with(|query| query.rows(Snapshot::Latest, &args, read)).into_iter().flatten().collect()
}

fn steps(from: Instant, months: i32, strays: &BTreeMap<Instant, i64>) -> Vec<Step> {
    let args = [timestamp_arg(from), arg(months), timestamps_arg(strays.keys().copied().collect())];
    let text = |row: &Row, position| row.get::<String>(position).unwrap_or_default();
    let read =
        |row: &Row| Step { name: text(row, 1), is_new: row.get::<bool>(2) == Some(true), statement: text(row, 3) };
    STATEMENTS.with(|query| query.rows(Snapshot::Latest, &args, read))
}

/// Whether [`make`] would make any.
pub fn are_missing(from: Instant, months: i32) -> bool {
    with_plain_sql(|| steps(from, months, &strays(from, months)).iter().any(|step| step.is_new))
}

/// Makes the partitions from the month before an instant to so many months after it, and of months whose rows lie in the
/// default partition, as the caller. Those that are made are closed; so are, with `close_all`, the others.
///
/// The ledger is locked while any is made: rows cannot come into the default partition while others leave it.
pub fn make(from: Instant, months: i32, close_all: bool) -> Vec<Made> {
    with_plain_sql(|| {
        if are_missing(from, months) {
            lock();
        }
        let strays = strays(from, months);
        let mut steps = steps(from, months, &strays);
        steps.retain(|step| step.is_new || close_all);
        steps.iter().for_each(|step| execute_text(&step.statement));
        let names = |new_only: bool| -> BTreeSet<String> {
            let wanted = steps.iter().filter(|step| !step.name.is_empty() && (step.is_new || !new_only));
            wanted.map(|step| step.name.clone()).collect()
        };
        revoke_attaching(names(false).into_iter().collect());
        let new = names(true);
        let rows: BTreeMap<String, i64> =
            standing().into_iter().filter_map(|found| Some((found.name, *strays.get(&found.from)?))).collect();
        new.into_iter().map(|name| Made { rows: rows.get(&name).copied().unwrap_or(0), name }).collect()
    })
}

/// Locks the ledger against everybody, readers too, until the transaction ends. Not its partitions: whoever works on one has
/// locked the ledger before.
pub fn lock() {
    execute_text("LOCK TABLE ONLY public.ai_usage IN ACCESS EXCLUSIVE MODE");
}
