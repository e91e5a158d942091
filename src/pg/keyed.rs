//! Rows found by the columns of an index, read and locked without the executor.
//!
//! A statement that looks one row up costs the server several times what the row does: it starts and ends an executor. Checks
//! of foreign keys have the same need. What is seen is what a statement under the same snapshot sees: the caller acts as the
//! table's owner, so no policy applies; and a table that is not as expected (a view, one with children or other types, without
//! the index) is left to a statement. What is remembered is where the columns stand, for as long as no definition changes, of
//! which a lock tells when it is taken, and where rows were last seen.

use super::invalidation;
use super::key::Key;
use super::places::{self, Places};
use super::raised;
use super::scan::{Access, lock_row, next_row};
pub use super::seen::Seen;
use super::session;
use super::shape::{self, Column, Shape};
use super::spi::{Arg, Row, Snapshot};
use pgrx::pg_sys;
use std::cell::RefCell;
use std::ffi::{CStr, c_int};
use std::rc::Rc;

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn try_table_open(table: pg_sys::Oid, mode: pg_sys::LOCKMODE) -> pg_sys::Relation;
    fn table_close(table: pg_sys::Relation, mode: pg_sys::LOCKMODE);
    fn index_open(index: pg_sys::Oid, mode: pg_sys::LOCKMODE) -> pg_sys::Relation;
    fn index_close(index: pg_sys::Relation, mode: pg_sys::LOCKMODE);
    fn table_slot_create(table: pg_sys::Relation, list: *mut *mut pg_sys::List) -> *mut pg_sys::TupleTableSlot;
    fn ExecDropSingleTupleTableSlot(slot: *mut pg_sys::TupleTableSlot);
    #[cfg(not(feature = "pg18"))]
    fn index_beginscan(
        table: pg_sys::Relation,
        index: pg_sys::Relation,
        snapshot: pg_sys::Snapshot,
        keys: c_int,
        orders: c_int,
    ) -> pg_sys::IndexScanDesc;
    #[cfg(feature = "pg18")]
    fn index_beginscan(
        table: pg_sys::Relation,
        index: pg_sys::Relation,
        snapshot: pg_sys::Snapshot,
        instrument: *mut pg_sys::IndexScanInstrumentation,
        keys: c_int,
        orders: c_int,
    ) -> pg_sys::IndexScanDesc;
    fn index_rescan(
        scan: pg_sys::IndexScanDesc,
        keys: pg_sys::ScanKey,
        count: c_int,
        orders: pg_sys::ScanKey,
        orders_count: c_int,
    );
    fn index_endscan(scan: pg_sys::IndexScanDesc);
    fn slot_getsomeattrs_int(slot: *mut pg_sys::TupleTableSlot, count: c_int);
}

/// Declares rows that are found by a key: `keyed!(NAME, c"table", [key columns], [columns that are read])`.
#[macro_export]
macro_rules! keyed {
    ($name:ident, $table:expr, $key:expr, $columns:expr) => {
        thread_local! {
            static $name: $crate::pg::keyed::Keyed = const { $crate::pg::keyed::Keyed::new($table, &$key, &$columns) };
        }
    };
}

/// Rows of a table that are found by a key. The key's columns are compared for equality, a last one that is an instant with `<=`.
pub struct Keyed {
    table: &'static CStr,
    key: &'static [Column],
    columns: &'static [Column],
    found: RefCell<Option<Looked>>,
    places: Places,
}

/// The table as it was found, and the definitions that stood then.
#[derive(Clone)]
struct Looked {
    definitions: u64,
    table: pg_sys::Oid,
    shape: Rc<Shape>,
}

/// A row that was found, in a slot, and where the index points at it.
struct Found<'a> {
    table: pg_sys::Relation,
    slot: *mut pg_sys::TupleTableSlot,
    shape: &'a Shape,
    pointed: pg_sys::ItemPointerData,
}

impl Found<'_> {
    fn row(&self) -> Row<'_> {
        // SAFETY: the columns that are read are taken apart, and the slot is not filled anew while it is looked at.
        unsafe { Row::of_slot(self.slot, &self.shape.columns) }
    }
}

/// Keys whose rows are looked for. What looks for them is one function for all tables, so that its code stays in the processor's
/// cache from one to the next.
type Keys<'a> = &'a mut dyn Iterator<Item = Key>;
/// What is done with each row, with the place of its key.
type Read<'a> = &'a mut dyn FnMut(usize, &Found) -> Next;

