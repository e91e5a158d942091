//! SQL statements with plans that are made once per backend.
//!
//! ```ignore
//! statement!(TIER, "SELECT p.subscription_tier FROM public.profiles p WHERE p.id = $1");
//! let tiers = TIER.with(|tier| tier.rows(Snapshot::Callers, &[arg(user)], |row| row.get::<String>(1)));
//! ```

use super::owner;
use super::raised;
pub(super) use super::row::wrong_type;
pub use super::row::{Readable, Row};
use pgrx::IntoDatum;
use pgrx::pg_sys;
use std::cell::Cell;
use std::ffi::{CString, c_char, c_int, c_long};

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn SPI_execute(sql: *const c_char, read_only: bool, count: c_long) -> c_int;
    fn SPI_execute_plan(
        plan: pg_sys::SPIPlanPtr,
        values: *mut pg_sys::Datum,
        nulls: *const c_char,
        read_only: bool,
        count: c_long,
    ) -> c_int;
    fn SPI_execute_plan_extended(plan: pg_sys::SPIPlanPtr, options: *const pg_sys::SPIExecuteOptions) -> c_int;
    fn SPI_execute_snapshot(
        plan: pg_sys::SPIPlanPtr,
        values: *mut pg_sys::Datum,
        nulls: *const c_char,
        snapshot: pg_sys::Snapshot,
        crosscheck: pg_sys::Snapshot,
        read_only: bool,
        fire_triggers: bool,
        count: c_long,
    ) -> c_int;
}

/// Declares a statement whose plan is made at its first use in a backend and kept.
#[macro_export]
macro_rules! statement {
    ($name:ident, $sql:expr) => {
        thread_local! {
            static $name: $crate::pg::spi::Statement = const { $crate::pg::spi::Statement::new($sql) };
        }
    };
}

/// As [`statement!`], with one plan for all values: for statements that look up a few rows by their keys. The server would
/// plan those anew at every call, since a plan for the values at hand always looks a little cheaper.
#[macro_export]
macro_rules! lookup {
    ($name:ident, $sql:expr) => {
        thread_local! {
            static $name: $crate::pg::spi::Statement = const { $crate::pg::spi::Statement::lookup($sql) };
        }
    };
}

/// As [`statement!`], planned at every call for the values at hand: for reports, where a flag decides which index serves.
#[macro_export]
macro_rules! planned_anew {
    ($name:ident, $sql:expr) => {
        thread_local! {
            static $name: $crate::pg::spi::Statement = const { $crate::pg::spi::Statement::planned_anew($sql) };
        }
    };
}

/// As [`statement!`], which may also be planned for several workers: for long results, as a function in plpgsql returns them.
#[macro_export]
macro_rules! shared_work {
    ($name:ident, $sql:expr) => {
        thread_local! {
            static $name: $crate::pg::spi::Statement = const { $crate::pg::spi::Statement::shared_work($sql) };
        }
    };
}

/// Which rows a statement sees.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Snapshot {
    /// What the calling query sees; no change is possible. For STABLE functions.
    Callers,
    /// What is committed now, and this transaction's own changes; under REPEATABLE READ and SERIALIZABLE what the
    /// transaction sees. For VOLATILE functions.
    Latest,
    /// What is committed now, at every isolation level, and this transaction's own changes. For reading only.
    Fresh,
}

/// A bound parameter: a value and its type.
#[derive(Clone, Copy)]
pub struct Arg {
    datum: Option<pg_sys::Datum>,
    type_oid: pg_sys::Oid,
}

impl Arg {
    /// The value; `None` is NULL.
    pub(super) fn datum(&self) -> Option<pg_sys::Datum> {
        self.datum
    }

    /// The type.
    pub(super) fn type_oid(&self) -> pg_sys::Oid {
        self.type_oid
    }

    /// A parameter whose value is made elsewhere.
    pub(super) fn new(datum: Option<pg_sys::Datum>, type_oid: pg_sys::Oid) -> Self {
        Self { datum, type_oid }
    }
}

/// Binds a value; `Option` binds NULL.
pub fn arg<T: IntoDatum>(value: T) -> Arg {
    let type_oid = T::type_oid();
    Arg { datum: value.into_datum(), type_oid }
}

/// Binds an instant.
pub fn timestamp_arg(instant: pg_sys::TimestampTz) -> Arg {
    Arg { datum: instant.into_datum(), type_oid: pg_sys::TIMESTAMPTZOID }
}

