//! Figures about the engine that cost little: from the ends of indexes and from what the server counts anyway. Nothing here reads
//! more than a few thousand rows, and no lock is taken but a reader's.

use super::installation::Installation;
use super::quota::Instant;
use super::{tally, usage_partitions};
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, Statement, timestamp_arg};
use crate::{planned_anew, statement};
use model_access_domain::limit::Amount;
use model_access_domain::metrics::{self, Sample};
use std::ffi::CStr;
use std::str::FromStr;

planned_anew!(CATALOGUE, include_str!("../../sql/queries/engine_catalogue.sql"));
planned_anew!(LIMITS, include_str!("../../sql/queries/engine_limits.sql"));
planned_anew!(RESERVATIONS, include_str!("../../sql/queries/engine_reservations.sql"));
planned_anew!(TABLE_STATISTICS, include_str!("../../sql/queries/engine_tables.sql"));
planned_anew!(RECENT_USAGE, include_str!("../../sql/queries/engine_recent_usage.sql"));
statement!(DEFAULT_IS_USED, "SELECT EXISTS (SELECT FROM public.ai_usage_other AS u)");

/// The tables that are read, beside those of quotas.
pub const TABLES: [&CStr; 4] = [c"model_sync_log", c"model_review_items", c"model_catalogue_version", c"quota_alerts"];

/// All figures, in order.
pub fn samples(installation: &Installation, now: Instant) -> Vec<Sample> {
    let mut samples = installation.as_owner(|| {
        let at = [timestamp_arg(now)];
        let read = |statement: &Statement| statement.rows(Snapshot::Callers, &at, sample);
        let dated = [&CATALOGUE, &LIMITS, &RESERVATIONS].into_iter().flat_map(|statement| statement.with(read));
        let read = |statement: &Statement| statement.rows(Snapshot::Callers, &[], sample);
        let undated = [&TABLE_STATISTICS, &RECENT_USAGE].into_iter().flat_map(|statement| statement.with(read));
        dated.chain(undated).flatten().chain(partitions(now)).collect::<Vec<_>>()
    });
    samples.extend(own());
    metrics::sort(&mut samples);
    samples
}

/// A row of a query: the figure's name, its labels as pairs, its value; NULL is nothing to tell.
fn sample(row: &Row) -> Option<Sample> {
    let labels = row.get::<Vec<Option<String>>>(2).unwrap_or_default();
    let labels = labels.chunks_exact(2).filter_map(|pair| match pair {
        [Some(name), Some(value)] => Some((name.clone(), value.clone())),
        _ => None,
    });
    let value = Amount::from_str(&row.get::<String>(3)?).ok()?;
    Sample::of(&row.get::<String>(1)?, labels.collect(), value)
}

/// Months that the ledger has partitions for, and whether it had none for some row; nothing of one that is not partitioned.
fn partitions(now: Instant) -> Vec<Sample> {
    let plain = |name, value: usize| Sample::of(name, Vec::new(), Amount::from(value as u64));
    let standing = usage_partitions::with_plain_sql(|| usage_partitions::standing_in(Snapshot::Callers));
    let ahead = standing.iter().filter(|partition| partition.from > now).count();
    let ahead = (!standing.is_empty()).then_some(("model_access_ledger_partitions_ahead", ahead));
    let used = usage_partitions::has_default().then(|| {
        let used = DEFAULT_IS_USED.with(|query| query.first(Snapshot::Callers, &[], |row| row.get::<bool>(1)));
        ("model_access_ledger_default_partition_used", usize::from(used.flatten() == Some(true)))
    });
    [ahead, used].into_iter().flatten().filter_map(|(name, value)| plain(name, value)).collect()
}

/// What this backend counted.
fn own() -> Vec<Sample> {
    let pid = session::backend_number().to_string();
    let sample = |(name, label, part, count): (&str, &str, &str, u64)| {
        let labels = vec![("pid".to_owned(), pid.clone()), (label.to_owned(), part.to_owned())];
        Sample::of(name, labels, Amount::from(count))
    };
    tally::counts().into_iter().filter_map(sample).collect()
}
