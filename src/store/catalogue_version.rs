//! The number that rises with every write of the catalogue.

use crate::pg::session;
use crate::statement;
use pgrx::pg_sys;
use std::cell::Cell;

statement!(
    BUMP_VERSION,
    "UPDATE public.model_catalogue_version AS v SET version = v.version OPERATOR(pg_catalog.+) 1 WHERE v.singleton"
);

thread_local! {
    /// The transaction of this backend that last wrote the catalogue, and the part of it that last raised the version.
    static WRITTEN_BY: Cell<Option<(pg_sys::TransactionId, pg_sys::TransactionId)>> = const { Cell::new(None) };
}

/// Notes that the running transaction is about to write the catalogue, and raises the catalogue's version: once for each
/// part of the transaction that a savepoint may take back. Runs as the owner of the version.
pub fn note_write() {
    let parts = session::writing_parts();
    if WRITTEN_BY.replace(Some(parts)) != Some(parts) {
        BUMP_VERSION.with(|query| query.execute(&[]));
    }
}

/// Whether the running transaction has written the catalogue, even if a part of it was rolled back.
pub fn written_by_this_transaction() -> bool {
    let running = session::writing_transaction();
    running.is_some() && WRITTEN_BY.get().map(|(transaction, _)| transaction) == running
}
