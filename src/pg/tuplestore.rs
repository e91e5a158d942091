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
        // SAFETY: fcinfo is the running call's; after InitMaterializedSRF its resultinfo is a ReturnSetInfo with a store.
        unsafe {
            pg_sys::InitMaterializedSRF(fcinfo, 0);
            let result = (*fcinfo).resultinfo.cast::<pg_sys::ReturnSetInfo>();
            let context = (*(*result).econtext).ecxt_per_query_memory;
            Self { store: (*result).setResult, context, columns: (*result).setDesc }
        }
    }

    /// Adds the rows of a statement; 42804 when its columns do not have the function's result types.
    pub fn append(&self, statement: &Statement, snapshot: Snapshot, args: &[Arg]) {
        // SAFETY: the receiver is made here, is given the function's own store, and is destroyed after the rows came.
        unsafe {
            let receiver = pg_sys::CreateDestReceiver(pg_sys::CommandDest::DestTuplestore);
            SetTuplestoreDestReceiverParams(
                receiver,
                self.store,
                self.context,
                false,
                self.columns,
                c"a column of a table of model_access has another type".as_ptr(),
            );
            statement.send_to(snapshot, args, receiver);
            if let Some(destroy) = (*receiver).rDestroy {
                destroy(receiver);
            }
        }
    }
}
