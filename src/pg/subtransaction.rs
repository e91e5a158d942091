//! Work that may fail without failing the transaction around it.

use super::owner;
use super::raised::{Raised, unpacked};
use pgrx::pg_sys;
use pgrx::pg_sys::panic::{CaughtError, ErrorReportWithLevel};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Errors that no part of a transaction can answer for.
const RAISED_AGAIN: [&str; 8] = ["57014", "57P01", "57P02", "57P03", "57P05", "53200", "40001", "40P01"];

/// Why the work was rolled back.
pub enum Failure<E> {
    /// The work itself gave up.
    Refused(E),
    /// The server, or a bug of ours, raised an error.
    Raised(Caught),
}

/// An error that was raised inside and rolled back.
pub struct Caught(Box<dyn Any + Send>);

/// Runs `work` in a subtransaction: kept when it returns `Ok`, rolled back otherwise.
pub fn run<R, E>(work: impl FnOnce() -> Result<R, E>) -> Result<R, Failure<E>> {
    owner::keeping_path(|| run_inside(work))
}

fn run_inside<R, E>(work: impl FnOnce() -> Result<R, E>) -> Result<R, Failure<E>> {
    // SAFETY: the protocol of PL/pgSQL's exception block: begin, then release or roll back, each time returning to
    // the memory context and the resource owner of before.
    let (context, resources) = unsafe {
        let saved = (pg_sys::CurrentMemoryContext, pg_sys::CurrentResourceOwner);
        pg_sys::BeginInternalSubTransaction(std::ptr::null());
        pg_sys::MemoryContextSwitchTo(saved.0);
        saved
    };
    let outcome = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(Failure::Refused),
        Err(payload) => Err(Failure::Raised(Caught(payload))),
    };
    // SAFETY: see above; the error state was flushed where the error became a panic.
    unsafe {
        if outcome.is_ok() {
            pg_sys::ReleaseCurrentSubTransaction();
        } else {
            pg_sys::RollbackAndReleaseCurrentSubTransaction();
        }
        pg_sys::MemoryContextSwitchTo(context);
        pg_sys::CurrentResourceOwner = resources;
    }
    outcome
}

impl Caught {
    /// The error's SQLSTATE.
    pub fn sqlstate(&self) -> String {
        match (self.raised(), self.caught()) {
            (Some(raised), _) => raised.sqlstate(),
            (_, Some(report)) => unpacked(report.sql_error_code() as i32),
            _ => "XX000".to_owned(),
        }
    }

    /// The error's message.
    pub fn message(&self) -> String {
        match (self.raised(), self.caught()) {
            (Some(raised), _) => raised.message(),
            (_, Some(report)) => report.message().to_owned(),
            _ => "internal error".to_owned(),
        }
    }

    /// Whether it is a Rust panic, which is a bug and never an answer.
    pub fn is_panic(&self) -> bool {
        self.raised().is_none() && self.caught().is_none()
    }

    /// Itself, unless it is the transaction's or the server's affair (cancel, shutdown, out of memory, serialization
    /// failure, deadlock) or a bug: those are raised again.
    pub fn or_raise_again(self) -> Self {
        if self.is_panic() || RAISED_AGAIN.contains(&self.sqlstate().as_str()) {
            self.raise_again();
        }
        self
    }

    /// Is done with it: nobody will hear of it.
    pub fn forget(self) {
        if let Ok(raised) = self.0.downcast::<Raised>() {
            raised.free();
        }
    }

    /// Raises it again, as it was.
    pub fn raise_again(self) -> ! {
        resume_unwind(self.0)
    }

    /// An error of a statement.
    fn raised(&self) -> Option<&Raised> {
        self.0.downcast_ref()
    }

    /// An error of another call into the server, as pgrx caught it.
    fn caught(&self) -> Option<&ErrorReportWithLevel> {
        match self.0.downcast_ref() {
            Some(CaughtError::PostgresError(report) | CaughtError::ErrorReport(report)) => Some(report),
            Some(CaughtError::RustPanic { .. }) => None,
            // As `ereport!` of pgrx raises it, before anybody caught it.
            None => self.0.downcast_ref(),
        }
    }
}
