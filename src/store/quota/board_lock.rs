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
use std::collections::BTreeSet;

/// Why a board was not locked; it is of no use any more.
pub enum Unlocked {
    /// A row that was read is gone: read again. What was locked stays so.
    Lost,
    /// The one slot that was locked has no room: read again, and lock all. Nothing is locked.
    Full,
}

/// How many slots of a split counter are needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Slots {
    /// One with room.
    One,
    /// All.
    All,
}

/// Slots of a split counter of which one is enough.
enum Choice {
    /// It has to be one of these rows, and is waited for.
    Of(Vec<i64>),
    /// Any with room, rather one that nobody has.
    Any,
}

/// Why what was done in a subtransaction was rolled back.
enum Stopped {
    Unlocked(Unlocked),
    Failed(Error),
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
    let mut slots = slots;
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
        } else {
            match board.locked(slots, &mut go_on) {
                Ok(done) => return done,
                Err(Unlocked::Full) => {
                    slots = Slots::All;
                    locked.release();
                }
                // What was locked stays so until the transaction ends, and so does the share of the subjects.
                Err(Unlocked::Lost) => bound = true,
            }
        }
    }
    Err(Error::CountersChanged)
}

impl Board<'_> {
    /// Locks every counter, first those of one row, then those that are split, and goes on: of these, where one is enough for a
    /// single call, one slot that has room, else all.
    ///
    /// A row lock cannot be given back by itself. When the one slot turns out to be full, a subtransaction is rolled back, so
    /// that all can be locked in their order. What follows is written in it, too: a row that is locked in a subtransaction and
    /// written outside it gets a multixact, which everyone who reads the row has to look up.
    pub fn locked<R>(
        &mut self,
        slots: Slots,
        go_on: impl FnOnce(&mut Self) -> Result<R, Error>,
    ) -> Result<Result<R, Error>, Unlocked> {
        let single = slots == Slots::One && self.calls.len() == 1;
        let split = self.entries.iter().filter(|(_, entry)| entry.is_split());
        let choices: Vec<(CounterKey, Option<Choice>)> =
            split.map(|(key, entry)| (key.clone(), self.choice(entry).filter(|_| single))).collect();
        if choices.iter().all(|(_, choice)| choice.is_none()) {
            return self.lock(choices).map(|()| go_on(self));
        }
        let attempt = subtransaction::run(|| {
            self.lock(choices).map_err(Stopped::Unlocked)?;
            go_on(self).map_err(Stopped::Failed)
        });
        match attempt {
            Ok(done) => Ok(Ok(done)),
            Err(Failure::Refused(Stopped::Failed(error))) => Ok(Err(error)),
            Err(Failure::Refused(Stopped::Unlocked(unlocked))) => Err(unlocked),
            Err(Failure::Raised(caught)) => caught.raise_again(),
        }
    }

    fn lock(&mut self, choices: Vec<(CounterKey, Option<Choice>)>) -> Result<(), Unlocked> {
        let whole = self.entries.values().filter(|entry| !entry.is_split()).flat_map(Entry::ids).collect();
        self.replace(counters::lock(whole));
        for (key, choice) in choices {
            let secured = choice.map(|choice| self.lock_one_slot(&key, choice)).transpose()?;
            if secured.is_none() {
                let ids = self.entries.get(&key).map(Entry::ids).unwrap_or_default();
                self.replace(counters::lock(ids));
            }
            if let Some(entry) = self.entries.get_mut(&key) {
                entry.secured = secured;
            }
        }
        let stored = |slot: &Slot| slot.counter_id != 0;
        if self.entries.values().any(|entry| entry.waits_for_lock() || !entry.counter.slots.iter().all(stored)) {
            return Err(Unlocked::Lost);
        }
        self.roll();
        self.knows_expiries = false;
        Ok(())
    }

    fn replace(&mut self, mut locked: Vec<Slot>) {
        locked.sort_unstable_by_key(|slot| slot.counter_id);
        for slot in self.entries.values_mut().flat_map(|entry| &mut entry.counter.slots) {
            let found = locked.binary_search_by_key(&slot.counter_id, |found| found.counter_id);
            if let Some(found) = found.ok().and_then(|place| locked.get_mut(place)) {
                std::mem::swap(slot, found);
                slot.changes.locked = true;
            }
        }
    }

    /// The slots of which one is enough for the only call: for a reservation that is settled the one that it holds of, else any
    /// with room.
    fn choice(&self, entry: &Entry) -> Option<Choice> {
        // What is used without a limit would make shares of before wrong: they are taken away first, from all slots.
        if entry.limit.amount.is_none() && entry.counter.is_shared_out() {
            return None;
        }
        let is_held = |slot: &Slot| self.holds.contains_key(&slot.counter_id);
        if entry.counter.slots.iter().any(is_held) {
            let ids = entry.ids_with(|slot| is_held(slot) && self.is_open(entry, slot));
            return (!ids.is_empty()).then_some(Choice::Of(ids));
        }
        entry.counter.slots.iter().any(|slot| self.is_open(entry, slot)).then_some(Choice::Any)
    }

    /// Whether the only call may be counted in a slot by the slot's own share.
    fn is_open(&self, entry: &Entry, slot: &Slot) -> bool {
        slot.slot < entry.places && self.has_room(entry, slot)
    }

    /// Whether the only call has room in a slot, beside what is held there for it already.
    fn has_room(&self, entry: &Entry, slot: &Slot) -> bool {
        let Some((call, amount)) = self.calls.first().zip(entry.limit.amount.as_ref()) else {
            return slot.granted.is_none();
        };
        let asked = call.demand.of(entry.limit.metric).unwrap_or_default();
        let held = self.holds.get(&slot.counter_id).cloned().unwrap_or_default();
        slot.has_room(&(asked - held), amount)
    }

    /// Locks one slot, returns its place.
    fn lock_one_slot(&mut self, key: &CounterKey, choice: Choice) -> Result<i16, Unlocked> {
        let entry = self.entries.get(key).ok_or(Unlocked::Full)?;
        let locked = match choice {
            Choice::Of(ids) => counters::lock(ids).into_iter().next(),
            Choice::Any => {
                let slots = &entry.counter.slots;
                let wanted = slots.partition_point(|slot| slot.slot < entry.places);
                let roomy = probes(wanted).filter_map(|at| slots.get(at)).filter(|slot| self.has_room(entry, slot));
                let mut roomy = roomy.map(|slot| slot.counter_id);
                // Where all are taken it waits for one. To lock all of them would make every call wait for every other.
                counters::lock_any(roomy.clone())
                    .or_else(|| roomy.next().and_then(|id| counters::lock(vec![id]).into_iter().next()))
            }
        };
        let mut slot = locked.ok_or(Unlocked::Full)?;
        slot.roll(entry.limit, self.now);
        if !slot.window.contains(self.now) || !self.has_room(entry, &slot) {
            return Err(Unlocked::Full);
        }
        let place = slot.slot;
        self.replace(vec![slot]);
        Ok(place)
    }
}

/// Places of so many slots, each once: backends begin at different ones and take different steps, so that they seldom meet, also
/// where many slots are full.
fn probes(count: usize) -> impl Iterator<Item = usize> + Clone {
    // Of primes beyond the number of slots each meets every slot.
    const STEPS: [usize; 8] = [67, 71, 73, 79, 83, 89, 97, 101];
    let number = session::backend_number();
    let turn = number.checked_div(count).unwrap_or_default();
    let step = STEPS.get(turn % STEPS.len()).copied().unwrap_or(1);
    (0..count).map(move |probe| (number + probe * step) % count)
}
