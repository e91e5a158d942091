//! One snapshot for several looks at tables.

use super::raised;
use super::session;
use super::spi::Snapshot;
use pgrx::pg_sys;

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn GetTransactionSnapshot() -> pg_sys::Snapshot;
    fn GetLatestSnapshot() -> pg_sys::Snapshot;
    fn RegisterSnapshot(snapshot: pg_sys::Snapshot) -> pg_sys::Snapshot;
    fn UnregisterSnapshot(snapshot: pg_sys::Snapshot);
}

/// What is read together: one snapshot, and whose tables are read.
#[derive(Clone, Copy)]
pub struct Seen {
    pub(super) snapshot: pg_sys::Snapshot,
    pub(super) owner: pg_sys::Oid,
}

impl Seen {
    /// Runs `work` with what a snapshot sees of the tables of whoever acts.
    pub fn with<R>(snapshot: Snapshot, work: impl FnOnce(Seen) -> R) -> R {
        Self::of_owner(session::current_role(), snapshot, work)
    }

    /// As [`Seen::with`], in the name of an owner, whose rights a look at rows does not need.
    pub fn of_owner<R>(owner: pg_sys::Oid, snapshot: Snapshot, work: impl FnOnce(Seen) -> R) -> R {
        // SAFETY: a snapshot stays registered while the work runs, or is active by the caller; an error leaves it to the
        // resource owner.
        unsafe {
            let seen = match snapshot {
                Snapshot::Callers => pg_sys::GetActiveSnapshot(),
                Snapshot::Latest => raised::call(|| RegisterSnapshot(GetTransactionSnapshot())),
                Snapshot::Fresh => raised::call(|| RegisterSnapshot(GetLatestSnapshot())),
            };
            let result = work(Seen { snapshot: seen, owner });
            if snapshot != Snapshot::Callers {
                raised::call(|| UnregisterSnapshot(seen));
            }
            result
        }
    }
}
