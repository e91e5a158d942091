//! What a user has used, and what is left.

use super::callers::{self, Call, Wish};
use super::counters::{self, Counted, Wanted};
use super::{Instant, holds, limits, system_callers, to_server};
use crate::error::Error;
use crate::pg::arrays::texts_arg;
use crate::pg::spi::{Snapshot, arg, timestamp_arg};
use crate::statement;
use crate::store::installation::Installation;
use model_access_domain::counter::{Counter, Slot};
use model_access_domain::decision::{Demand, Figures, figures};
use model_access_domain::limit::{Amount, Caller, CounterKey, Limit, Source};
use model_access_domain::pattern;
use model_access_domain::tier;
use std::collections::BTreeMap;

statement!(LIMITS, include_str!("../../../sql/queries/quota_limits_of_subjects.sql"));
statement!(MODELS_COUNTED, include_str!("../../../sql/queries/quota_models_counted.sql"));
statement!(MODELS_LIMITED, include_str!("../../../sql/queries/quota_models_limited.sql"));

/// A limit that applies to a user.
pub struct Line {
    /// The model that is counted apart, else the pattern.
    pub model: String,
    /// What the counter says.
    pub figures: Figures,
}

/// One line per limit that applies to a user now.
pub fn of_user(installation: &Installation, user: uuid::Uuid, now: Instant) -> Result<Vec<Line>, Error> {
    installation.as_owner(|| {
        let wish = Wish { user, model: String::new(), demand: Demand::default() };
        let Call { caller, .. } = callers::look_up_one(Snapshot::Callers, &wish, now);
        let counted = applying(&caller, now)?;
        let keys: Vec<Wanted> = counted.iter().map(|(limit, key)| (key, limit.per)).collect();
        let mut stored: BTreeMap<CounterKey, Counter> = counters::read(Snapshot::Callers, &keys)
            .into_iter()
            .map(|counter| (counter.key.clone(), counter))
            .collect();
        imagine_missing(&mut stored, &counted, now);
        for (limit, key) in &counted {
            if let Some(counter) = stored.get_mut(key) {
                counter.roll(limit, now);
            }
        }
        holds::note_expiries(Snapshot::Callers, stored.values_mut(), now);
        let line = |(limit, key): &(Limit, CounterKey)| {
            let model =
                if limit.per_model && !key.model.is_empty() { key.model.clone() } else { limit.pattern.clone() };
            Some(Line { model, figures: figures(limit, stored.get(key)?, &Amount::default(), now) })
        };
        Ok(counted.iter().filter_map(line).collect())
    })
}

/// Limits in force, those that narrower ones of their name override left out, and their counters.
fn applying(caller: &Caller, now: Instant) -> Result<Vec<(Limit, CounterKey)>, Error> {
    let subjects = caller.subjects();
    let args = [
        texts_arg(subjects.iter().map(|(scope, _)| Some(scope.word()))),
        texts_arg(subjects.iter().map(|(_, subject)| Some(subject.as_str()))),
    ];
    let limits: Vec<Limit> = LIMITS
        .with(|query| query.rows(Snapshot::Callers, &args, limits::read))
        .into_iter()
        .collect::<Result<_, _>>()?;
    let mut counted = Vec::new();
    for limit in &limits {
        let overridden = |other: &Limit| {
            other.name == limit.name && other.scope < limit.scope && other.is_in_force(now) && covers(other, limit)
        };
        if limit.amount.is_none() || !limit.is_in_force(now) || limits.iter().any(overridden) {
            continue;
        }
        let Some(key) = limit.counter_key(caller, "") else { continue };
        let models = if limit.per_model { models_counted(limit, &key, now) } else { Vec::new() };
        if models.is_empty() {
            counted.push((limit.clone(), key));
        } else {
            counted.extend(models.into_iter().map(|model| (limit.clone(), CounterKey { model, ..key.clone() })));
        }
    }
    let overridden = |limit: &Limit| {
        limits.iter().any(|other| {
            let narrower = other.name == limit.name && other.scope < limit.scope && other.is_in_force(now);
            narrower && pattern::matches(&other.pattern, &limit.pattern)
        })
    };
    let of_models = models_limited(caller).into_iter().chain(system_callers::limits_of(caller, now));
    for limit in of_models.filter(|limit| !overridden(limit)) {
        counted.extend(limit.counter_key(caller, &limit.pattern).map(|key| (limit.clone(), key)));
    }
    Ok(counted)
}

/// Whether a limit concerns every model that another one does.
fn covers(one: &Limit, other: &Limit) -> bool {
    one.pattern == "*" || pattern::matches(&one.pattern, &other.pattern)
}

/// Models that were used in the open window, or that have a counter; of a pool, which is everybody, the latter only.
fn models_counted(limit: &Limit, key: &CounterKey, now: Instant) -> Vec<String> {
    let window = limit.window(now);
    let args = [arg(to_server(key.subject)), arg(key.limit_id), timestamp_arg(window.start), timestamp_arg(window.end)];
    let models = MODELS_COUNTED
        .with(|query| query.rows(Snapshot::Callers, &args, |row| row.get::<String>(1).unwrap_or_default()));
    models.into_iter().filter(|model| pattern::matches(&limit.pattern, model)).collect()
}

/// The limits of models that are open to the caller.
fn models_limited(caller: &Caller) -> Vec<Limit> {
    let flags = tier::opening_flags(Some(&caller.tier));
    let args = [arg(flags.free), arg(flags.pro), arg(flags.enterprise)];
    let rows = MODELS_LIMITED.with(|query| {
        query.rows(Snapshot::Callers, &args, |row| {
            let model = row.get::<String>(1).unwrap_or_default();
            let daily = row.get::<i32>(2).map(|amount| Limit::of_model(Source::Daily, &model, Some(amount)));
            let monthly = row.get::<i32>(3).map(|amount| Limit::of_model(Source::Monthly, &model, Some(amount)));
            [daily, monthly]
        })
    });
    rows.into_iter().flatten().flatten().collect()
}

/// Counters that do not exist yet, as they would be made.
fn imagine_missing(stored: &mut BTreeMap<CounterKey, Counter>, counted: &[(Limit, CounterKey)], now: Instant) {
    let apart = |limit: &Limit, key: &CounterKey| limit.per_model && key.model.is_empty();
    for (limit, key) in counted.iter().filter(|(limit, key)| apart(limit, key)) {
        // No model was counted yet, and there is no counter over all of them.
        let slots = vec![Slot::empty(0, limit.window(now))];
        stored.insert(key.clone(), Counter { key: key.clone(), slots, next_expiry: None });
    }
    let missing: Vec<Counted> = counted
        .iter()
        .filter(|(_, key)| !stored.contains_key(key))
        .map(|(limit, key)| Counted { limit, key, window: limit.window(now) })
        .collect();
    let imagined = counters::imagine(Snapshot::Callers, &missing, now);
    stored.extend(imagined.into_iter().map(|counter| (counter.key.clone(), counter)));
}
