//! Rows written without an executor, to tables of which nothing asks for one.
//!
//! A statement that writes a row costs the server several times what the row does: it starts an executor, opens every index, reads
//! the texts of checks and of indexed expressions, and throws all of it away. What the row itself asks for is done here as well, by
//! the same functions: NOT NULL, checks, indexes, the place among partitions. A table with triggers, rules or columns that are
//! not ours to fill is left to a statement.

use super::foreseen;
use super::invalidation;
use super::keyed::Keyed;
use super::owner;
use super::raised;
use super::routing::Routing;
use super::session;
use super::shape::{self, Column};
use super::spi::Arg;
use super::writer::{self, Writer};
use pgrx::pg_sys;
use std::cell::RefCell;
use std::ffi::CStr;
use std::mem::ManuallyDrop;

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn try_table_open(table: pg_sys::Oid, mode: pg_sys::LOCKMODE) -> pg_sys::Relation;
    fn table_close(table: pg_sys::Relation, mode: pg_sys::LOCKMODE);
}

/// Declares rows that are written: `written!(NAME, c"table", [columns that are written])`.
#[macro_export]
macro_rules! written {
    ($name:ident, $table:expr, $columns:expr) => {
        thread_local! {
            static $name: $crate::pg::written::Written = const { $crate::pg::written::Written::new($table, &$columns) };
        }
    };
}

/// So many partitions are remembered: calls are of this month, seldom of the last.
const PARTITIONS: usize = 3;

/// Rows of some columns of a table. Others are NULL in rows that are inserted, and stay in rows that are updated.
pub struct Written {
    table: &'static CStr,
    columns: &'static [Column],
    // Its memory goes with the process: at the end of that the server's functions are not to be called.
    known: ManuallyDrop<RefCell<Option<Known>>>,
}

/// What was found of a table while no definition changed.
struct Known {
    definitions: u64,
    table: pg_sys::Oid,
    routing: Option<Routing>,
    /// Whether the rows are whole ones: a default of a partitioned table's own counts for all its partitions.
    is_whole: bool,
    /// Those used last come first; `None` for a table that a statement has to write.
    writers: Vec<(pg_sys::Oid, Option<Writer>)>,
}

/// What becomes of a row that is found.
enum Change<'a> {
    Update(&'a [Arg]),
    Delete,
}

impl Written {
    /// Rows of a table that was not looked at yet.
    pub const fn new(table: &'static CStr, columns: &'static [Column]) -> Self {
        Self { table, columns, known: ManuallyDrop::new(RefCell::new(None)) }
    }

    /// Inserts rows, all or none: `None` when a statement has to do it.
    pub fn insert<const N: usize>(&self, rows: &[[Arg; N]]) -> Option<()> {
        session::require_writable(c"INSERT");
        let types_fit = |row: &[Arg; N]| self.fits(row);
        if !rows.iter().all(types_fit) {
            return None;
        }
        let root = self.open()?;
        // SAFETY: the table is open and locked until the end, and so is the partition; what is not closed after an error is the
        // (sub)transaction's, which ends. Values are of the columns' types.
        let done = unsafe {
            match self.partition(root, rows) {
                Some(leaf) if leaf.is_null() => self.insert_into(root, rows),
                Some(leaf) => {
                    let done = self.insert_into(leaf, rows);
                    raised::call(|| table_close(leaf, 0));
                    done
                }
                None => None,
            }
        };
        // SAFETY: it is open.
        unsafe { raised::call(|| table_close(root, 0)) };
        done
    }

    /// Writes the columns of the row of a key, which is locked; one that is gone is none. `None` when a statement has to do it.
    pub fn update<const N: usize>(&self, rows: &Keyed, key: [Arg; N], values: &[Arg]) -> Option<()> {
        session::require_writable(c"UPDATE");
        if !self.fits(values) {
            return None;
        }
        self.change(rows, key, Change::Update(values))
    }

    /// Deletes the rows of a key; those that somebody deleted meanwhile are gone. `None` when a statement has to do it, or to
    /// go on with it.
    pub fn delete<const N: usize>(&self, rows: &Keyed, key: [Arg; N]) -> Option<()> {
        session::require_writable(c"DELETE");
        self.change(rows, key, Change::Delete)
    }

    fn change<const N: usize>(&self, rows: &Keyed, key: [Arg; N], change: Change) -> Option<()> {
        let mut all_done = true;
        rows.for_writing(&[key], |table, slot, seen| {
            // SAFETY: the table is open and locked for writing, and the slot holds a row of it that the snapshot sees.
            let became = unsafe {
                self.look_at(table);
                match &change {
                    Change::Update(values) => {
                        self.with_writer(table, |writer| writer.update(table, slot, seen, values))
                    }
                    Change::Delete if foreseen::is_plainly_written(table) => Some(writer::delete(table, slot, seen)),
                    Change::Delete => None,
                }
            };
            let gone = [pg_sys::TM_Result::TM_Ok, pg_sys::TM_Result::TM_Deleted];
            all_done = became.is_some_and(|became| gone.contains(&became));
            all_done
        })?;
        writer::end_command();
        all_done.then_some(())
    }

