//! Rows of a statement that a backend keeps, to be put into results again without running it.

use super::memory;
use super::raised;
use super::shape;
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
            let json = json_columns(sink.columns());
            let columns = with_long_lengths(sink.columns(), &json);
            while pg_sys::tuplestore_gettupleslot(store, true, false, slot) {
                kept.keep(slot, columns, &json);
            }
            pg_sys::FreeTupleDesc(columns);
            pg_sys::ExecDropSingleTupleTableSlot(slot);
            pg_sys::tuplestore_end(store);
        }
        memory::stays_for_answers_of(kept.bytes);
        kept
    }

    /// # Safety
    /// The slot holds a row with these columns, and no value of it is stored elsewhere.
    unsafe fn keep(
        &mut self,
        slot: *mut pg_sys::TupleTableSlot,
        columns: pg_sys::TupleDesc,
        json: &[pg_sys::AttrNumber],
    ) {
        // SAFETY: as demanded; all values are taken apart first, and the tuple is a copy of them in the context.
        unsafe {
            pg_sys::slot_getsomeattrs_int(slot, (*columns).natts);
            let (values, nulls) = ((*slot).tts_values, (*slot).tts_isnull);
            for place in json.iter().map(|number| usize::from(number.unsigned_abs()) - 1) {
                if !*nulls.add(place) {
                    let value = values.add(place);
                    *value = pg_sys::Datum::from(pg_sys::pg_detoast_datum((*value).cast_mut_ptr()));
                }
            }
            let before = pg_sys::MemoryContextSwitchTo(self.context);
            #[cfg(feature = "pg18")]
            let tuple = pg_sys::heap_form_minimal_tuple(columns, values, nulls, 0);
            #[cfg(not(feature = "pg18"))]
            let tuple = pg_sys::heap_form_minimal_tuple(columns, values, nulls);
            pg_sys::MemoryContextSwitchTo(before);
            self.rows.push(tuple);
            self.bytes += (*tuple).t_len as usize;
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

/// The numbers of the columns of `jsonb`.
///
/// # Safety
/// The descriptor is a live one.
unsafe fn json_columns(columns: pg_sys::TupleDesc) -> Vec<pg_sys::AttrNumber> {
    // SAFETY: as demanded.
    unsafe {
        let count = pg_sys::AttrNumber::try_from((*columns).natts).unwrap_or_default();
        let is_json = |number: &pg_sys::AttrNumber| {
            shape::attribute(columns, *number).is_some_and(|found| found.atttypid == pg_sys::JSONBOID)
        };
        (1..=count).filter(is_json).collect()
    }
}

/// The columns, but for `jsonb` the length of a value is always stored in its long form: one in the short form is copied whenever
/// it is read, to be written out for instance.
///
/// # Safety
/// The descriptor is a live one, and so are its columns of `jsonb`.
unsafe fn with_long_lengths(columns: pg_sys::TupleDesc, json: &[pg_sys::AttrNumber]) -> pg_sys::TupleDesc {
    // SAFETY: as demanded; the copy is ours to change, and nobody else knows it.
    unsafe {
        let copy = pg_sys::CreateTupleDescCopy(columns);
        for number in json {
            let place = std::ffi::c_int::from(*number) - 1;
            #[cfg(feature = "pg18")]
            let column = pg_sys::TupleDescAttr(copy, place);
            #[cfg(not(feature = "pg18"))]
            let column = (*copy).attrs.as_mut_ptr().add(place.unsigned_abs() as usize);
            (*column).attstorage = pg_sys::TYPSTORAGE_PLAIN as std::ffi::c_char;
            #[cfg(feature = "pg18")]
            pg_sys::populate_compact_attribute(copy, place);
        }
        copy
    }
}

impl Drop for KeptRows {
    fn drop(&mut self) {
        // SAFETY: the context is this one's own, and nothing else points into it.
        unsafe { pg_sys::MemoryContextDelete(self.context) };
    }
}
