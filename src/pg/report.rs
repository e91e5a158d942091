//! Errors with any SQLSTATE, and the return type that raises them.
//!
//! pgrx knows a closed list of SQLSTATEs and turns the others (`PT429`, `PGRST`) into XX000, so errors of ours are
//! raised by the server's own `ereport` machinery instead.

use super::raised::Raised;
use pgrx::callconv::{CallCx, FcInfo, RetAbi};
use pgrx::datum::Datum;
use pgrx::pgrx_sql_entity_graph::metadata::{
    ArgumentError, ReturnsError, ReturnsRef, SqlMappingRef, SqlTranslatable, TypeOrigin,
};
use pgrx::{PgLogLevel, pg_sys};
use std::ffi::{CString, c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Everything a client sees of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Five characters, digits and capitals.
    pub sqlstate: [u8; 5],
    /// Lower case, no period.
    pub message: String,
    /// What came.
    pub detail: Option<String>,
    /// What would be right.
    pub hint: Option<String>,
}

impl Report {
    /// An error without DETAIL and HINT.
    pub fn new(sqlstate: &[u8; 5], message: impl Into<String>) -> Self {
        Self { sqlstate: *sqlstate, message: message.into(), detail: None, hint: None }
    }

    /// Adds DETAIL.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds HINT.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

// The server's functions as they are: pgrx's wrappers would catch the jump and lose the SQLSTATE.
unsafe extern "C-unwind" {
    fn errstart(elevel: c_int, domain: *const c_char) -> bool;
    fn errcode(sqlerrcode: c_int) -> c_int;
    fn errmsg(format: *const c_char, ...) -> c_int;
    fn errdetail(format: *const c_char, ...) -> c_int;
    fn errhint(format: *const c_char, ...) -> c_int;
    fn errfinish(file: *const c_char, line: c_int, function: *const c_char);
}

/// The text in the server's memory, so that nothing of Rust is left to free when the error jumps.
fn server_text(text: &str) -> *const c_char {
    let text = CString::new(text.replace('\0', "")).unwrap_or_default();
    // SAFETY: `text` is a NUL-terminated string that outlives the call; pstrdup copies it.
    unsafe { pg_sys::pstrdup(text.as_ptr()) }
}

/// A report in the server's memory: plain pointers, nothing of Rust to free.
#[derive(Clone, Copy)]
struct Parts {
    code: c_int,
    message: *const c_char,
    detail: Option<*const c_char>,
    hint: Option<*const c_char>,
}

impl Parts {
    /// Copies the report and drops it.
    fn of(report: Report) -> Self {
        Self {
            code: packed(report.sqlstate),
            message: server_text(&report.message),
            detail: report.detail.as_deref().map(server_text),
            hint: report.hint.as_deref().map(server_text),
        }
    }
}

fn packed(sqlstate: [u8; 5]) -> c_int {
    sqlstate
        .iter()
        .enumerate()
        .fold(0, |code, (place, character)| code | (c_int::from(character.wrapping_sub(b'0') & 0x3F) << (6 * place)))
}

/// Sends a WARNING to the client.
pub fn warn(report: Report) {
    // SAFETY: below ERROR the call returns.
    unsafe { send(PgLogLevel::WARNING, Parts::of(report)) }
}

/// Raises the error; does not return.
fn raise(report: Report) -> ! {
    // SAFETY: the report was copied and dropped, so this frame and `send`'s own nothing when the error jumps; the
    // frames between here and the server's handler are pgrx's call wrapper, which moved its values into us.
    unsafe { send(PgLogLevel::ERROR, Parts::of(report)) }
    unreachable!("ereport at ERROR does not return")
}

/// The protocol of `ereport`: errstart, the parts, errfinish.
///
/// # Safety
/// At ERROR it jumps to the server's handler: the frames up to there must own nothing.
unsafe fn send(level: PgLogLevel, parts: Parts) {
    // SAFETY: formats are constant and take one string each; the texts are NUL-terminated server memory.
    unsafe {
        if errstart(level as c_int, std::ptr::null()) {
            errcode(parts.code);
            errmsg(c"%s".as_ptr(), parts.message);
            if let Some(detail) = parts.detail {
                errdetail(c"%s".as_ptr(), detail);
            }
            if let Some(hint) = parts.hint {
                errhint(c"%s".as_ptr(), hint);
            }
            errfinish(c"model_access".as_ptr(), 0, std::ptr::null());
        }
    }
}

/// What an SQL function of ours returns: a value, or an error that is raised with its own SQLSTATE.
pub struct Reply<T>(Result<T, Refusal>);

enum Refusal {
    /// An error of ours.
    Ours(Report),
    /// An error of a statement that we ran.
    Servers(Raised),
}

impl<T> Reply<T> {
    /// Runs the body of an SQL function. Panics that are no error of a statement go on to pgrx.
    pub fn of<E: Into<Report>>(body: impl FnOnce() -> Result<T, E>) -> Self {
        match catch_unwind(AssertUnwindSafe(body)) {
            Ok(result) => Self(result.map_err(|error| Refusal::Ours(error.into()))),
            Err(payload) => match payload.downcast::<Raised>() {
                Ok(raised) => Self(Err(Refusal::Servers(*raised))),
                Err(payload) => resume_unwind(payload),
            },
        }
    }
}

// SAFETY: every method hands on to `T`'s own implementation; an error never reaches them, since `to_ret`, which
// pgrx calls first, raises it.
unsafe impl<T: RetAbi> RetAbi for Reply<T>
where
    T::Item: RetAbi,
{
    type Item = T::Item;
    type Ret = T::Ret;

    unsafe fn check_fcinfo_and_prepare(fcinfo: pg_sys::FunctionCallInfo) -> CallCx {
        // SAFETY: as the trait demands of our caller.
        unsafe { T::check_fcinfo_and_prepare(fcinfo) }
    }

    fn to_ret(self) -> Self::Ret {
        match self.0 {
            Ok(value) => value.to_ret(),
            Err(Refusal::Ours(report)) => raise(report),
            // SAFETY: as in `raise`: nothing is left to drop between here and the server's handler.
            Err(Refusal::Servers(raised)) => unsafe { raised.raise_again() },
        }
    }

    unsafe fn box_ret_in_fcinfo(fcinfo: pg_sys::FunctionCallInfo, ret: Self::Ret) -> pg_sys::Datum {
        // SAFETY: as the trait demands of our caller.
        unsafe { T::box_ret_in_fcinfo(fcinfo, ret) }
    }

    unsafe fn box_ret_in<'fcx>(fcinfo: &mut FcInfo<'fcx>, ret: Self::Ret) -> Datum<'fcx> {
        // SAFETY: as the trait demands of our caller.
        unsafe { T::box_ret_in(fcinfo, ret) }
    }

    unsafe fn fill_fcinfo_fcx(&self, fcinfo: pg_sys::FunctionCallInfo) {
        if let Ok(value) = &self.0 {
            // SAFETY: as the trait demands of our caller.
            unsafe { value.fill_fcinfo_fcx(fcinfo) }
        }
    }

    unsafe fn move_into_fcinfo_fcx(self, fcinfo: pg_sys::FunctionCallInfo) {
        if let Ok(value) = self.0 {
            // SAFETY: as the trait demands of our caller.
            unsafe { value.move_into_fcinfo_fcx(fcinfo) }
        }
    }

    unsafe fn ret_from_fcinfo_fcx(fcinfo: pg_sys::FunctionCallInfo) -> Self::Ret {
        // SAFETY: as the trait demands of our caller.
        unsafe { T::ret_from_fcinfo_fcx(fcinfo) }
    }

    unsafe fn finish_call_fcinfo(fcinfo: pg_sys::FunctionCallInfo) {
        // SAFETY: as the trait demands of our caller.
        unsafe { T::finish_call_fcinfo(fcinfo) }
    }
}

// SAFETY: in SQL a Reply is the type that it carries.
unsafe impl<T: SqlTranslatable> SqlTranslatable for Reply<T> {
    const TYPE_IDENT: &'static str = T::TYPE_IDENT;
    // External: sets, which pgrx knows only as a direct return type, are declared by hand.
    const TYPE_ORIGIN: TypeOrigin = TypeOrigin::External;
    const ARGUMENT_SQL: Result<SqlMappingRef, ArgumentError> = T::ARGUMENT_SQL;
    const RETURN_SQL: Result<ReturnsRef, ReturnsError> = T::RETURN_SQL;
}
