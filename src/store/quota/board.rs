//! What some calls have to do with: their limits and the counters of those, as they were read or locked.

use super::Instant;
use super::callers::Call;
use super::counters::{self, Counted, Wanted};
use super::entry::Entry;
use super::{holds, limits, locks, organization_usage};
use crate::error::Error;
use crate::pg::spi::Snapshot;
use model_access_domain::decision::{self, Checked, Decision, Reason, Warning};
use model_access_domain::limit::{Amount, Applied, CounterKey, Limit, Per, Source, applying};
use std::collections::{BTreeMap, BTreeSet};

/// A slot that is to be made: of which limit and counter, at which place, with what is used and the part of it that no ledger
/// row accounts for.
type NewSlot<'a> = (&'a Limit, CounterKey, i16, (Amount, Amount));

/// Limits and counters of some calls.
#[derive(Clone)]
pub struct Board<'a> {
    pub(super) calls: &'a [Call],
    applied: Vec<Vec<Applied<'a>>>,
    pub(super) entries: BTreeMap<CounterKey, Entry<'a>>,
    /// The instant that decides. Not before a window that somebody's later clock has begun.
    pub now: Instant,
    pub(super) knows_expiries: bool,
    /// What a reservation that is settled holds of which rows.
    pub(super) holds: BTreeMap<i64, Amount>,
    /// Whether usage is counted that happened, at an instant that does not move, on counters that stand.
    happened: bool,
    /// Rows of counters whose calendar was changed, by their subjects: they count windows that there are no more.
    stale: BTreeMap<i64, uuid::Uuid>,
}

impl<'a> Board<'a> {
    /// Reads the counters of the limits that concern calls; of calls that the catalogue refuses none.
    pub fn read(snapshot: Snapshot, limits: &'a [Limit], calls: &'a [Call], now: Instant) -> Self {
        let mut board = Self::standing(snapshot, limits, calls, now);
        board.roll();
        board
    }

    /// Reads counters for usage that happened at an instant. `holds` is what its reservation holds.
    pub fn of_usage(limits: &'a [Limit], calls: &'a [Call], at: Instant, holds: BTreeMap<i64, Amount>) -> Self {
        let mut board = Self { holds, happened: true, ..Self::standing(Snapshot::Fresh, limits, calls, at) };
        board.roll();
        board
    }

    fn standing(snapshot: Snapshot, limits: &'a [Limit], calls: &'a [Call], now: Instant) -> Self {
        let of = |call: &Call| match call.closed {
            Some(_) => Vec::new(),
            None => applying(limits, &call.caller, &call.model, call.is_free(), now),
        };
        let applied: Vec<Vec<Applied<'a>>> = calls.iter().map(of).collect();
        let mut wanted: BTreeMap<CounterKey, (&'a Limit, i16)> = BTreeMap::new();
        for (call, applied) in calls.iter().zip(&applied) {
            for each in applied {
                let places = if each.limit.per == Per::Organization { call.slots } else { 1 };
                wanted.insert(each.key.clone(), (each.limit, places));
            }
        }
        let (mut entries, mut stale) = (BTreeMap::new(), BTreeMap::new());
        let keys: Vec<Wanted> = wanted.iter().map(|(key, (limit, _))| (key, limit.per)).collect();
        for counter in counters::read(snapshot, &keys) {
            if let Some((limit, places)) = wanted.get(&counter.key).copied() {
                if limit.source == Source::Organization
                    && counter.slots.iter().any(|slot| !limit.has_window(&slot.window))
                {
                    stale.extend(counter.slots.iter().map(|slot| (slot.counter_id, counter.key.subject)));
                    continue;
                }
                let used_before = Amount::default();
                entries.insert(counter.key.clone(), Entry { limit, counter, places, secured: None, used_before });
            }
        }
        Self { calls, applied, entries, now, knows_expiries: false, holds: BTreeMap::new(), happened: false, stale }
    }

    fn later_window_starts(&self) -> impl Iterator<Item = Instant> {
        self.entries.values().flat_map(|entry| &entry.counter.slots).map(|slot| slot.window.start)
    }

    /// Brings every window up to the instant, and the instant up to every window, unless it is one that is past.
    pub(super) fn roll(&mut self) {
        if !self.happened {
            self.now = self.later_window_starts().fold(self.now, Instant::max);
        }
        let now = self.now;
        for entry in self.entries.values_mut() {
            entry.counter.roll(entry.limit, now);
            entry.used_before = entry.counter.used();
        }
    }

    /// Puts counters in the place of those that do not exist yet, as they would be made; they are not stored.
    pub fn imagine_missing(&mut self, snapshot: Snapshot) {
        let missing = self.missing();
        let counted: Vec<Counted> = missing.iter().map(|(limit, key)| self.counted(limit, key)).collect();
        let imagined = counters::imagine(snapshot, &counted, self.now);
        for ((limit, key), counter) in missing.into_iter().zip(imagined) {
            let used_before = counter.used();
            self.entries.insert(key, Entry { limit, counter, places: 1, secured: None, used_before });
        }
    }

    fn counted<'k>(&self, limit: &'k Limit, key: &'k CounterKey) -> Counted<'k> {
        Counted { limit, key, window: limit.window(self.now) }
    }

    /// Counters that limits need to decide and that do not exist.
    fn missing(&self) -> Vec<(&'a Limit, CounterKey)> {
        let deciding = self.applied.iter().flatten().filter(|applied| applied.decides);
        let missing = deciding.filter(|applied| !self.entries.contains_key(&applied.key));
        let distinct: BTreeMap<&CounterKey, &'a Limit> = missing.map(|applied| (&applied.key, applied.limit)).collect();
        distinct.into_iter().map(|(key, limit)| (limit, key.clone())).collect()
    }

    /// Slots that are to be and do not exist: of counters that are missing or that are to be split further.
    fn slots_to_make(&self) -> Vec<NewSlot<'a>> {
        let mut slots = Vec::new();
        for (key, entry) in &self.entries {
            let rows = &entry.counter.slots;
            let at = |place: i16| rows.binary_search_by_key(&place, |slot| slot.slot).ok();
            let has = |place: i16| at(place).and_then(|at| rows.get(at)).is_some_and(|slot| slot.counter_id != 0);
            for place in (0..entry.places).filter(|place| !has(*place)) {
                let first = entry.counter.slots.first().filter(|_| place == 0);
                let used = first.map(|slot| (slot.used.clone(), slot.opening.clone())).unwrap_or_default();
                slots.push((entry.limit, key.clone(), place, used));
            }
        }
        slots
    }

