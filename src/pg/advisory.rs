//! Locks on things that have no row of their own, until the end of the transaction or given back before.
//!
//! The same locks as `pg_advisory_xact_lock()`, in a name space that SQL cannot reach, so they never meet those of the
//! application; and unlike those they can be given back, as a call does that changed nothing.

use super::raised;
use pgrx::pg_sys;

/// What is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// An idempotency key of a user.
    Key = 0x4D41,
    /// A subject of quotas.
    Subject = 0x4D42,
    /// A limit of quotas.
    Limit = 0x4D43,
    /// Corrections of the ledger.
    Correction = 0x4D44,
    /// Fetching the catalogue.
    Refresh = 0x4D45,
}

/// With whom it may be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// With others that share it.
    Shared,
    /// With nobody.
    Alone,
}

/// A lock that this transaction has taken.
#[derive(Clone, Copy)]
pub struct Lock {
    tag: pg_sys::LOCKTAG,
    mode: pg_sys::LOCKMODE,
}

// The server's functions as they are, for `raised::call`: a deadlock's DETAIL must reach the client.
unsafe extern "C-unwind" {
    fn LockAcquire(
        tag: *const pg_sys::LOCKTAG,
        mode: pg_sys::LOCKMODE,
        session: bool,
        dont_wait: bool,
    ) -> pg_sys::LockAcquireResult::Type;
}

/// Takes a lock on one of 2⁶⁴ numbers; waits for those who have it.
pub fn lock(space: Space, number: u64, mode: Mode) -> Lock {
    acquire(space, number, mode, false).0
}

/// Takes a lock as [`lock`] does, unless it would have to wait for it.
pub fn lock_at_once(space: Space, number: u64, mode: Mode) -> Option<Lock> {
    let (lock, taken) = acquire(space, number, mode, true);
    taken.then_some(lock)
}

fn acquire(space: Space, number: u64, mode: Mode, at_once: bool) -> (Lock, bool) {
    let mode = match mode {
        Mode::Shared => pg_sys::ShareLock,
        Mode::Alone => pg_sys::ExclusiveLock,
    };
    // SAFETY: reads a variable of the backend.
    let database = unsafe { pg_sys::MyDatabaseId };
    let tag = pg_sys::LOCKTAG {
        locktag_field1: database.to_u32(),
        locktag_field2: (number >> 32) as u32,
        locktag_field3: number as u32,
        locktag_field4: space as u16,
        locktag_type: pg_sys::LockTagType::LOCKTAG_ADVISORY as u8,
        locktag_lockmethodid: pg_sys::USER_LOCKMETHOD as u8,
    };
    let lock = Lock { tag, mode: mode as pg_sys::LOCKMODE };
    let (tag_at, mode) = (&raw const lock.tag, lock.mode);
    // SAFETY: the tag outlives the call, which copies it and owns nothing.
    let result = unsafe { raised::call(|| LockAcquire(tag_at, mode, false, at_once)) };
    (lock, result != pg_sys::LockAcquireResult::LOCKACQUIRE_NOT_AVAIL)
}

impl Lock {
    /// Gives it back. Taken twice in a transaction, it is kept until it was given back twice.
    pub fn release(self) {
        // SAFETY: this transaction has the lock.
        unsafe { pg_sys::LockRelease(&self.tag, self.mode, false) };
    }
}
