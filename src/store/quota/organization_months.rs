//! Months of organisations that are over: what they show begins anew without waiting for the next call.

use super::counters::{self, Counted};
use super::organization_usage::{self, Shown};
use super::{Instant, amount, locks, of_server};
use crate::error::Error;
use crate::lookup;
use crate::pg::spi::{Row, Snapshot, timestamp_arg};
use crate::store::installation::Installation;
use model_access_domain::counter::{Counter, Slot};
use model_access_domain::limit::{CounterKey, Limit, month_anchor};
use pgrx::Uuid;
use std::collections::{BTreeMap, BTreeSet};

lookup!(DUE, include_str!("../../../sql/queries/organization_months_due.sql"));

/// An organisation whose row does not show what its counter says.
struct Due {
    limit: Limit,
    key: CounterKey,
    is_over: bool,
}

fn read(row: &Row) -> Option<Due> {
    let organization = row.get::<Uuid>(1).map(of_server)?;
    let (reset, anchor) = (row.timestamp(3), row.timestamp(4));
    let limit = Limit {
        reset_seen: reset,
        ..Limit::of_organization(organization, amount(row, 2), month_anchor(reset, anchor))
    };
    let key = CounterKey { subject: organization, source: limit.source.word(), limit_id: 0, model: String::new() };
    Some(Due { limit, key, is_over: row.get::<bool>(5).unwrap_or_default() })
}

/// Begins the months that are over anew, and shows what organisations have used whose counter is split. Returns how many months
/// were over. 40001 as [`organization_usage::write`].
pub fn roll(installation: &Installation, now: Instant) -> Result<usize, Error> {
    installation.as_owner(|| {
        let due = |snapshot| DUE.with(|query| query.rows(snapshot, &[timestamp_arg(now)], read));
        let organizations = due(Snapshot::Fresh).into_iter().flatten().map(|due| due.key.subject);
        locks::lock_subjects(organizations, &BTreeSet::new());
        let due: Vec<Due> = due(Snapshot::Fresh).into_iter().flatten().collect();
        let mut stored = rolled(&due, now);
        let missing: Vec<Counted> = due
            .iter()
            .filter(|due| !stored.contains_key(&due.key))
            .map(|due| Counted { limit: &due.limit, key: &due.key, window: due.limit.window(now) })
            .collect();
        let imagined = counters::imagine(Snapshot::Fresh, &missing, now);
        stored.extend(imagined.into_iter().map(|counter| (counter.key.clone(), counter)));
        let shown = due.iter().filter_map(|due| {
            let counter = stored.get(&due.key)?;
            Some(Shown {
                organization: due.key.subject,
                used: counter.used().to_plain_string(),
                window: counter.slots.first()?.window,
                anchor: due.limit.calendar.as_ref().and_then(|calendar| calendar.anchor),
                reset_seen: due.limit.reset_seen,
            })
        });
        organization_usage::write(&shown.collect::<Vec<_>>())?;
        Ok(due.iter().filter(|due| due.is_over).count())
    })
}

/// The counters that stand, locked, in their windows of now. Those of another calendar are removed.
fn rolled(due: &[Due], now: Instant) -> BTreeMap<CounterKey, Counter> {
    let limits: BTreeMap<&CounterKey, &Limit> = due.iter().map(|due| (&due.key, &due.limit)).collect();
    let mut stored =
        counters::read(Snapshot::Fresh, &limits.iter().map(|(key, limit)| (*key, limit.per)).collect::<Vec<_>>());
    let ids = |counter: &Counter| counter.slots.iter().map(|slot| slot.counter_id).collect::<Vec<i64>>();
    let locked = counters::lock_in_order(stored.iter().flat_map(ids).collect());
    let mut locked: BTreeMap<i64, Slot> = locked.into_iter().map(|slot| (slot.counter_id, slot)).collect();
    for counter in &mut stored {
        let Some(limit) = limits.get(&counter.key) else { continue };
        counter.slots = ids(counter).iter().filter_map(|id| locked.remove(id)).collect();
        if counter.slots.iter().any(|slot| !limit.has_window(&slot.window)) {
            counters::remove(ids(counter));
            counter.slots.clear();
        }
        counter.roll(limit, now);
        counter.slots.iter_mut().for_each(|slot| slot.changes.any = slot.changes.rolled);
    }
    stored.retain(|counter| !counter.slots.is_empty());
    counters::write(stored.iter().flat_map(|counter| &counter.slots), now);
    stored.into_iter().map(|counter| (counter.key.clone(), counter)).collect()
}
