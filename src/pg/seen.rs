//! One snapshot for several looks at tables.

use super::session;
use super::spi::Snapshot;
use pgrx::pg_sys;

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
                Snapshot::Latest => pg_sys::RegisterSnapshot(pg_sys::GetTransactionSnapshot()),
                Snapshot::Fresh => pg_sys::RegisterSnapshot(pg_sys::GetLatestSnapshot()),
            };
            let result = work(Seen { snapshot: seen, owner });
            if snapshot != Snapshot::Callers {
                pg_sys::UnregisterSnapshot(seen);
            }
            result
        }
    }
}