/// Binds an instant, or NULL.
pub fn optional_timestamp_arg(instant: Option<pg_sys::TimestampTz>) -> Arg {
    Arg { datum: instant.and_then(IntoDatum::into_datum), type_oid: pg_sys::TIMESTAMPTZOID }
}

/// Binds an array of instants.
pub fn timestamps_arg(instants: Vec<pg_sys::TimestampTz>) -> Arg {
    Arg { datum: instants.into_datum(), type_oid: pg_sys::TIMESTAMPTZARRAYOID }
}

/// As [`timestamps_arg`]; `None` is NULL.
pub fn optional_timestamps_arg(instants: Vec<Option<pg_sys::TimestampTz>>) -> Arg {
    Arg { datum: instants.into_datum(), type_oid: pg_sys::TIMESTAMPTZARRAYOID }
}

/// A statement and its kept plan.
pub struct Statement {
    sql: &'static str,
    plan: Cell<pg_sys::SPIPlanPtr>,
    options: u32,
}

impl Statement {
    /// A statement that has not been planned.
    pub const fn new(sql: &'static str) -> Self {
        Self { sql, plan: Cell::new(std::ptr::null_mut()), options: 0 }
    }

    /// A statement whose plan does not depend on its values.
    pub const fn lookup(sql: &'static str) -> Self {
        Self { sql, plan: Cell::new(std::ptr::null_mut()), options: pg_sys::CURSOR_OPT_GENERIC_PLAN }
    }

    /// A statement that is planned for its values, however often it runs.
    pub const fn planned_anew(sql: &'static str) -> Self {
        Self { sql, plan: Cell::new(std::ptr::null_mut()), options: pg_sys::CURSOR_OPT_CUSTOM_PLAN }
    }

    /// A statement that workers may take part in.
    pub const fn shared_work(sql: &'static str) -> Self {
        Self { sql, plan: Cell::new(std::ptr::null_mut()), options: pg_sys::CURSOR_OPT_PARALLEL_OK }
    }

    /// Runs the statement and reads every row of its result.
    pub fn rows<T>(&self, snapshot: Snapshot, args: &[Arg], mut read: impl FnMut(&Row) -> T) -> Vec<T> {
        connected(|| {
            self.run(snapshot, args);
            // SAFETY: set by the statement that has just run; SPI_processed rows are in the table.
            let (table, count) = unsafe { (pg_sys::SPI_tuptable, pg_sys::SPI_processed) };
            let count = usize::try_from(count).unwrap_or_default();
            (0..count)
                .map(|index| {
                    // SAFETY: index is below the number of tuples.
                    let (tuple, descriptor) = unsafe { (*(*table).vals.add(index), (*table).tupdesc) };
                    read(&Row::of(tuple, descriptor))
                })
                .collect()
        })
    }

    /// Runs the statement and reads the first row, if any.
    pub fn first<T>(&self, snapshot: Snapshot, args: &[Arg], read: impl FnMut(&Row) -> T) -> Option<T> {
        self.rows(snapshot, args, read).into_iter().next()
    }

    /// Runs a statement that writes; returns the number of rows that it touched.
    pub fn execute(&self, args: &[Arg]) -> u64 {
        connected(|| {
            self.run(Snapshot::Latest, args);
            // SAFETY: set by the statement that has just run.
            unsafe { pg_sys::SPI_processed }
        })
    }

    /// Runs the statement with its rows going to `receiver` instead of memory of ours.
    ///
    /// # Safety
    /// `receiver` is a live DestReceiver.
    pub(super) unsafe fn send_to(&self, snapshot: Snapshot, args: &[Arg], receiver: *mut pg_sys::DestReceiver) {
        connected(|| {
            let plan = self.plan(args);
            let count = c_int::try_from(args.len()).unwrap_or_default();
            // SAFETY: the list has room for `count` parameters, each of which is set; the plan was made for them.
            unsafe {
                let list = pg_sys::makeParamList(count);
                let params = (*list).params.as_mut_ptr();
                for (index, arg) in args.iter().enumerate() {
                    let param = &mut *params.add(index);
                    param.value = arg.datum.unwrap_or(pg_sys::Datum::from(0));
                    param.isnull = arg.datum.is_none();
                    param.pflags = pg_sys::PARAM_FLAG_CONST as _;
                    param.ptype = arg.type_oid;
                }
                let options = pg_sys::SPIExecuteOptions {
                    params: list,
                    read_only: snapshot == Snapshot::Callers,
                    dest: receiver,
                    ..Default::default()
                };
                let options = &raw const options;
                checked(raised::call(|| SPI_execute_plan_extended(plan, options)), self.sql);
            }
        });
    }

