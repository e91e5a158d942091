//! What operators do: set, remove and adjust, with a history; and keep the tables small.

use super::board::Board;
use super::board_lock::{self, Slots};
use super::callers::{self, Call, Wish};
use super::{Instant, counters, locks};
use crate::error::Error;
use crate::pg::spi::{Arg, Row, Snapshot, arg, optional_timestamp_arg, timestamp_arg};
use crate::statement;
use crate::store::audit::{self, Author, Decision};
use crate::store::installation::Installation;
use model_access_domain::decision::Demand;
use model_access_domain::limit::{Amount, Limit, Metric, Per, Scope};
use model_access_domain::window::Period;
use pgrx::{AnyNumeric, Uuid};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;

statement!(FIND, include_str!("../../../sql/queries/quota_limit_find.sql"));
statement!(SET, include_str!("../../../sql/queries/quota_limit_set.sql"));
statement!(
    COUNTERS,
    "SELECT u.counter_id FROM public.quota_usage AS u
      WHERE u.limit_id OPERATOR(pg_catalog.=) $1 AND u.source OPERATOR(pg_catalog.=) 'limit'"
);
statement!(DROP, include_str!("../../../sql/queries/quota_limit_drop.sql"));
statement!(HISTORY, include_str!("../../../sql/queries/quota_history_insert.sql"));
statement!(
    FIND_BY_ID,
    "SELECT pg_catalog.to_jsonb(l)::pg_catalog.text, l.scope, l.subject FROM public.quota_limits AS l
      WHERE l.limit_id OPERATOR(pg_catalog.=) $1 FOR UPDATE"
);
statement!(
    PURGE_REQUESTS,
    "DELETE FROM public.quota_requests AS q WHERE (q.user_id, q.idempotency_key) IN (
         SELECT o.user_id, o.idempotency_key FROM public.quota_requests AS o
          WHERE o.created_at OPERATOR(pg_catalog.<) ($1 OPERATOR(pg_catalog.-) (
                    SELECT s.key_retention FROM public.model_access_settings AS s WHERE s.singleton))
          ORDER BY o.created_at USING OPERATOR(pg_catalog.<) LIMIT $2 FOR UPDATE SKIP LOCKED)"
);
statement!(
    PURGE_RESERVATIONS,
    "DELETE FROM public.quota_reservations AS r WHERE r.reservation_id IN (
         SELECT o.reservation_id FROM public.quota_reservations AS o
          WHERE o.expires_at OPERATOR(pg_catalog.<) ($1 OPERATOR(pg_catalog.-) (
                    SELECT s.key_retention FROM public.model_access_settings AS s WHERE s.singleton))
            AND NOT EXISTS (SELECT FROM public.quota_holds AS h
                             WHERE h.reservation_id OPERATOR(pg_catalog.=) o.reservation_id)
          ORDER BY o.expires_at USING OPERATOR(pg_catalog.<) LIMIT $2 FOR UPDATE SKIP LOCKED)"
);

/// A limit as an operator asks for it.
pub struct NewLimit {
    /// Limits of one name override one another.
    pub name: String,
    /// For whom.
    pub scope: Scope,
    /// Which one of the scope; empty for everyone.
    pub subject: String,
    /// What is counted together.
    pub per: Per,
    /// Which models.
    pub pattern: String,
    /// Whether each model is counted apart.
    pub per_model: bool,
    /// What is counted.
    pub metric: Metric,
    /// When the count begins anew; `None` for [`Metric::Concurrent`].
    pub period: Option<Period>,
    /// The most; `None` is unlimited.
    pub amount: Option<AnyNumeric>,
    /// Whether it refuses.
    pub hard: bool,
    /// Whose midnight ends a day.
    pub time_zone: String,
    /// An instant that a window begins with.
    pub anchor: Option<Instant>,
    /// Enforced from then on.
    pub starts_at: Option<Instant>,
    /// Enforced until before then.
    pub ends_at: Option<Instant>,
    /// Shares that raise an alert.
    pub alert_at: Vec<AnyNumeric>,
}

