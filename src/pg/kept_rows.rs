//! Rows of a statement that a backend keeps, to be put into results again without running it.

use super::raised;
use super::spi::{Arg, Snapshot, Statement};
use super::tuplestore::Sink;
use pgrx::pg_sys;

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn ExecStoreMinimalTuple(
        tuple: pg_sys::MinimalTuple,
        slot: *mut pg_sys::TupleTableSlot,
        should_free: bool,
    ) -> *mut pg_sys::TupleTableSlot;
    fn tuplestore_puttupleslot(store: *mut pg_sys::Tuplestorestate, slot: *mut pg_sys::TupleTableSlot);
}

/// Rows in a memory context of their own, in the order of the statement; no value of them lives outside.
pub struct KeptRows {
    context: pg_sys::MemoryContext,
    rows: Vec<pg_sys::MinimalTuple>,
    bytes: usize,
}

impl KeptRows {
    /// Runs a statement and keeps its rows, whose columns are those of `sink`'s result.
    pub fn of(statement: &Statement, snapshot: Snapshot, args: &[Arg], sink: &Sink) -> Self {
        // SAFETY: the parent lives as long as the backend; the name is a constant, as it must be.
        let context = unsafe {
            pg_sys::AllocSetContextCreateInternal(
                pg_sys::CacheMemoryContext,
                c"model_access rows".as_ptr(),
                pg_sys::ALLOCSET_DEFAULT_MINSIZE as usize,
                pg_sys::ALLOCSET_DEFAULT_INITSIZE as usize,
                pg_sys::ALLOCSET_DEFAULT_MAXSIZE as usize,
            )
        };
        // Made first: an error of the statement unwinds through it and frees the context.
        let mut kept = Self { context, rows: Vec::new(), bytes: 0 };
        // SAFETY: the store is made and ended here, in between it is filled by the statement's receiver and read
        // through a slot for its kind of tuples. Each tuple is one block of `t_len` bytes.
        unsafe {
            let store = pg_sys::tuplestore_begin_heap(false, false, pg_sys::work_mem);
            sink.fill(store, statement, snapshot, args);
            let slot = pg_sys::MakeSingleTupleTableSlot(sink.columns(), &raw const pg_sys::TTSOpsMinimalTuple);
            while pg_sys::tuplestore_gettupleslot(store, true, false, slot) {
                let tuple = (*slot.cast::<pg_sys::MinimalTupleTableSlot>()).mintuple;
                kept.keep(tuple);
            }
            pg_sys::ExecDropSingleTupleTableSlot(slot);
            pg_sys::tuplestore_end(store);
        }
        kept
    }

    /// # Safety
    /// `tuple` is a whole minimal tuple without pointers to values elsewhere.
    unsafe fn keep(&mut self, tuple: pg_sys::MinimalTuple) {
        // SAFETY: as demanded; the copy has room for all of it.
        unsafe {
            let length = (*tuple).t_len as usize;
            let copy = pg_sys::MemoryContextAlloc(self.context, length);
            std::ptr::copy_nonoverlapping(tuple.cast::<u8>(), copy.cast::<u8>(), length);
            self.rows.push(copy.cast());
            self.bytes += length;
        }
    }

    /// The size of all rows.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Puts the first `count` rows into a result with the columns for which they were kept.
    pub fn send(&self, count: usize, sink: &Sink) {
        let rows = self.rows.get(..count.min(self.rows.len())).unwrap_or_default();
        let store = sink.store();
        // SAFETY: the slot is of the result's columns, and the tuples were formed for them; the store copies each. The
        // guarded loop owns nothing. One guard for all rows: one for each call would cost as much as the call.
        unsafe {
            let slot = pg_sys::MakeSingleTupleTableSlot(sink.columns(), &raw const pg_sys::TTSOpsMinimalTuple);
            raised::call(|| {
                for tuple in rows {
                    ExecStoreMinimalTuple(*tuple, slot, false);
                    tuplestore_puttupleslot(store, slot);
                }
            });
            pg_sys::ExecDropSingleTupleTableSlot(slot);
        }
    }
}

impl Drop for KeptRows {
    fn drop(&mut self) {
        // SAFETY: the context is this one's own, and nothing else points into it.
        unsafe { pg_sys::MemoryContextDelete(self.context) };
    }
}