    fn run(&self, snapshot: Snapshot, args: &[Arg]) {
        let plan = self.plan(args);
        let mut values: Vec<pg_sys::Datum> =
            args.iter().map(|arg| arg.datum.unwrap_or(pg_sys::Datum::from(0))).collect();
        let nulls: Vec<c_char> =
            args.iter().map(|arg| if arg.datum.is_some() { b' ' } else { b'n' } as c_char).collect();
        let (values_at, nulls_at) = (values.as_mut_ptr(), nulls.as_ptr());
        let read_only = snapshot == Snapshot::Callers;
        // SAFETY: values and nulls have one entry per parameter of the plan and outlive the call, which owns nothing.
        let code = unsafe {
            if snapshot == Snapshot::Fresh {
                run_fresh(plan, values_at, nulls_at)
            } else {
                raised::call(|| SPI_execute_plan(plan, values_at, nulls_at, read_only, 0))
            }
        };
        checked(code, self.sql);
    }

    /// The kept plan; made on first use, under the connection that is open.
    fn plan(&self, args: &[Arg]) -> pg_sys::SPIPlanPtr {
        if !self.plan.get().is_null() {
            return self.plan.get();
        }
        let sql = CString::new(self.sql).unwrap_or_default();
        let mut types: Vec<pg_sys::Oid> = args.iter().map(|arg| arg.type_oid).collect();
        let count = c_int::try_from(types.len()).unwrap_or_default();
        // SAFETY: the text is NUL-terminated and there is a type per parameter; a kept plan lives as long as the backend.
        let plan = unsafe {
            let options = c_int::try_from(self.options).unwrap_or_default();
            let plan = pg_sys::SPI_prepare_cursor(sql.as_ptr(), count, types.as_mut_ptr(), options);
            if plan.is_null() {
                checked(pg_sys::SPI_result, self.sql);
            }
            checked(pg_sys::SPI_keepplan(plan), self.sql);
            plan
        };
        self.plan.set(plan);
        plan
    }
}

/// Runs a plan under a snapshot that is taken now, as checks of foreign keys do.
///
/// # Safety
/// Values and nulls have one entry per parameter of the plan.
unsafe fn run_fresh(plan: pg_sys::SPIPlanPtr, values: *mut pg_sys::Datum, nulls: *const c_char) -> c_int {
    // SAFETY: as demanded. The snapshot stays registered while the plan runs; an error leaves it to the resource owner.
    unsafe {
        let snapshot = pg_sys::RegisterSnapshot(pg_sys::GetLatestSnapshot());
        let crosscheck = std::ptr::null_mut();
        let code = raised::call(|| SPI_execute_snapshot(plan, values, nulls, snapshot, crosscheck, true, false, 0));
        pg_sys::UnregisterSnapshot(snapshot);
        code
    }
}

/// Runs statements that are not kept, such as the files of `install()`.
pub fn execute_text(sql: &str) {
    let text = CString::new(sql).unwrap_or_default();
    connected(|| {
        let text_at = text.as_ptr();
        // SAFETY: the text is NUL-terminated and outlives the call, which owns nothing.
        checked(unsafe { raised::call(|| SPI_execute(text_at, false, 0)) }, sql);
    });
}

/// Runs `work` in an SPI connection of its own.
///
/// An error of the server inside leaves by a panic: the abort that follows closes the connection.
fn connected<R>(work: impl FnOnce() -> R) -> R {
    owner::pin_path();
    // SAFETY: connect and finish are paired on every path that does not abort the (sub)transaction.
    unsafe { pg_sys::SPI_connect() };
    let result = work();
    // SAFETY: see above.
    unsafe { pg_sys::SPI_finish() };
    result
}

/// SPI's own complaints (a transaction command, a wrong argument) are mistakes of ours.
fn checked(code: c_int, sql: &str) {
    if code < 0 {
        pgrx::ereport!(
            ERROR,
            pgrx::PgSqlErrorCode::ERRCODE_INTERNAL_ERROR,
            format!("SPI error {code}"),
            format!("The statement was: {sql}")
        );
    }
}
