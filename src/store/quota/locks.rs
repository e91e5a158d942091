//! Locks on subjects, on limits and on idempotency keys.
//!
//! Whoever writes usage of a subject or changes a reservation of it shares its lock; whoever makes a counter of it takes the
//! lock alone. So the maker sees the usage and the reservations of every call that did not see his counter.

use crate::error::Error;
use crate::pg::advisory::{Lock, Mode, Space, lock, lock_at_once};
use model_access_domain::limit::Caller;
use std::collections::BTreeSet;
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_64;

/// Locks that can be given back.
#[derive(Default)]
pub struct Held(Vec<Lock>);

impl Held {
    /// Gives them back: nothing was written.
    pub fn release(self) {
        self.0.into_iter().rev().for_each(Lock::release);
    }
}

fn number(subject: Uuid) -> u64 {
    xxh3_64(subject.as_bytes())
}

/// The user and the organisation that a caller's calls are counted by.
pub fn subjects(caller: &Caller) -> impl Iterator<Item = Uuid> + use<> {
    [Some(caller.user), caller.organization].into_iter().flatten()
}

// In the order of the numbers that are locked, not of the subjects: that is the order in which others wait. Each number once,
// alone if any of its subjects is.
fn modes(subjects: impl Iterator<Item = Uuid>, alone: &BTreeSet<Uuid>) -> Vec<(u64, Mode)> {
    let numbered = |subject: Uuid| (number(subject), !alone.contains(&subject));
    let mut numbers: Vec<(u64, bool)> = subjects.chain([Uuid::nil()]).map(numbered).collect();
    numbers.sort_unstable();
    numbers.dedup_by_key(|(number, _)| *number);
    let mode = |is_shared| if is_shared { Mode::Shared } else { Mode::Alone };
    numbers.into_iter().map(|(number, is_shared)| (number, mode(is_shared))).collect()
}

/// Locks subjects and the pool: those in `alone` so, the others shared.
pub fn lock_subjects(subjects: impl Iterator<Item = Uuid>, alone: &BTreeSet<Uuid>) -> Held {
    let numbers = modes(subjects, alone);
    Held(numbers.into_iter().map(|(number, mode)| lock(Space::Subject, number, mode)).collect())
}

/// As [`lock_subjects`], for a call that has locked counters: whoever has a subject may wait for those, so nobody is waited
/// for. 40001 when a lock is not free.
pub fn lock_subjects_at_once(subjects: impl Iterator<Item = Uuid>, alone: &BTreeSet<Uuid>) -> Result<Held, Error> {
    let locks = modes(subjects, alone)
        .into_iter()
        .map(|(number, mode)| lock_at_once(Space::Subject, number, mode).ok_or(Error::CountersChanged));
    locks.collect::<Result<_, _>>().map(Held)
}

/// Locks idempotency keys of users.
pub fn lock_keys<'a>(keys: impl Iterator<Item = (Uuid, &'a str)>) -> Held {
    let numbers: BTreeSet<u64> = keys.map(|(user, key)| xxh3_64(&[user.as_bytes(), key.as_bytes()].concat())).collect();
    Held(numbers.into_iter().map(|number| lock(Space::Key, number, Mode::Alone)).collect())
}

/// Locks limits of which counters are made. They are removed by whoever has the lock alone, so their counters are removed
/// with them.
pub fn share_limits(ids: &BTreeSet<i64>) -> Held {
    Held(ids.iter().map(|id| lock(Space::Limit, id.cast_unsigned(), Mode::Shared)).collect())
}

/// Locks a limit that is to be removed: nobody else makes a counter of it.
pub fn lock_limit(id: i64) -> Held {
    Held(vec![lock(Space::Limit, id.cast_unsigned(), Mode::Alone)])
}

/// Locks the corrections of the ledger: nobody else corrects until the transaction ends. Before any other lock.
pub fn lock_corrections() {
    lock(Space::Correction, 0, Mode::Alone);
}
