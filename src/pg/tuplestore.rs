//! Set-returning functions whose rows go from a plan straight into the result, without passing through Rust.

use super::spi::{Arg, Snapshot, Statement};
use pgrx::pg_sys;

// Not among pgrx's bindings. It only fills in the receiver and raises nothing.
unsafe extern "C-unwind" {
    fn SetTuplestoreDestReceiverParams(
        receiver: *mut pg_sys::DestReceiver,
        store: *mut pg_sys::Tuplestorestate,
        context: pg_sys::MemoryContext,
        detoast: bool,
        target: pg_sys::TupleDesc,
        map_failure: *const std::ffi::c_char,
    );
}

/// Where the rows of the running set-returning function go.
pub struct Sink {
    store: *mut pg_sys::Tuplestorestate,
    context: pg_sys::MemoryContext,
    columns: pg_sys::TupleDesc,
}

impl Sink {
    /// Makes the function's result set; raises 0A000 where the caller cannot take one.
    pub fn open(fcinfo: pg_sys::FunctionCallInfo) -> Self {
        Self::open_with(fcinfo, 0)
    }

    /// As [`Sink::open`], for a function whose result is a set of one type that is no row.
    pub fn open_of_values(fcinfo: pg_sys::FunctionCallInfo) -> Self {
        Self::open_with(fcinfo, pg_sys::MAT_SRF_USE_EXPECTED_DESC)
    }

    fn open_with(fcinfo: pg_sys::FunctionCallInfo, flags: u32) -> Self {
        // SAFETY: fcinfo is the running call's; after InitMaterializedSRF its resultinfo is a ReturnSetInfo with a store.
        unsafe {
            pg_sys::InitMaterializedSRF(fcinfo, flags);
            let result = (*fcinfo).resultinfo.cast::<pg_sys::ReturnSetInfo>();
            let context = (*(*result).econtext).ecxt_per_query_memory;
            Self { store: (*result).setResult, context, columns: (*result).setDesc }
        }
    }

    /// Adds the rows of a statement; 42804 when its columns do not have the function's result types.
    pub fn append(&self, statement: &Statement, snapshot: Snapshot, args: &[Arg]) {
        // SAFETY: store and context are the running function's own.
        unsafe { self.append_to(self.store, self.context, false, statement, snapshot, args) }
    }

    /// Puts the rows of a statement into another store, in the current memory context, each value in its row.
    ///
    /// # Safety
    /// `store` is a live one.
    pub(super) unsafe fn fill(
        &self,
        store: *mut pg_sys::Tuplestorestate,
        statement: &Statement,
        snapshot: Snapshot,
        args: &[Arg],
    ) {
        // SAFETY: as demanded; the receiver needs the context only while the statement runs.
        unsafe { self.append_to(store, pg_sys::CurrentMemoryContext, true, statement, snapshot, args) }
    }

    /// # Safety
    /// Store and context are live ones.
    unsafe fn append_to(
        &self,
        store: *mut pg_sys::Tuplestorestate,
        context: pg_sys::MemoryContext,
        detoast: bool,
        statement: &Statement,
        snapshot: Snapshot,
        args: &[Arg],
    ) {
        let mismatch = c"a column of a table of model_access has another type".as_ptr();
        // SAFETY: the receiver is made here, is given a live store, and is destroyed after the rows came.
        unsafe {
            let receiver = pg_sys::CreateDestReceiver(pg_sys::CommandDest::DestTuplestore);
            SetTuplestoreDestReceiverParams(receiver, store, context, detoast, self.columns, mismatch);
            statement.send_to(snapshot, args, receiver);
            if let Some(destroy) = (*receiver).rDestroy {
                destroy(receiver);
            }
        }
    }

    /// The result set.
    pub(super) fn store(&self) -> *mut pg_sys::Tuplestorestate {
        self.store
    }

    /// The columns of the result.
    pub(super) fn columns(&self) -> pg_sys::TupleDesc {
        self.columns
    }
}
