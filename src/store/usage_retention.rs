//! What the ledger keeps no longer: its sums stay.
//!
//! Months are summed before anything is locked, since that takes long; then the ledger is locked, a moment later, and counted
//! again: rows are only ever added, so months with as many rows have the same ones, and only a month that was written to
//! meanwhile is summed anew. While this waits for the ledger it has nothing that a call waits for, and no call has
//! anything but the ledger that this waits for. So the two never deadlock.

use super::install::take_turn;
use super::installation::Installation;
use super::quota::{Instant, open_windows};
use super::usage_partitions::{self, DEFAULT_PARTITION, Partition, has_default, standing};
use crate::error::Error;
use crate::pg::session;
use crate::pg::spi::{Arg, Row, Snapshot, arg, execute_text, timestamp_arg};
use crate::statement;
use pgrx::datum::Interval;

statement!(HORIZON, include_str!("../../sql/queries/usage_horizon.sql"));
statement!(FOLD, include_str!("../../sql/queries/usage_fold.sql"));
statement!(FINGERPRINT, include_str!("../../sql/queries/usage_fingerprint.sql"));
statement!(FOLD_STRAYS, include_str!("../../sql/queries/usage_fold_strays.sql"));
statement!(LAST_FOLD, "SELECT pg_catalog.max(f.fold_id) FROM public.ai_usage_folded AS f");
statement!(UNFOLD, "DELETE FROM public.ai_usage_folded AS f WHERE f.fold_id OPERATOR(pg_catalog.=) ANY ($1)");

/// Partitions are made up to so many months ahead.
const MONTHS_AHEAD: i32 = 3;

/// What was done to a partition.
pub struct Line {
    /// Its name.
    pub partition: String,
    /// `created`, `dropped`, `folded`, `kept`, `not partitioned`.
    pub action: &'static str,
    /// How many rows were moved into it, or summed and dropped.
    pub rows: Option<i64>,
}

/// What is to be kept.
struct Horizon {
    /// What is older has been kept long enough.
    keep_from: Instant,
    /// The first of a month. What is older may go: no window that is open needs it.
    month: Instant,
}

/// Some rows, as they were seen.
#[derive(PartialEq, Eq)]
struct Fingerprint {
    rows: i64,
    hashes: [Option<String>; 2],
}

impl Fingerprint {
    fn of(row: &Row) -> Self {
        Self { rows: row.get::<i64>(1).unwrap_or_default(), hashes: [2, 3].map(|position| row.get::<String>(position)) }
    }
}

/// Makes partitions ahead and drops those that are older than `keep` and that no open window needs; their sums stay.
/// 22023 for less than a month, 55000 in a transaction with one snapshot.
pub fn maintain(installation: &Installation, keep: Option<Interval>, now: Instant) -> Result<Vec<Line>, Error> {
    if session::has_one_snapshot() {
        return Err(Error::Refused(
            "partitions are maintained under READ COMMITTED only",
            "The transaction is REPEATABLE READ or SERIALIZABLE.".to_owned(),
            "Call it in a transaction of its own.".to_owned(),
        ));
    }
    installation.as_owner(|| {
        usage_partitions::with_plain_sql(|| {
            let horizon = keep.map(|keep| horizon(keep, now)).transpose()?;
            take_turn();
            if standing().is_empty() && !has_default() {
                let partition = "ai_usage".to_owned();
                return Ok(vec![Line { partition, action: "not partitioned", rows: None }]);
            }
            let mut lines = horizon.as_ref().map(|horizon| drop_old(horizon, now)).unwrap_or_default();
            lines.extend(usage_partitions::make(now, MONTHS_AHEAD, false).into_iter().map(|made| Line {
                partition: made.name,
                action: "created",
                rows: Some(made.rows),
            }));
            lines.extend(horizon.and_then(|horizon| fold_strays(&horizon, now)));
            Ok(lines)
        })
    })
}

fn horizon(keep: Interval, now: Instant) -> Result<Horizon, Error> {
    let open = open_windows::earliest(now)?;
    let args = [timestamp_arg(now), arg(keep), timestamp_arg(open)];
    let read = |row: &Row| {
        let instant = |position| row.timestamp(position).unwrap_or(Instant::MIN);
        let horizon = Horizon { keep_from: instant(2), month: instant(3) };
        if row.get::<bool>(1) == Some(true) { Err(row.get::<String>(4).unwrap_or_default()) } else { Ok(horizon) }
    };
    let found = HORIZON.with(|query| query.first(Snapshot::Latest, &args, read));
    found.unwrap_or(Err(String::new())).map_err(|keep| {
        Error::BadArgument("p_keep", format!("\"{keep}\""), "Pass a month or more; NULL keeps everything.")
    })
}

/// Sums and drops the partitions that are old enough.
fn drop_old(horizon: &Horizon, now: Instant) -> Vec<Line> {
    let (old, young): (Vec<Partition>, Vec<Partition>) =
        standing().into_iter().partition(|partition| partition.to <= horizon.month);
    let summed: Vec<(Vec<i64>, Fingerprint)> = old.iter().map(|partition| fold(partition, now)).collect();
    if !old.is_empty() {
        usage_partitions::lock();
    }
    let mut lines = Vec::new();
    for (partition, (folds, seen)) in old.iter().zip(summed) {
        let found = FINGERPRINT.with(|query| query.first(Snapshot::Fresh, &bounds(partition), Fingerprint::of));
        let rows = if found.as_ref() == Some(&seen) {
            seen.rows
        } else {
            UNFOLD.with(|query| query.execute(&[arg(folds)]));
            fold(partition, now).1.rows
        };
        execute_text(&partition.drop);
        lines.push(Line { partition: partition.name.clone(), action: "dropped", rows: Some(rows) });
    }
    let kept = young.into_iter().filter(|partition| partition.to <= horizon.keep_from);
    lines.extend(kept.map(|partition| Line { partition: partition.name, action: "kept", rows: None }));
    lines
}

fn bounds(partition: &Partition) -> [Arg; 2] {
    [timestamp_arg(partition.from), timestamp_arg(partition.to)]
}

/// Sums a partition; returns the keys of the sums, and which rows they are of.
fn fold(partition: &Partition, now: Instant) -> (Vec<i64>, Fingerprint) {
    let last =
        || LAST_FOLD.with(|query| query.first(Snapshot::Latest, &[], |row| row.get::<i64>(1))).flatten().unwrap_or(0);
    let before = last();
    let [from, to] = bounds(partition);
    let seen = FOLD.with(|query| query.first(Snapshot::Latest, &[from, to, timestamp_arg(now)], Fingerprint::of));
    // Nobody else folds meanwhile.
    ((before + 1..=last()).collect(), seen.unwrap_or(Fingerprint { rows: 0, hashes: [None, None] }))
}

/// Sums and deletes rows of the default partition that came after their month was dropped, and are old enough too.
fn fold_strays(horizon: &Horizon, now: Instant) -> Option<Line> {
    if !has_default() {
        return None;
    }
    let args = [timestamp_arg(horizon.month), timestamp_arg(now)];
    let rows = FOLD_STRAYS.with(|query| query.first(Snapshot::Latest, &args, |row| row.get::<i64>(1))).flatten();
    let partition = DEFAULT_PARTITION.to_string_lossy().into_owned();
    rows.filter(|rows| *rows > 0).map(|rows| Line { partition, action: "folded", rows: Some(rows) })
}
