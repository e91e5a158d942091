//! Work that may fail without failing the transaction around it.

use pgrx::PgTryBuilder;
use pgrx::pg_sys;
use pgrx::pg_sys::panic::CaughtError;
use std::panic::AssertUnwindSafe;

/// Why the work was rolled back.
pub enum Failure<E> {
    /// The work itself gave up.
    Refused(E),
    /// The server, or a bug of ours, raised an error.
    Raised(Caught),
}

/// An error that was raised inside and rolled back.
pub struct Caught(CaughtError);

/// Runs `work` in a subtransaction: kept when it returns `Ok`, rolled back otherwise.
pub fn run<R, E>(work: impl FnOnce() -> Result<R, E>) -> Result<R, Failure<E>> {
    // SAFETY: the protocol of PL/pgSQL's exception block: begin, then release or roll back, each time returning to
    // the memory context and the resource owner of before.
    let (context, resources) = unsafe {
        let saved = (pg_sys::CurrentMemoryContext, pg_sys::CurrentResourceOwner);
        pg_sys::BeginInternalSubTransaction(std::ptr::null());
        pg_sys::MemoryContextSwitchTo(saved.0);
        saved
    };
    let outcome = PgTryBuilder::new(AssertUnwindSafe(|| work().map_err(Failure::Refused)))
        .catch_others(|error| Err(Failure::Raised(Caught(error))))
        .execute();
    // SAFETY: see above; the error state was flushed when the error was caught.
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
        let code = self.report().sql_error_code() as u32;
        (0..5).map(|place| char::from(b'0' + u8::try_from((code >> (6 * place)) & 0x3F).unwrap_or_default())).collect()
    }

    /// The error's message.
    pub fn message(&self) -> &str {
        self.report().message()
    }

    /// Whether it is a Rust panic, which is a bug and never an answer.
    pub fn is_panic(&self) -> bool {
        matches!(self.0, CaughtError::RustPanic { .. })
    }

    /// Raises it again, as it was.
    pub fn raise_again(self) -> ! {
        self.0.rethrow()
    }

    fn report(&self) -> &pg_sys::panic::ErrorReportWithLevel {
        match &self.0 {
            CaughtError::PostgresError(report)
            | CaughtError::ErrorReport(report)
            | CaughtError::RustPanic { ereport: report, .. } => report,
        }
    }
}