    /// The subjects of which counters are to be made, or removed.
    pub fn subjects_to_make(&self) -> BTreeSet<uuid::Uuid> {
        let to_make = self.slots_to_make().into_iter().map(|(_, key, ..)| key.subject);
        to_make.chain(self.stale.values().copied()).collect()
    }

    /// Removes counters whose calendar was changed, with what is held of them: the next admission makes them anew, from the ledger.
    /// All counters are locked first, in the order in which every call locks them: others may have the rest already.
    pub fn remove_stale(&self) {
        if !self.stale.is_empty() {
            let others = self.entries.values().flat_map(|entry| entry.ids_with(|slot| slot.counter_id != 0));
            counters::lock_in_order(self.stale.keys().copied().chain(others).collect());
            counters::remove(self.stale.keys().copied().collect());
        }
    }

    /// Makes what [`Self::subjects_to_make`] speaks of; the caller has these subjects' locks alone, took them before the
    /// board was read, and reads it again. Of a limit that was removed since none is made.
    pub fn make(self) {
        counters::remove(self.stale.keys().copied().collect());
        let mut slots = self.slots_to_make();
        let set: BTreeSet<i64> = slots.iter().map(|(limit, ..)| limit.limit_id).filter(|id| *id != 0).collect();
        if !set.is_empty() {
            locks::share_limits(&set);
            let standing = limits::standing(&set);
            slots.retain(|(limit, ..)| limit.limit_id == 0 || standing.contains(&limit.limit_id));
        }
        let counted: Vec<Counted> = slots.iter().map(|(limit, key, ..)| self.counted(limit, key)).collect();
        let places: Vec<i16> = slots.iter().map(|(.., place, _)| *place).collect();
        let used: Vec<(Amount, Amount)> = slots.iter().map(|(.., used)| used.clone()).collect();
        counters::create(&counted, &places, &used);
        let keys: Vec<Wanted> =
            slots.iter().filter(|(.., place, _)| *place == 0).map(|(limit, key, ..)| (key, limit.per)).collect();
        let mut made = counters::read(Snapshot::Latest, &keys);
        let firsts: Vec<Counted> =
            counted.into_iter().zip(&places).filter(|(_, place)| **place == 0).map(|(c, _)| c).collect();
        let ids: Vec<i64> =
            made.iter().filter_map(|counter| counter.slots.first()).map(|slot| slot.counter_id).collect();
        let held = counters::hold_live_reservations(&firsts, &ids, self.now);
        let slots = made.iter_mut().flat_map(|counter| &mut counter.slots);
        let holding = slots.filter_map(|slot| {
            slot.add(&Amount::default(), held.get(&slot.counter_id)?);
            Some(&*slot)
        });
        counters::write(holding, self.now);
    }

    /// Looks up what expired reservations still hold, where anything is held.
    pub fn look_up_expiries(&mut self, snapshot: Snapshot) {
        self.knows_expiries = true;
        holds::note_expiries(snapshot, self.entries.values_mut().map(|entry| &mut entry.counter), self.now);
    }