/// What is wanted after a row that was read.
enum Next {
    /// Another row of the same key.
    Row,
    /// A row of the next key.
    Key,
    Nothing,
}

impl Keyed {
    /// Rows whose place is not known yet.
    pub const fn new(table: &'static CStr, key: &'static [Column], columns: &'static [Column]) -> Self {
        Self { table, key, columns, found: RefCell::new(None), places: Places::new() }
    }

    /// Reads rows of each key, in the order of the keys and then of the index; `read` says with `false` that no more rows of
    /// its key are wanted. `None` when a statement has to do it.
    pub fn rows<const N: usize>(
        &self,
        seen: Seen,
        keys: &[[Arg; N]],
        mut read: impl FnMut(usize, &Row) -> bool,
    ) -> Option<()> {
        let mut read = |place, found: &Found| if read(place, &found.row()) { Next::Row } else { Next::Key };
        self.access(Access::Read, seen, keys, &mut read)
    }

    /// As [`Keyed::rows`]; who looks for the same rows by another key of one row, which is read from them, knows their places then.
    pub fn rows_shared<const N: usize, const M: usize>(
        &self,
        seen: Seen,
        keys: &[[Arg; N]],
        (other, key_there): (&Self, impl Fn(&Row) -> [Arg; M]),
        mut read: impl FnMut(usize, &Row) -> bool,
    ) -> Option<()> {
        let mut read = |place, found: &Found| {
            let row = found.row();
            other.places.note(&key_there(&row), found.pointed);
            if read(place, &row) { Next::Row } else { Next::Key }
        };
        self.access(Access::Read, seen, keys, &mut read)
    }

    /// Reads the row of one key.
    pub fn first<const N: usize, T>(
        &self,
        seen: Seen,
        key: [Arg; N],
        mut read: impl FnMut(&Row) -> T,
    ) -> Option<Option<T>> {
        let mut found = None;
        self.rows(seen, &[key], |_, row| {
            found = Some(read(row));
            false
        })?;
        Some(found)
    }

    /// Locks the row of each key `FOR NO KEY UPDATE`, in the order of the keys, and reads it as it is then; waits for those who
    /// have it. Rows that are gone are left out. `None` when a statement has to do it, as in transactions with one snapshot,
    /// where a row that was changed since is an error.
    pub fn lock<const N: usize>(&self, keys: &[[Arg; N]], mut read: impl FnMut(usize, &Row)) -> Option<()> {
        let mut reads = |place, found: &Found| {
            read(place, &found.row());
            Next::Key
        };
        self.lock_by(|seen| self.access(Access::Lock, seen, keys, &mut reads))
    }

    /// As [`Keyed::lock`], but locks one row only, the first of the keys that nobody has locked, and waits for nobody.
    pub fn lock_first_free<const N: usize, T>(
        &self,
        keys: impl Iterator<Item = [Arg; N]>,
        mut read: impl FnMut(&Row) -> T,
    ) -> Option<Option<T>> {
        let mut found = None;
        let mut reads = |_, row: &Found| {
            found = Some(read(&row.row()));
            Next::Nothing
        };
        let mut keys = keys.map(|key| Key::of(&key));
        self.lock_by(|seen| {
            let (table, shape) = self.open(seen.owner, Access::LockFree.locks().0)?;
            self.search(Access::LockFree, seen, (table, &shape), &mut keys, &mut reads)
        })?;
        Some(found)
    }

    /// Hands out the table, the slot with each row of the keys, and the snapshot that sees it, to be written; `write` says with
    /// `false` that no more are wanted. The table is locked as for a statement that writes. `None` as of [`Keyed::lock`].
    pub(super) fn for_writing<const N: usize>(
        &self,
        keys: &[[Arg; N]],
        mut write: impl FnMut(pg_sys::Relation, *mut pg_sys::TupleTableSlot, pg_sys::Snapshot) -> bool,
    ) -> Option<()> {
        if session::has_one_snapshot() {
            return None;
        }
        Seen::with(Snapshot::Latest, |seen| {
            let mut write = |_, found: &Found| {
                if write(found.table, found.slot, seen.snapshot) { Next::Row } else { Next::Nothing }
            };
            self.access(Access::Write, seen, keys, &mut write)
        })
    }