/// Sets a limit and returns its key. What is counted decides whether it is the same limit: then counters stay.
pub fn set(installation: &Installation, limit: &NewLimit, author: &Author, now: Instant) -> Result<i64, Error> {
    installation.as_owner(|| {
        // Nobody else makes a limit of the same name meanwhile.
        let key = json!([limit.name, limit.scope.word(), limit.subject]).to_string();
        let _locked = locks::lock_keys(std::iter::once((uuid::Uuid::nil(), key.as_str())));
        let identity = || [arg(limit.name.as_str()), arg(limit.scope.word()), arg(limit.subject.as_str())];
        let counting = || -> [Arg; 7] {
            [
                arg(limit.per.word()),
                arg(limit.pattern.as_str()),
                arg(limit.per_model),
                arg(limit.metric.word()),
                arg(limit.time_zone.as_str()),
                arg(limit.period.map(Period::word)),
                optional_timestamp_arg(limit.anchor),
            ]
        };
        let find: Vec<Arg> = identity().into_iter().chain(counting()).collect();
        let found = FIND.with(|query| {
            query.first(Snapshot::Latest, &find, |row| {
                (row.get::<i64>(1).unwrap_or_default(), row.get::<String>(2), row.get::<bool>(3).unwrap_or_default())
            })
        });
        if let Some((id, _, false)) = found {
            drop_limit(id)?;
        }
        let [per, pattern, per_model, metric, zone, period, anchor] = counting();
        let more = [
            arg(limit.amount.clone()),
            arg(if limit.hard { "hard" } else { "soft" }),
            zone,
            anchor,
            optional_timestamp_arg(limit.starts_at),
            optional_timestamp_arg(limit.ends_at),
            arg(limit.alert_at.clone()),
            timestamp_arg(now),
        ];
        let set: Vec<Arg> =
            identity().into_iter().chain([per, pattern, per_model, metric, period]).chain(more).collect();
        let made = SET.with(|query| {
            query.first(Snapshot::Latest, &set, |row| (row.get::<i64>(1).unwrap_or_default(), row.get::<String>(2)))
        });
        let (id, row) = made.unwrap_or_default();
        let change = Change { limit: id, operation: "set", old: found.and_then(|(_, before, _)| before), new: row };
        note(change, organization_of(limit.scope, &limit.subject), author, now);
        Ok(id)
    })
}

/// Removes a limit with its counters; false when there is none.
pub fn remove(installation: &Installation, id: i64, author: &Author, now: Instant) -> Result<bool, Error> {
    installation.as_owner(|| {
        let read = |row: &Row| (row.get::<String>(1), row.get::<String>(2), row.get::<String>(3));
        let before = FIND_BY_ID.with(|query| query.first(Snapshot::Latest, &[arg(id)], read));
        let Some((before, scope, subject)) = before else { return Ok(false) };
        drop_limit(id)?;
        let scope = scope.and_then(|word| Scope::of_word(&word));
        let organization = scope.zip(subject).and_then(|(scope, subject)| organization_of(scope, &subject));
        note(Change { limit: id, operation: "remove", old: before, new: None }, organization, author, now);
        Ok(true)
    })
}

fn drop_limit(id: i64) -> Result<(), Error> {
    locks::lock_limit(id);
    let standing = COUNTERS.with(|query| query.rows(Snapshot::Fresh, &[arg(id)], |row| row.get::<i64>(1)));
    let counters: Vec<i64> = standing.into_iter().flatten().collect();
    // A counter that was made after the snapshot of a REPEATABLE READ transaction cannot be removed by it.
    if counters::lock_in_order(counters.clone()).len() != counters.len() {
        return Err(Error::CountersChanged);
    }
    DROP.with(|query| query.execute(&[arg(id), arg(counters)]));
    Ok(())
}

/// What happened to a limit.
struct Change {
    /// Its key; 0 for a limit of a model or an organisation.
    limit: i64,
    /// `set`, `remove` or `adjust`.
    operation: &'static str,
    /// What was so before, JSON as text.
    old: Option<String>,
    /// What is so now, likewise.
    new: Option<String>,
}

