//! Locking the counters of a board.

use super::board::Board;
use super::callers::Call;
use super::entry::Entry;
use super::{Instant, counters, limits, locks};
use crate::error::Error;
use crate::pg::session;
use crate::pg::spi::Snapshot;
use crate::pg::subtransaction::{self, Failure};
use model_access_domain::counter::Slot;
use model_access_domain::limit::{CounterKey, Limit};
use std::collections::{BTreeMap, BTreeSet};

/// A row that was read is gone: read again.
pub struct Lost;

/// How many slots of a split counter are needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Slots {
    /// One with room.
    One,
    /// All.
    All,
}

/// How often counters may change under a call, by hands that remove limits, before it gives up.
pub const ATTEMPTS: usize = 8;

/// Locks the counters of limits that concern calls, those that are missing are made, and goes on with them. Where `answer` has one
/// before, nothing is locked in the end. 40001 when counters change again and again meanwhile.
pub fn with_locked<R>(
    calls: &[Call],
    now: Instant,
    slots: Slots,
    concerned: impl Fn(&Limit) -> bool,
    answer: impl Fn(&Board) -> Option<R>,
    mut go_on: impl FnMut(&mut Board) -> Result<R, Error>,
) -> Result<R, Error> {
    let mut alone = BTreeSet::new();
    // Whether it holds what it cannot give back: then it waits for no subject, whose holders may wait for it.
    let mut bound = false;
    for _ in 0..ATTEMPTS {
        let open = calls.iter().filter(|call| call.closed.is_none());
        let subjects = open.flat_map(|call| locks::subjects(&call.caller));
        let locked = if bound {
            locks::lock_subjects_at_once(subjects, &alone)?
        } else {
            locks::lock_subjects(subjects, &alone)
        };
        let mut limits = limits::of_calls(Snapshot::Fresh, calls)?;
        limits.retain(&concerned);
        let mut board = Board::read(Snapshot::Fresh, &limits, calls, now);
        board.imagine_missing(Snapshot::Fresh);
        if let Some(answer) = answer(&board) {
            locked.release();
            return Ok(answer);
        }
        let to_make = board.subjects_to_make();
        if !to_make.is_subset(&alone) {
            alone.extend(to_make);
            locked.release();
        } else if !to_make.is_empty() {
            board.make();
            bound = true;
        } else if board.lock(slots).is_ok() {
            return go_on(&mut board);
        } else {
            // What was locked stays so until the transaction ends, and so does the share of the subjects.
            bound = true;
        }
    }
    Err(Error::CountersChanged)
}

impl Board<'_> {
    /// Locks every counter, first those of one row, then those that are split: of these, where one is enough for a single call,
    /// one slot that has room, else all.
    pub fn lock(&mut self, slots: Slots) -> Result<(), Lost> {
        let whole = self.entries.values().filter(|entry| !entry.is_split()).flat_map(Entry::ids).collect();
        self.replace(counters::lock(whole));
        let split: Vec<CounterKey> =
            self.entries.iter().filter(|(_, entry)| entry.is_split()).map(|(key, _)| key.clone()).collect();
        for key in split {
            if slots == Slots::All || self.calls.len() != 1 || !self.lock_one_slot(&key) {
                let ids = self.entries.get(&key).map(Entry::ids).unwrap_or_default();
                self.replace(counters::lock(ids));
                if let Some(entry) = self.entries.get_mut(&key) {
                    entry.secured = None;
                }
            }
        }
        let stored = |slot: &Slot| slot.counter_id != 0;
        if self.entries.values().any(|entry| entry.waits_for_lock() || !entry.counter.slots.iter().all(stored)) {
            return Err(Lost);
        }
        self.roll();
        self.knows_expiries = false;
        Ok(())
    }

    fn replace(&mut self, locked: Vec<Slot>) {
        let mut locked: BTreeMap<i64, Slot> = locked.into_iter().map(|slot| (slot.counter_id, slot)).collect();
        for entry in self.entries.values_mut() {
            for slot in &mut entry.counter.slots {
                if let Some(found) = locked.remove(&slot.counter_id) {
                    *slot = found;
                    slot.changes.locked = true;
                }
            }
        }
    }

    /// Tries to lock one slot with room: for a reservation that is settled the one that it holds of, else any that nobody
    /// has locked. A row lock cannot be given back by itself; when the row turns out to be full, a subtransaction is rolled
    /// back, so that all slots can be locked in their order.
    fn lock_one_slot(&mut self, key: &CounterKey) -> bool {
        let (Some(entry), Some(call)) = (self.entries.get(key), self.calls.first()) else { return false };
        let (limit, now) = (entry.limit, self.now);
        let asked = call.demand.of(limit.metric).unwrap_or_default();
        let held = |slot: &Slot| self.holds.get(&slot.counter_id).cloned();
        let has_room = |slot: &Slot| {
            let more = &asked - held(slot).unwrap_or_default();
            match &limit.amount {
                Some(amount) => slot.has_room(&more, amount),
                // What is used without a limit would make shares of before wrong: they are taken away first, from all slots.
                None => slot.granted.is_none(),
            }
        };
        if limit.amount.is_none() && entry.counter.is_shared_out() {
            return false;
        }
        let holding = entry.ids_with(|slot| held(slot).is_some());
        let mut ids = entry.ids_with(|slot| slot.slot < entry.places && has_room(slot));
        if !holding.is_empty() {
            ids.retain(|id| holding.contains(id));
        }
        if ids.is_empty() {
            return false;
        }
        // Backends begin at different slots, so that they seldom meet.
        let first = session::backend_number() % ids.len();
        ids.rotate_left(first);
        let attempt = subtransaction::run(|| {
            let locked =
                if holding.is_empty() { counters::lock_any(ids) } else { counters::lock(ids).into_iter().next() };
            let mut slot = locked.ok_or(())?;
            slot.roll(limit, now);
            if slot.window.contains(now) && has_room(&slot) { Ok(slot) } else { Err(()) }
        });
        match attempt {
            Ok(slot) => {
                let place = slot.slot;
                self.replace(vec![slot]);
                if let Some(entry) = self.entries.get_mut(key) {
                    entry.secured = Some(place);
                }
                true
            }
            Err(Failure::Refused(())) => false,
            Err(Failure::Raised(caught)) => caught.raise_again(),
        }
    }
}