    /// Decides the calls in order, each after those before it were counted. Where one does not fit, it is looked up whether
    /// it would without what expired reservations hold.
    pub fn decide_all(&mut self, snapshot: Snapshot, as_held: bool) -> Vec<Decision> {
        let calls = 0..self.calls.len();
        let decide = |place| {
            let mut decision = self.decide(place);
            if decision.reason == Some(Reason::QuotaExceeded) && !self.knows_expiries {
                self.look_up_expiries(snapshot);
                decision = self.decide(place);
            }
            if !decision.is_allowed() {
                return decision;
            }
            self.count(place, as_held);
            decision.counted(as_held)
        };
        calls.map(decide).collect()
    }

    /// Decides one of the calls.
    pub fn decide(&self, place: usize) -> Decision {
        let Some((call, applied)) = self.calls.get(place).zip(self.applied.get(place)) else {
            return Decision::refused(Reason::ModelNotFound);
        };
        if let Some(reason) = call.closed {
            return Decision::refused(reason);
        }
        let checked: Vec<Checked> = applied
            .iter()
            .filter_map(|applied| {
                let entry = self.entries.get(&applied.key)?;
                Some(Checked { applied, counter: &entry.counter, secured: entry.secured.is_some() })
            })
            .collect();
        decision::decide(&call.demand, &checked, self.now)
    }

    /// Counts a call that is admitted: as used, or as held.
    pub fn count(&mut self, place: usize, as_held: bool) {
        let Some((call, applied)) = self.calls.get(place).zip(self.applied.get(place)) else { return };
        for applied in applied {
            if let Some(entry) = self.entries.get_mut(&applied.key) {
                entry.count(&call.demand, self.now, applied.decides && applied.limit.hard, as_held);
            }
        }
    }

    /// The rows on which a call was counted, and how much each holds.
    pub fn holds(&self, place: usize) -> Vec<(i64, Amount)> {
        let Some((call, applied)) = self.calls.get(place).zip(self.applied.get(place)) else { return Vec::new() };
        let of = |applied: &Applied| {
            let entry = self.entries.get(&applied.key)?;
            let slot = entry.counter.slots.iter().find(|slot| slot.slot == entry.secured.unwrap_or_default())?;
            Some((slot.counter_id, call.demand.of(applied.limit.metric).unwrap_or_default()))
        };
        applied.iter().filter_map(of).collect()
    }

    /// Takes what a reservation holds off the rows, which are locked; `holds` was read under their locks.
    pub fn take_off(&mut self, holds: &BTreeMap<i64, Amount>) {
        for slot in self.entries.values_mut().flat_map(|entry| &mut entry.counter.slots) {
            // A window that began anew has dropped what was held before.
            if let Some(held) = holds.get(&slot.counter_id).filter(|_| !slot.changes.rolled) {
                slot.add(&Amount::default(), &-held.clone());
            }
        }
    }

    /// Adds to what is used of the limit that decides, on all that is locked; returns its key and what was used before and
    /// after. `None` without a limit.
    pub fn adjust(&mut self, change: &Amount) -> Option<(i64, Amount, Amount)> {
        let applied = self.applied.first()?.iter().find(|applied| applied.decides)?;
        let entry = self.entries.get_mut(&applied.key)?;
        let before = entry.counter.used();
        let mut left = change.clone();
        for slot in &mut entry.counter.slots {
            // No slot goes below zero while another has something to give.
            let part = if left < Amount::default() { left.clone().max(-slot.used.clone()) } else { left.clone() };
            slot.add(&part, &Amount::default());
            slot.opening += &part;
            left -= part;
        }
        Some((applied.limit.limit_id, before, entry.counter.used() + left))
    }

    /// The limits that decide and are exceeded, by more than what expired reservations hold.
    pub fn exceeded(&mut self) -> Vec<Warning> {
        if !self.knows_expiries && self.deciding().any(Entry::is_exceeded) {
            self.look_up_expiries(Snapshot::Fresh);
        }
        let warning = |entry: &Entry| Warning {
            kind: if entry.limit.hard { "limit_exceeded" } else { "soft_limit_exceeded" },
            figures: decision::figures(entry.limit, &entry.counter, &Amount::default(), self.now),
        };
        self.deciding().filter(|entry| entry.is_exceeded()).map(warning).collect()
    }

    /// The counters of the limits that decide about any of the calls.
    pub fn deciding(&self) -> impl Iterator<Item = &Entry<'a>> {
        let decides = |key: &CounterKey| self.applied.iter().flatten().any(|each| each.decides && each.key == *key);
        self.entries.iter().filter(move |(key, _)| decides(key)).map(|(_, entry)| entry)
    }

    /// Writes what was counted. 40001 as [`organization_usage::note`].
    pub fn write(&mut self) -> Result<(), Error> {
        for entry in self.entries.values_mut().filter(|entry| entry.is_split() && entry.secured.is_none()) {
            if entry.counter.slots.iter().any(|slot| slot.changes.any) {
                entry.counter.share_out(entry.limit.amount.as_ref(), entry.places);
            }
        }
        let slots = self.entries.values().flat_map(|entry| &entry.counter.slots);
        counters::write(slots, self.now);
        organization_usage::note(self.entries.values())
    }
}