/// A line of the history, and a row of the audit log.
fn note(change: Change, organization: Option<Uuid>, author: &Author, now: Instant) {
    let Change { limit, operation, old, new } = change;
    let args = [
        arg(limit),
        arg(operation),
        timestamp_arg(now),
        arg(author.name.as_str()),
        arg(old.as_deref()),
        arg(new.as_deref()),
        arg(author.reason.as_deref()),
    ];
    HISTORY.with(|query| query.execute(&args));
    let action = match operation {
        "set" => "quota_limit_set",
        "remove" => "quota_limit_removed",
        _ => "quota_adjusted",
    };
    let resource_id = limit.to_string();
    let decision = Decision {
        action,
        resource_type: "quota_limit",
        resource_id: &resource_id,
        organization,
        old: told(old),
        new: told(new),
    };
    audit::note(decision, author);
}

/// A limit as the audit log tells it: amounts are strings, so that no reader rounds them.
fn told(row: Option<String>) -> Value {
    let mut told: Value = row.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    if let Some(amount) = told.get_mut("limit_amount").filter(|amount| amount.is_number()) {
        *amount = Value::String(amount.to_string());
    }
    told
}

/// The organisation whose affair a limit is, if it is one's.
fn organization_of(scope: Scope, subject: &str) -> Option<Uuid> {
    let organization = uuid::Uuid::parse_str(subject).ok().filter(|_| scope == Scope::Organization)?;
    Some(Uuid::from_bytes(organization.into_bytes()))
}

/// What is to be adjusted.
pub struct Adjustment<'a> {
    /// A user whom the limit concerns.
    pub user: uuid::Uuid,
    /// A model that it concerns.
    pub model: &'a str,
    /// Its name.
    pub limit_name: &'a str,
    /// What is added to what is used; negative gives back.
    pub change: Amount,
}

/// Changes what is used of the limit of a name that concerns a call, in the open window; returns what is used then.
/// PT404 when no limit of that name concerns the call, 22023 when less than nothing would be used.
pub fn adjust(
    installation: &Installation,
    adjustment: &Adjustment,
    author: &Author,
    now: Instant,
) -> Result<Amount, Error> {
    let Adjustment { user, model, limit_name, change } = adjustment;
    installation.as_owner(|| {
        let wish = Wish { user: *user, model: (*model).to_owned(), demand: Demand::default() };
        let calls = [Call { closed: None, ..callers::look_up_one(Snapshot::Fresh, &wish, now) }];
        // The organisation of the limit that decides, by its key: a name may stand for several.
        let organizations = RefCell::new(BTreeMap::new());
        let of_name = |limit: &Limit| {
            let concerned = limit.name == *limit_name;
            if concerned {
                organizations.borrow_mut().insert(limit.limit_id, organization_of(limit.scope, &limit.subject));
            }
            concerned
        };
        let adjusted = |board: &mut Board| {
            let (limit_id, before, after) =
                board.adjust(change).ok_or_else(|| Error::UnknownLimit((*limit_name).to_owned()))?;
            if after < Amount::default() {
                return Err(Error::BelowZero(before.to_plain_string(), change.to_plain_string()));
            }
            board.write()?;
            let state = |used: &Amount| {
                json!({ "user_id": user.to_string(), "model": model, "used": used.to_plain_string() }).to_string()
            };
            let (old, new) = (Some(state(&before)), Some(state(&after)));
            let organization = organizations.borrow().get(&limit_id).copied().flatten();
            note(Change { limit: limit_id, operation: "adjust", old, new }, organization, author, now);
            Ok(after)
        };
        board_lock::with_locked(&calls, now, Slots::All, of_name, |_| None, adjusted)
    })
}

/// Deletes up to so many answers and reservations that are kept no longer.
pub fn purge(installation: &Installation, batch: i32, now: Instant) {
    installation.as_owner(|| {
        PURGE_REQUESTS.with(|query| query.execute(&[timestamp_arg(now), arg(i64::from(batch))]));
        PURGE_RESERVATIONS.with(|query| query.execute(&[timestamp_arg(now), arg(i64::from(batch))]));
    });
}
