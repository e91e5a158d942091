//! The limits that concern some calls.

use super::amount;
use super::callers::Call;
use crate::error::Error;
use crate::lookup;
use crate::pg::spi::{Row, Snapshot, arg};
use crate::pg::text_array::texts_arg;
use model_access_domain::limit::{Amount, Limit, Metric, Per, Scope, Source};
use model_access_domain::pattern;
use model_access_domain::window::{Calendar, Period, Zone};
use std::collections::BTreeSet;
use std::str::FromStr;

lookup!(LIMITS, include_str!("../../../sql/queries/quota_limits.sql"));
lookup!(STANDING, "SELECT l.limit_id FROM public.quota_limits AS l WHERE l.limit_id OPERATOR(pg_catalog.=) ANY ($1)");

/// Reads the limits of `quota_limits`, of models and of organisations. 55000 for a row that cannot be understood: to ignore a limit
/// would be to admit without it.
pub fn of_calls(snapshot: Snapshot, calls: &[Call]) -> Result<Vec<Limit>, Error> {
    let subjects: BTreeSet<(Scope, String)> = calls.iter().flat_map(|call| call.caller.subjects()).collect();
    let patterns: BTreeSet<String> = calls.iter().flat_map(|call| pattern::patterns_of(&call.model)).collect();
    let args = [
        texts_arg(subjects.iter().map(|(scope, _)| Some(scope.word()))),
        texts_arg(subjects.iter().map(|(_, subject)| Some(subject.as_str()))),
        texts_arg(patterns.iter().map(|pattern| Some(pattern.as_str()))),
    ];
    let mut limits: Vec<Limit> =
        LIMITS.with(|query| query.rows(snapshot, &args, read)).into_iter().collect::<Result<_, _>>()?;
    // An organisation has one quota for all system models, and its own amounts of their limits.
    let mut known = BTreeSet::new();
    for limit in calls.iter().flat_map(|call| &call.own_limits) {
        if known.insert((limit.source, limit.subject.as_str(), limit.pattern.as_str())) {
            limits.push(limit.clone());
        }
    }
    Ok(limits)
}

/// Those of some limits that are still there.
pub fn standing(ids: &BTreeSet<i64>) -> BTreeSet<i64> {
    let args = [arg(ids.iter().copied().collect::<Vec<i64>>())];
    let rows = STANDING.with(|query| query.rows(Snapshot::Fresh, &args, |row| row.get::<i64>(1)));
    rows.into_iter().flatten().collect()
}

/// A limit from columns 1 to 16 of a row, in the order of `quota_limits.sql`.
pub fn read(row: &Row) -> Result<Limit, Error> {
    let limit_id = row.get::<i64>(1).unwrap_or_default();
    let text = |position| row.get::<String>(position).unwrap_or_default();
    let broken = |column: &'static str, value: String| Error::BrokenLimit(limit_id, column, value);
    let calendar = match row.get::<String>(9) {
        None => None,
        Some(word) => Some(Calendar {
            period: Period::of_word(&word).ok_or_else(|| broken("period", word))?,
            zone: Zone::of_name(&text(12)).ok_or_else(|| broken("time_zone", text(12)))?,
            anchor: row.timestamp(13),
        }),
    };
    Ok(Limit {
        source: Source::Limit,
        limit_id,
        name: text(2),
        scope: Scope::of_word(&text(3)).ok_or_else(|| broken("scope", text(3)))?,
        subject: text(4),
        per: Per::of_word(&text(5)).ok_or_else(|| broken("per", text(5)))?,
        pattern: text(6),
        per_model: row.get::<bool>(7).unwrap_or_default(),
        metric: Metric::of_word(&text(8)).ok_or_else(|| broken("metric", text(8)))?,
        calendar,
        amount: amount(row, 10),
        hard: row.get::<bool>(11).unwrap_or(true),
        starts_at: row.timestamp(14),
        ends_at: row.timestamp(15),
        alert_at: shares(row),
        spares_free: false,
        carried: None,
        reset_seen: None,
    })
}

fn shares(row: &Row) -> Vec<Amount> {
    let texts = row.get::<Vec<Option<String>>>(16).unwrap_or_default();
    texts.iter().flatten().filter_map(|text| Amount::from_str(text).ok()).collect()
}
