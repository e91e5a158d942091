//! The limits that concern some calls.

use super::amount;
use super::callers::Call;
use crate::error::Error;
use crate::pg::arrays::texts_arg;
use crate::pg::keyed::Seen;
use crate::pg::shape::Column;
use crate::pg::shape::Kind::{Big, Bool, Instant, Number, Numbers, Text};
use crate::pg::spi::{Row, Snapshot, arg};
use crate::{keyed, lookup};
use model_access_domain::limit::{Amount, Limit, Metric, Per, Scope, Source};
use model_access_domain::pattern;
use model_access_domain::window::{Calendar, Period, Zone};
use std::collections::BTreeSet;
use std::str::FromStr;

lookup!(LIMITS, include_str!("../../../sql/queries/quota_limits.sql"));
/// The columns of [`read`].
const LIMIT: [Column; 16] = [
    (c"limit_id", Big),
    (c"name", Text),
    (c"scope", Text),
    (c"subject", Text),
    (c"per", Text),
    (c"model_pattern", Text),
    (c"per_model", Bool),
    (c"metric", Text),
    (c"period", Text),
    (c"limit_amount", Number),
    (c"enforcement", Text),
    (c"time_zone", Text),
    (c"anchor", Instant),
    (c"starts_at", Instant),
    (c"ends_at", Instant),
    (c"alert_at", Numbers),
];
keyed!(OF_SUBJECT, c"quota_limits", [(c"scope", Text), (c"subject", Text)], LIMIT);
keyed!(OF_PATTERN, c"quota_limits", [(c"scope", Text), (c"subject", Text), (c"model_pattern", Text)], LIMIT);
lookup!(STANDING, "SELECT l.limit_id FROM public.quota_limits AS l WHERE l.limit_id OPERATOR(pg_catalog.=) ANY ($1)");

/// A subject with more limits than this has many.
const FEW: usize = 8;

/// Reads the limits of `quota_limits`, of models and of organisations. 55000 for a row that cannot be understood: to ignore a limit
/// would be to admit without it.
pub fn of_calls(snapshot: Snapshot, calls: &[Call]) -> Result<Vec<Limit>, Error> {
    let mut subjects: Vec<(Scope, String)> = calls.iter().flat_map(|call| call.caller.subjects()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let read = by_keys(snapshot, &subjects, calls).unwrap_or_else(|| {
        let patterns = patterns_of(calls);
        let args = [
            texts_arg(subjects.iter().map(|(scope, _)| Some(scope.word()))),
            texts_arg(subjects.iter().map(|(_, subject)| Some(subject.as_str()))),
            texts_arg(patterns.iter().map(|pattern| Some(pattern.as_str()))),
        ];
        LIMITS.with(|query| query.rows(snapshot, &args, read))
    });
    let mut limits: Vec<Limit> = read.into_iter().collect::<Result<_, _>>()?;
    // An organisation has one quota for all system models, and its own amounts of their limits.
    let mut own: Vec<&Limit> = calls.iter().flat_map(|call| &call.own_limits).collect();
    if calls.len() > 1 {
        own.sort_by(|one, other| identity(one).cmp(&identity(other)));
        own.dedup_by(|one, other| identity(one) == identity(other));
    }
    limits.extend(own.into_iter().cloned());
    Ok(limits)
}

/// What makes a limit of a model or an organisation the same one for several calls.
fn identity(limit: &Limit) -> (Source, &str, &str) {
    (limit.source, limit.subject.as_str(), limit.pattern.as_str())
}

fn patterns_of(calls: &[Call]) -> BTreeSet<String> {
    calls.iter().flat_map(|call| pattern::patterns_of(&call.model)).collect()
}

/// The limits of `quota_limits`, as the statement reads them; `None` where that has to. Most subjects have few limits, which are
/// found at once; of one that has many each pattern is looked for.
fn by_keys(snapshot: Snapshot, subjects: &[(Scope, String)], calls: &[Call]) -> Option<Vec<Result<Limit, Error>>> {
    let keys: Vec<_> = subjects.iter().map(|(scope, subject)| [arg(scope.word()), arg(subject.as_str())]).collect();
    let mut models: Vec<&str> = calls.iter().map(|call| call.model.as_str()).collect();
    models.sort_unstable();
    models.dedup();
    // Of each subject how many limits were met, and those that are wanted.
    let mut all: Vec<(usize, Vec<Result<Limit, Error>>)> = keys.iter().map(|_| (0, Vec::new())).collect();
    Seen::with(snapshot, |seen| {
        let few = |place: usize, row: &Row| {
            let Some((met, found)) = all.get_mut(place) else { return false };
            *met += 1;
            let is_wanted = |pattern: String| models.iter().any(|model| pattern::matches(&pattern, model));
            if row.get::<String>(6).is_some_and(is_wanted) {
                found.push(read(row));
            }
            *met <= FEW
        };
        OF_SUBJECT.with(|rows| rows.rows(seen, &keys, few))?;
        if all.iter().all(|(met, _)| *met <= FEW) {
            return Some(());
        }
        let patterns = patterns_of(calls);
        let many = subjects.iter().zip(&mut all).filter(|(_, (met, _))| *met > FEW);
        for ((scope, subject), (_, found)) in many {
            let key = |pattern: &String| [arg(scope.word()), arg(subject.as_str()), arg(pattern.as_str())];
            let keys: Vec<_> = patterns.iter().map(key).collect();
            found.clear();
            let keep = |_, row: &Row| {
                found.push(read(row));
                true
            };
            OF_PATTERN.with(|rows| rows.rows(seen, &keys, keep))?;
        }
        Some(())
    })?;
    Some(all.into_iter().flat_map(|(_, found)| found).collect())
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
        hard: row.get::<String>(11).is_none_or(|word| word == "hard"),
        starts_at: row.timestamp(14),
        ends_at: row.timestamp(15),
        alert_at: shares(row),
        spares_free: false,
        carried: None,
        reset_seen: None,
    })
}

fn shares(row: &Row) -> Vec<Amount> {
    let texts = row.texts(16).unwrap_or_default();
    texts.iter().flatten().filter_map(|text| Amount::from_str(text).ok()).collect()
}
