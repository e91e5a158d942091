//! Forgetting a person: one new random uuid stands for him wherever his own stood, so that bills and sums stay.

use super::board_lock::ATTEMPTS;
use super::{counters, locks, of_server};
use crate::error::Error;
use crate::lookup;
use crate::pg::session;
use crate::pg::spi::{Arg, Snapshot, Statement, arg};
use crate::store::installation::Installation;
use pgrx::Uuid;
use std::collections::BTreeSet;
use std::ffi::CStr;
use std::thread::LocalKey;

lookup!(
    RESERVATIONS_LOCK,
    "SELECT r.reservation_id FROM public.quota_reservations AS r WHERE r.user_id OPERATOR(pg_catalog.=) $1
      ORDER BY r.reservation_id FOR NO KEY UPDATE"
);
lookup!(
    RESERVATIONS,
    "SELECT r.reservation_id FROM public.quota_reservations AS r WHERE r.user_id OPERATOR(pg_catalog.=) $1"
);
lookup!(COUNTERS, include_str!("../../../sql/queries/forget_counters.sql"));
lookup!(
    COUNTERS_RENAME,
    "UPDATE public.quota_usage AS u SET subject = $1 WHERE u.counter_id OPERATOR(pg_catalog.=) ANY ($2)"
);
lookup!(
    REQUESTS,
    "DELETE FROM public.quota_requests AS q
      WHERE q.user_id OPERATOR(pg_catalog.=) $1 AND $2::pg_catalog.uuid IS NOT NULL"
);
lookup!(
    RESERVATIONS_RENAME,
    "UPDATE public.quota_reservations AS r SET user_id = $2, idempotency_key = NULL
      WHERE r.user_id OPERATOR(pg_catalog.=) $1"
);
lookup!(
    LIMITS,
    "UPDATE public.quota_limits AS l SET subject = $2::pg_catalog.text
      WHERE l.scope OPERATOR(pg_catalog.=) 'user' AND l.subject OPERATOR(pg_catalog.=) $1::pg_catalog.text"
);
lookup!(ALERTS, include_str!("../../../sql/queries/forget_alerts.sql"));
lookup!(HISTORY, include_str!("../../../sql/queries/forget_history.sql"));
lookup!(LEDGER, include_str!("../../../sql/queries/forget_ledger.sql"));
lookup!(FOLDED, "UPDATE public.ai_usage_folded AS f SET user_id = $2 WHERE f.user_id OPERATOR(pg_catalog.=) $1");
lookup!(SYSTEM_USAGE, "UPDATE public.ai_model_usage AS u SET user_id = $2 WHERE u.user_id OPERATOR(pg_catalog.=) $1");
lookup!(ACTIVITY, include_str!("../../../sql/queries/forget_activity.sql"));
lookup!(
    REVIEWS,
    "UPDATE public.model_review_items AS i SET resolved_by = $2 WHERE i.resolved_by OPERATOR(pg_catalog.=) $1"
);
lookup!(REMAINS, include_str!("../../../sql/queries/forget_remains.sql"));

/// A table that names people, and the statement that replaces one ($1) by a stranger ($2) there.
type Step = (&'static CStr, &'static LocalKey<Statement>);

// Limits before counters: who sets a limit locks them in that order.
const OF_QUOTAS: [Step; 5] = [
    (c"quota_requests", &REQUESTS),
    (c"quota_reservations", &RESERVATIONS_RENAME),
    (c"quota_limits", &LIMITS),
    (c"quota_limit_history", &HISTORY),
    (c"quota_alerts", &ALERTS),
];
const COUNTERS_TABLE: &CStr = c"quota_usage";
const OF_OTHERS: [Step; 5] = [
    (c"ai_usage", &LEDGER),
    (c"ai_usage_folded", &FOLDED),
    (c"ai_model_usage", &SYSTEM_USAGE),
    (c"user_activity_log", &ACTIVITY),
    (c"model_review_items", &REVIEWS),
];

/// Replaces a person by a stranger; returns of how many rows of which table. Modules that are not installed are left out.
///
/// Nobody is told who the stranger is: that would undo it. 40001 when others keep writing about him, or when the snapshot of
/// a REPEATABLE READ transaction does not show all that has been written.
pub fn forget(installation: &Installation, person: Uuid) -> Result<Vec<(&'static CStr, u64)>, Error> {
    let stands = |table: &CStr| session::public_relation(table).is_some();
    let has_quotas = stands(COUNTERS_TABLE);
    let steps: Vec<Step> =
        if has_quotas { OF_QUOTAS.into_iter().chain(OF_OTHERS).collect() } else { OF_OTHERS.to_vec() };
    let steps: Vec<Step> = steps.into_iter().filter(|(table, _)| stands(table)).collect();
    installation.require_owned(&steps.iter().map(|(table, _)| *table).collect::<Vec<_>>())?;
    installation.as_owner(|| {
        if has_quotas {
            installation.require_owned(&[COUNTERS_TABLE])?;
            lock_out(person)?;
        }
        let stranger = session::random_uuid();
        let args = || [arg(person), arg(stranger)];
        let run = |(table, step): &Step| (*table, step.with(|query| query.execute(&args())));
        let mut counts: Vec<(&CStr, u64)> = steps.iter().map(run).collect();
        if has_quotas {
            counts.push((COUNTERS_TABLE, rename_counters(person, stranger)));
            let remains = REMAINS.with(|query| query.first(Snapshot::Fresh, &[arg(person)], |row| row.get::<bool>(1)));
            if remains.flatten() != Some(false) {
                return Err(Error::CountersChanged);
            }
        }
        Ok(counts)
    })
}

/// Waits for the calls in flight that write about a person, and keeps others off until the transaction ends.
///
/// His reservations are locked before him, as a settlement locks them; those that were made meanwhile are waited for again.
fn lock_out(person: Uuid) -> Result<(), Error> {
    // A correction copies the user of the row that it corrects.
    locks::lock_corrections();
    let subject = of_server(person);
    let ids = |snapshot, query: &'static LocalKey<Statement>| -> BTreeSet<[u8; 16]> {
        let rows = query.with(|query| query.rows(snapshot, &[arg(person)], |row| row.get::<Uuid>(1)));
        rows.into_iter().flatten().map(|id| *id.as_bytes()).collect()
    };
    for _ in 0..ATTEMPTS {
        let locked = ids(Snapshot::Latest, &RESERVATIONS_LOCK);
        let alone = locks::lock_subjects(std::iter::once(subject), &BTreeSet::from([subject]));
        if ids(Snapshot::Fresh, &RESERVATIONS).is_subset(&locked) {
            return Ok(());
        }
        alone.release();
    }
    Err(Error::CountersChanged)
}

/// His counters, locked as every call locks them.
fn rename_counters(person: Uuid, stranger: Uuid) -> u64 {
    let ids = COUNTERS.with(|query| query.rows(Snapshot::Fresh, &[arg(person)], |row| row.get::<i64>(1)));
    let locked = counters::lock_in_order(ids.into_iter().flatten().collect());
    let ids: Vec<i64> = locked.iter().map(|slot| slot.counter_id).collect();
    let args: [Arg; 2] = [arg(stranger), arg(ids)];
    COUNTERS_RENAME.with(|query| query.execute(&args))
}