    fn fits(&self, values: &[Arg]) -> bool {
        values.len() == self.columns.len()
            && self.columns.iter().zip(values).all(|((_, kind), value)| kind.is(value.type_oid()))
    }

    /// Opens the table for writing, and keeps what is known of it up to date.
    fn open(&self) -> Option<pg_sys::Relation> {
        let definitions = invalidation::definitions();
        let known =
            self.known.borrow().as_ref().filter(|known| known.definitions == definitions).map(|known| known.table);
        let oid = match known {
            Some(oid) => oid,
            None => session::public_relation(self.table)?.0,
        };
        // SAFETY: a table that is gone opens as NULL; one that is not as expected is closed.
        unsafe {
            let table = raised::call(|| try_table_open(oid, pg_sys::RowExclusiveLock as _));
            if table.is_null() {
                return None;
            }
            self.look_at(table);
            let is_whole = self.known.borrow().as_ref().is_some_and(|known| known.is_whole);
            if is_whole
                && shape::is_table_of(table, self.table, session::current_role())
                && foreseen::is_plainly_written(table)
            {
                return Some(table);
            }
            raised::call(|| table_close(table, 0));
            None
        }
    }

    /// Forgets what was known before a definition changed.
    ///
    /// # Safety
    /// The table is open and locked.
    unsafe fn look_at(&self, table: pg_sys::Relation) {
        let definitions = invalidation::definitions();
        // SAFETY: as demanded.
        let oid = unsafe { (*table).rd_id };
        let is_known = |known: &Known| known.definitions == definitions && known.table == oid;
        if !self.known.borrow().as_ref().is_some_and(is_known) {
            // To read a key of partitions the server simplifies its expressions, by calling what can be called at once.
            owner::pin_path();
            // SAFETY: as demanded.
            let (routing, is_whole) =
                unsafe { (Routing::of(table, self.columns), writer::is_whole_row(table, self.columns)) };
            let known = Known { definitions, table: oid, routing, is_whole, writers: Vec::new() };
            self.known.replace(Some(known));
        }
    }

    /// The partition that all rows belong to, open and locked; NULL where the table has none, `None` when there is no such one.
    ///
    /// # Safety
    /// The table is open and locked.
    unsafe fn partition<const N: usize>(&self, table: pg_sys::Relation, rows: &[[Arg; N]]) -> Option<pg_sys::Relation> {
        // SAFETY: as demanded; a partition that is gone opens as NULL.
        unsafe {
            if (*(*table).rd_rel).relkind as u8 != pg_sys::RELKIND_PARTITIONED_TABLE {
                return Some(std::ptr::null_mut());
            }
            let leaf = {
                let known = self.known.borrow();
                let routing = known.as_ref()?.routing.as_ref()?;
                let mut leaves = rows.iter().map(|row| routing.leaf(table, row));
                let first = leaves.next()??;
                leaves.all(|leaf| leaf == Some(first)).then_some(first)?
            };
            let opened = raised::call(|| try_table_open(leaf, pg_sys::RowExclusiveLock as _));
            (!opened.is_null()).then_some(opened)
        }
    }

    /// # Safety
    /// The table is open and locked for writing; values are of the columns' types.
    unsafe fn insert_into<const N: usize>(&self, table: pg_sys::Relation, rows: &[[Arg; N]]) -> Option<()> {
        let definitions = invalidation::definitions();
        let is_known = |known: &Known| known.definitions == definitions;
        if !self.known.borrow().as_ref().is_some_and(is_known) {
            return None;
        }
        // SAFETY: as demanded.
        let done = self.with_writer(table, |writer| unsafe {
            if !writer.is_whole() {
                return false;
            }
            writer.open(table);
            // To lock them is to hear of changes: then a statement looks at them anew.
            let stands = invalidation::definitions() == definitions;
            if stands {
                rows.iter().for_each(|row| writer.insert(row));
            }
            writer.close();
            stands
        });
        writer::end_command();
        done.filter(|done| *done).map(|_| ())
    }

    /// Lends the writer of a table. While it is lent it is not remembered: an error throws it away, and whatever calls from
    /// within a check makes its own.
    fn with_writer<R>(&self, table: pg_sys::Relation, work: impl FnOnce(&mut Writer) -> R) -> Option<R> {
        // SAFETY: whoever calls has it open and locked for writing.
        let oid = unsafe { (*table).rd_id };
        let definitions = self.known.borrow().as_ref()?.definitions;
        let taken = self.known.borrow_mut().as_mut().and_then(|known| {
            let place = known.writers.iter().position(|(of, _)| *of == oid)?;
            Some(known.writers.remove(place).1)
        });
        // SAFETY: as above.
        let mut writer = taken.unwrap_or_else(|| unsafe { Writer::make(table, self.columns) });
        let result = writer.as_mut().map(work);
        let mut known = self.known.borrow_mut();
        if let Some(known) = known.as_mut().filter(|known| known.definitions == definitions) {
            known.writers.insert(0, (oid, writer));
            known.writers.truncate(PARTITIONS);
        }
        result
    }
}