    fn lock_by(&self, access: impl FnOnce(Seen) -> Option<()>) -> Option<()> {
        if session::has_one_snapshot() {
            return None;
        }
        session::require_writable(c"SELECT FOR NO KEY UPDATE");
        Seen::with(Snapshot::Latest, access)
    }

    fn access<const N: usize>(&self, access: Access, seen: Seen, keys: &[[Arg; N]], read: Read) -> Option<()> {
        let (table, shape) = self.open(seen.owner, access.locks().0)?;
        if let [key] = keys
            && remembers(&shape)
            && let Some(pointed) = self.places.of(key)
            && self.read_one_where_it_was(access, seen, (table, &shape), (&Key::of(key), pointed), read)
        {
            return Some(());
        }
        self.search(access, seen, (table, &shape), &mut keys.iter().map(Key::of), read)
    }

    /// As [`Self::read_where_it_was`], for a single key; closes the table if its row is there.
    fn read_one_where_it_was(
        &self,
        access: Access,
        seen: Seen,
        (table, shape): (pg_sys::Relation, &Shape),
        (key, pointed): (&Key, pg_sys::ItemPointerData),
        read: Read,
    ) -> bool {
        // SAFETY: the table is open and locked until the end; the slot is the table's.
        unsafe {
            let slot = raised::call(|| table_slot_create(table, std::ptr::null_mut()));
            let is_there =
                self.read_where_it_was(access, seen, (table, shape, slot), (0, key, pointed), read).is_some();
            raised::call(|| {
                ExecDropSingleTupleTableSlot(slot);
                if is_there {
                    table_close(table, 0);
                }
            });
            is_there
        }
    }

    /// Reads the row of a key at the place at which it was last seen, into the slot; `None` when it is not there.
    fn read_where_it_was(
        &self,
        access: Access,
        seen: Seen,
        (table, shape, slot): (pg_sys::Relation, &Shape, *mut pg_sys::TupleTableSlot),
        (place, key, pointed): (usize, &Key, pg_sys::ItemPointerData),
        read: Read,
    ) -> Option<Next> {
        let key = key.values();
        // SAFETY: the table is open and locked, and the snapshot stays; the slot is the table's.
        unsafe {
            if !places::is_at(table, shape, key, pointed, seen.snapshot, slot) {
                self.places.forget(key);
                return None;
            }
            if let Some(wait) = access.locks().1 {
                if !lock_row(table, slot, seen.snapshot, wait) {
                    return Some(Next::Key);
                }
                let last = shape.last;
                raised::call(|| slot_getsomeattrs_int(slot, last));
            }
            Some(read(place, &Found { table, slot, shape, pointed }))
        }
    }

