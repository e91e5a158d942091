//! Word of changes of definitions, by whomever: of a table, or of any table, function, type, schema or role.

use super::session;
use pgrx::pg_sys;
use pgrx::pg_sys::SysCacheIdentifier::{AUTHNAME, NAMESPACENAME, PROCOID, TYPEOID};
use std::cell::Cell;

thread_local! {
    static WATCHED: Cell<pg_sys::Oid> = const { Cell::new(pg_sys::InvalidOid) };
    static REGISTERED: Cell<bool> = const { Cell::new(false) };
    static CHANGES: Cell<u64> = const { Cell::new(0) };
    static DEFINITIONS: Cell<u64> = const { Cell::new(0) };
    static DEFINITIONS_REGISTERED: Cell<bool> = const { Cell::new(false) };
    static HEARD: Cell<Option<Changes>> = const { Cell::new(None) };
}

/// What the backend has heard of changes of a table's definition.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    count: u64,
    /// Transactions from here on began after the last one was heard of.
    pub heard_before: pg_sys::TransactionId,
}

/// How often the table was defined anew (its triggers, its columns, TRUNCATE, a rewrite) as far as this backend has heard.
///
/// A backend hears of it in [`session::lock_for_reading`]. One table is watched at a time: another one counts as a change.
pub fn changes_of(table: pg_sys::Oid) -> Changes {
    if !REGISTERED.replace(true) {
        // SAFETY: the callback stays for the life of the backend, as there is no way to take one back.
        unsafe { pg_sys::CacheRegisterRelcacheCallback(Some(note), pg_sys::Datum::from(0)) };
    }
    if WATCHED.replace(table) != table {
        count();
    }
    let count = CHANGES.get();
    match HEARD.get() {
        Some(heard) if heard.count == count => heard,
        _ => {
            let heard = Changes { count, heard_before: session::next_transaction() };
            HEARD.set(Some(heard));
            heard
        }
    }
}

/// How often any relation, function or type, the name of a schema or of a role was changed, as far as this backend has heard.
/// While the number stays, the server's own caches of them answer as before: they hear by the same word.
pub fn definitions() -> u64 {
    if !DEFINITIONS_REGISTERED.replace(true) {
        // SAFETY: as above; the callbacks touch a counter of ours only.
        unsafe {
            pg_sys::CacheRegisterRelcacheCallback(Some(note_relation), pg_sys::Datum::from(0));
            for cache in [NAMESPACENAME, AUTHNAME, PROCOID, TYPEOID] {
                pg_sys::CacheRegisterSyscacheCallback(cache as _, Some(note_name), pg_sys::Datum::from(0));
            }
        }
    }
    DEFINITIONS.get()
}

fn count_definition() {
    DEFINITIONS.set(DEFINITIONS.get().wrapping_add(1));
}

// SAFETY: it touches nothing of the server's, so it may be called at any time.
unsafe extern "C-unwind" fn note_relation(_: pg_sys::Datum, _: pg_sys::Oid) {
    count_definition();
}

// SAFETY: as above.
unsafe extern "C-unwind" fn note_name(_: pg_sys::Datum, _: std::ffi::c_int, _: u32) {
    count_definition();
}

fn count() {
    CHANGES.set(CHANGES.get().wrapping_add(1));
}

/// Called for each relation that was defined anew, with InvalidOid for all of them.
// SAFETY: it touches nothing of the server's, so it may be called at any time.
unsafe extern "C-unwind" fn note(_: pg_sys::Datum, relation: pg_sys::Oid) {
    if relation == WATCHED.get() || relation == pg_sys::InvalidOid {
        count();
    }
}
