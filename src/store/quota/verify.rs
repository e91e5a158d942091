//! Whether counters, holds, reservations and ledger agree.

use super::counters::{self, Counted};
use super::limits;
use super::{Instant, amount_or_zero, of_server, to_server};
use crate::error::Error;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::statement;
use crate::store::installation::Installation;
use model_access_domain::limit::{Amount, CounterKey, Limit, Source};
use model_access_domain::window::Window;
use pgrx::Uuid;

statement!(COUNTERS, include_str!("../../../sql/queries/quota_verify_counters.sql"));
statement!(LAST_FOLD, "SELECT pg_catalog.max(f.fold_id) FROM public.ai_usage_folded AS f");
statement!(HOLDS, include_str!("../../../sql/queries/quota_verify_holds.sql"));

/// So many counters are summed by one statement.
const CHUNK: usize = 1000;

/// Something that does not agree.
pub struct Mismatch {
    /// `used`, `held`, `counter without limit`, `hold without counter`, `hold without live reservation`, `ledger row missing`.
    pub problem: String,
    /// The limit's name, where it is about a counter.
    pub limit_name: Option<String>,
    /// The user, the organisation, or nil for a pool.
    pub subject: Option<Uuid>,
    /// The model, where counted apart.
    pub model: Option<String>,
    /// The counter.
    pub counter_id: Option<i64>,
    /// What it should be.
    pub expected: Option<String>,
    /// What it is.
    pub actual: Option<String>,
    /// What was compared.
    pub detail: String,
}

/// A counter of an open window.
struct Stored {
    limit: Limit,
    key: CounterKey,
    window: Window,
    used: Amount,
    opening: Amount,
    counter_id: i64,
}

/// Compares everything, or what concerns one subject, as the calling query sees it.
pub fn verify(installation: &Installation, subject: Option<Uuid>, now: Instant) -> Result<Vec<Mismatch>, Error> {
    installation.as_owner(|| {
        require_whole_ledger()?;
        let args = [timestamp_arg(now), arg(subject)];
        let stored = COUNTERS.with(|query| query.rows(Snapshot::Callers, &args, read));
        let stored: Vec<Stored> = stored.into_iter().collect::<Result<_, _>>()?;
        let mut mismatches: Vec<Mismatch> = stored.chunks(CHUNK).flat_map(used_mismatches).collect();
        mismatches.extend(HOLDS.with(|query| query.rows(Snapshot::Callers, &[arg(subject)], mismatch)));
        Ok(mismatches)
    })
}

/// 40001 when months were dropped after the query's snapshot was taken: it has neither their rows nor their sums. None is
/// dropped from then on.
fn require_whole_ledger() -> Result<(), Error> {
    session::lock_for_reading(c"ai_usage");
    let last = |snapshot| LAST_FOLD.with(|query| query.first(snapshot, &[], |row| row.get::<i64>(1))).flatten();
    if last(Snapshot::Callers) == last(Snapshot::Fresh) { Ok(()) } else { Err(Error::LedgerChanged) }
}

fn read(row: &Row) -> Result<Stored, Error> {
    let model = row.get::<String>(20).unwrap_or_default();
    let source = row.get::<String>(18).and_then(|word| Source::of_word(&word)).unwrap_or(Source::Limit);
    let subject = row.get::<Uuid>(17).map(of_server).unwrap_or_default();
    let limit = match source {
        Source::Limit => limits::read(row)?,
        Source::Organization => Limit::of_organization(subject, None, None),
        _ if source.is_of_system_models() => Limit::of_system_model(source, &model, None, None),
        _ => Limit::of_model(source, &model, None),
    };
    let key = CounterKey { subject, source: source.word(), limit_id: row.get::<i64>(19).unwrap_or_default(), model };
    let instant = |position| row.timestamp(position).unwrap_or_default();
    Ok(Stored {
        limit,
        key,
        window: Window { start: instant(21), end: instant(22) },
        used: amount_or_zero(row, 23),
        opening: amount_or_zero(row, 24),
        counter_id: row.get::<i64>(25).unwrap_or_default(),
    })
}

fn used_mismatches(stored: &[Stored]) -> Vec<Mismatch> {
    let counted: Vec<Counted> =
        stored.iter().map(|each| Counted { limit: &each.limit, key: &each.key, window: each.window }).collect();
    let sums = counters::ledger_sums(Snapshot::Callers, &counted);
    let wrong = stored.iter().zip(sums).filter(|(each, sum)| each.used != &each.opening + sum);
    wrong
        .map(|(each, sum)| Mismatch {
            problem: "used".to_owned(),
            limit_name: Some(each.limit.name.clone()),
            subject: Some(to_server(each.key.subject)),
            model: Some(each.key.model.clone()),
            counter_id: Some(each.counter_id),
            expected: Some((&each.opening + sum).to_plain_string()),
            actual: Some(each.used.to_plain_string()),
            detail: "opening and the ledger's sum, and what the counter says".to_owned(),
        })
        .collect()
}

fn mismatch(row: &Row) -> Mismatch {
    Mismatch {
        problem: row.get::<String>(1).unwrap_or_default(),
        limit_name: None,
        subject: row.get::<Uuid>(2),
        model: row.get::<String>(3),
        counter_id: row.get::<i64>(4),
        expected: row.get::<String>(5),
        actual: row.get::<String>(6),
        detail: row.get::<String>(7).unwrap_or_default(),
    }
}