    /// Looks rows up where they were, else in the index; closes the table.
    fn search(
        &self,
        access: Access,
        seen: Seen,
        (table, shape): (pg_sys::Relation, &Shape),
        keys: Keys,
        read: Read,
    ) -> Option<()> {
        let (mode, wait) = access.locks();
        let index = self.open_index(table, shape, mode)?;
        let tries_places = remembers(shape);
        let mut scan_keys = shape.scan_keys.clone();
        let count = c_int::try_from(scan_keys.len()).unwrap_or_default();
        let (last, keys_at) = (shape.last, scan_keys.as_mut_ptr());
        // SAFETY: table and index are open until the end, and the snapshot stays. Each key
        // has as many values as the index is asked for, of its columns' types. What is not closed after an error is the
        // (sub)transaction's, which ends.
        unsafe {
            let (slot, scan) = raised::call(|| {
                let slot = table_slot_create(table, std::ptr::null_mut());
                #[cfg(feature = "pg18")]
                let scan = index_beginscan(table, index, seen.snapshot, std::ptr::null_mut(), count, 0);
                #[cfg(not(feature = "pg18"))]
                let scan = index_beginscan(table, index, seen.snapshot, count, 0);
                (slot, scan)
            });
            'keys: for (place, key) in keys.enumerate() {
                if tries_places && let Some(pointed) = self.places.of(key.values()) {
                    match self.read_where_it_was(access, seen, (table, shape, slot), (place, &key, pointed), read) {
                        None => (),
                        Some(Next::Nothing) => break,
                        Some(Next::Row | Next::Key) => continue,
                    }
                }
                for (entry, arg) in scan_keys.iter_mut().zip(key.values()) {
                    // Nothing equals NULL; a key has none.
                    entry.sk_argument = arg.datum().unwrap_or(pg_sys::Datum::from(0));
                }
                raised::call(|| index_rescan(scan, keys_at, count, std::ptr::null_mut(), 0));
                loop {
                    let found = raised::call(|| {
                        let pointed = next_row(scan, slot)?;
                        if wait.is_none() {
                            slot_getsomeattrs_int(slot, last);
                        }
                        Some(pointed)
                    });
                    let Some(pointed) = found else { break };
                    if shape.is_unique {
                        self.places.note(key.values(), pointed);
                    }
                    if let Some(wait) = wait {
                        if !lock_row(table, slot, seen.snapshot, wait) {
                            continue;
                        }
                        raised::call(|| slot_getsomeattrs_int(slot, last));
                    }
                    match read(place, &Found { table, slot, shape, pointed }) {
                        Next::Row => (),
                        Next::Key => break,
                        Next::Nothing => break 'keys,
                    }
                }
            }
            raised::call(|| {
                index_endscan(scan);
                ExecDropSingleTupleTableSlot(slot);
                index_close(index, mode);
                table_close(table, 0);
            });
        }
        Some(())
    }

    /// Opens the index, or closes the table where it cannot serve. The table stays locked until the transaction ends, as that of a
    /// statement does; the index does not: a backend has 16 places for locks that no other looks at (17 and before), of which a call
    /// needs nearly all, and a lock beyond them goes to the table that all share.
    fn open_index(&self, table: pg_sys::Relation, shape: &Shape, mode: pg_sys::LOCKMODE) -> Option<pg_sys::Relation> {
        let oid = shape.index;
        // SAFETY: the table is open and locked, and the index is one of its own.
        unsafe {
            let index = raised::call(|| index_open(oid, mode));
            if shape::is_usable(index) {
                return Some(index);
            }
            raised::call(|| {
                index_close(index, mode);
                table_close(table, 0);
            });
            None
        }
    }

    /// Opens the table.
    fn open(&self, owner: pg_sys::Oid, mode: pg_sys::LOCKMODE) -> Option<(pg_sys::Relation, Rc<Shape>)> {
        let known = self.found.borrow().clone();
        known.and_then(|known| self.open_as(known.table, owner, Some(known), mode)).or_else(|| {
            let (table, _) = session::public_relation(self.table)?;
            self.open_as(table, owner, None, mode)
        })
    }

    /// Where the columns stand; looked at again when some definition changed.
    ///
    /// # Safety
    /// The table is open and locked.
    unsafe fn shape(&self, table: pg_sys::Relation, known: Option<Looked>) -> Option<Rc<Shape>> {
        let definitions = invalidation::definitions();
        // SAFETY: as demanded.
        let (oid, found) = unsafe {
            let found = match known {
                Some(known) if known.definitions == definitions => return Some(known.shape),
                Some(known) => Some(known.shape).filter(|shape| shape.fits(table, self.key, self.columns)),
                None => Shape::find(table, self.key, self.columns).map(Rc::new),
            };
            ((*table).rd_id, found)
        };
        let looked = |shape: Rc<Shape>| Looked { definitions, table: oid, shape };
        self.found.replace(found.clone().map(looked));
        found
    }

    fn open_as(
        &self,
        oid: pg_sys::Oid,
        owner: pg_sys::Oid,
        known: Option<Looked>,
        mode: pg_sys::LOCKMODE,
    ) -> Option<(pg_sys::Relation, Rc<Shape>)> {
        // SAFETY: a table that is gone opens as NULL. Under its lock its columns stay, and whoever drops one of its indexes waits
        // for it. Whatever was opened is
        // closed on every path.
        unsafe {
            let table = raised::call(|| try_table_open(oid, mode));
            if table.is_null() {
                return None;
            }
            let shape = if !shape::is_plain_table(table, self.table, owner) { None } else { self.shape(table, known) };
            let Some(shape) = shape else {
                raised::call(|| table_close(table, 0));
                return None;
            };
            Some((table, shape))
        }
    }
}

/// Whether rows may be looked for where they were: there is one of a key, and the transaction sees what is committed now.
fn remembers(shape: &Shape) -> bool {
    shape.is_unique && !session::has_one_snapshot()
}
