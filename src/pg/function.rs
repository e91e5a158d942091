//! Functions of other extensions, called by what they are and not by a statement.
//!
//! No statement runs, so nothing that logs or counts nested statements (`auto_explain`, `pg_stat_statements`) meets the
//! arguments: they may be keys.

use super::raised;
use super::spi::{Arg, Readable};
use pgrx::pg_sys;
use std::ffi::c_int;

// The server's function as it is, for `raised::call`.
unsafe extern "C-unwind" {
    fn OidFunctionCall3Coll(
        function: pg_sys::Oid,
        collation: pg_sys::Oid,
        first: pg_sys::Datum,
        second: pg_sys::Datum,
        third: pg_sys::Datum,
    ) -> pg_sys::Datum;
}

/// Calls the function with this OID; `None` where an argument is NULL, or it is not one that takes `args` and returns `T`.
///
/// Privileges are for the caller to look at. An error of the function leaves as one of a statement does.
pub fn call<T: Readable>(function: u32, args: [Arg; 3]) -> Option<T> {
    let function = pg_sys::Oid::from(function);
    if !takes_and_returns(function, &args, T::TYPES) {
        return None;
    }
    let [first, second, third] = args.map(|arg| arg.datum());
    let (first, second, third) = (first?, second?, third?);
    // SAFETY: the function takes values of these types and returns one that T reads and copies; the call owns nothing.
    unsafe {
        let collation = pg_sys::DEFAULT_COLLATION_OID;
        let result = raised::call(|| OidFunctionCall3Coll(function, collation, first, second, third));
        T::from_datum(result, false)
    }
}

/// Whether a function has one signature, and returns no set.
fn takes_and_returns(function: pg_sys::Oid, args: &[Arg], returned: &[pg_sys::Oid]) -> bool {
    let mut types = std::ptr::null_mut();
    let mut count: c_int = 0;
    // SAFETY: the server fills in as many types as it counts, in memory of its own; an OID of no function is its error.
    unsafe {
        let returns = pg_sys::get_func_signature(function, &mut types, &mut count);
        let count = usize::try_from(count).unwrap_or_default();
        let taken: &[pg_sys::Oid] = if count == 0 { &[] } else { std::slice::from_raw_parts(types, count) };
        returned.contains(&returns)
            && !pg_sys::get_func_retset(function)
            && taken.iter().eq(args.iter().map(Arg::type_oid).collect::<Vec<_>>().iter())
    }
}
