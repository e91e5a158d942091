//! Steps of a scan: the next row, and its lock; and which locks there are.

use super::raised;
use pgrx::pg_sys;

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn index_getnext_tid(scan: pg_sys::IndexScanDesc, direction: pg_sys::ScanDirection::Type) -> pg_sys::ItemPointer;
    fn index_fetch_heap(scan: pg_sys::IndexScanDesc, slot: *mut pg_sys::TupleTableSlot) -> bool;
}

/// What becomes of the rows that are found.
#[derive(Clone, Copy)]
pub(super) enum Access {
    /// They stay as they are.
    Read,
    /// Waits for who has the row.
    Lock,
    /// Passes over rows that somebody has.
    LockFree,
    /// They are to be written.
    Write,
}

impl Access {
    /// How the table is locked, and how its rows.
    pub(super) fn locks(self) -> (pg_sys::LOCKMODE, Option<pg_sys::LockWaitPolicy::Type>) {
        let (mode, wait) = match self {
            Self::Read => (pg_sys::AccessShareLock, None),
            // SQL's FOR NO KEY UPDATE takes RowShareLock. What is locked here is written next, so the writer's lock is taken at once.
            Self::Lock => (pg_sys::RowExclusiveLock, Some(pg_sys::LockWaitPolicy::LockWaitBlock)),
            Self::LockFree => (pg_sys::RowExclusiveLock, Some(pg_sys::LockWaitPolicy::LockWaitSkip)),
            Self::Write => (pg_sys::RowExclusiveLock, None),
        };
        (mode as pg_sys::LOCKMODE, wait)
    }
}

/// The next row that the snapshot sees, put into the slot, and where the index points: at the row as it once was, whose later
/// versions on the page are found from there.
///
/// # Safety
/// The scan is under way, and the slot is of its table. Called by `raised::call`.
pub(super) unsafe fn next_row(
    scan: pg_sys::IndexScanDesc,
    slot: *mut pg_sys::TupleTableSlot,
) -> Option<pg_sys::ItemPointerData> {
    // SAFETY: as demanded; the place is copied before the server makes it that of the version.
    unsafe {
        loop {
            let pointed = *index_getnext_tid(scan, pg_sys::ScanDirection::ForwardScanDirection).as_ref()?;
            if index_fetch_heap(scan, slot) {
                return Some(pointed);
            }
        }
    }
}

/// Locks the row in the slot, and puts it there as it is now; whether it is still there, and free for who does not wait.
///
/// # Safety
/// The slot holds a row of the table, which is open, as the snapshot sees it.
pub(super) unsafe fn lock_row(
    table: pg_sys::Relation,
    slot: *mut pg_sys::TupleTableSlot,
    seen: pg_sys::Snapshot,
    wait: pg_sys::LockWaitPolicy::Type,
) -> bool {
    // SAFETY: as demanded; the row's place is copied, since the slot is filled anew.
    unsafe {
        let Some(lock) = (*(*table).rd_tableam).tuple_lock else { return false };
        let command = pg_sys::GetCurrentCommandId(true);
        let mut place = (*slot).tts_tid;
        let mut failure = pg_sys::TM_FailureData::default();
        let (place_at, failure_at) = (&raw mut place, &raw mut failure);
        let flags = (pg_sys::TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS | pg_sys::TUPLE_LOCK_FLAG_FIND_LAST_VERSION) as u8;
        let mode = pg_sys::LockTupleMode::LockTupleNoKeyExclusive;
        let result = raised::call(|| lock(table, place_at, seen, slot, command, mode, wait, flags, failure_at));
        result == pg_sys::TM_Result::TM_Ok
    }
}
