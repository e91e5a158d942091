//! Acting as the owner of our tables, much as foreign-key checks do.
//!
//! No function of the extension is SECURITY DEFINER. What the caller may not do is done as the one role that owns
//! the tables, in a security-restricted operation and with a pinned `search_path`; so whatever that owner planted
//! (a trigger, a view) runs with the owner's rights, and nothing of the caller's is found by name.
//!
//! Quota calls find everything by number, and to set the path and to put it back takes the server as long as to read three rows
//! by their keys. So for them it is pinned when the first thing comes that may look names up, see [`act_as_by_number`].

use super::raised;
use pgrx::pg_sys;
use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int};

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn GetUserIdAndSecContext(role: *mut pg_sys::Oid, context: *mut c_int);
    fn SetUserIdAndSecContext(role: pg_sys::Oid, context: c_int);
    fn NewGUCNestLevel() -> c_int;
    fn AtEOXact_GUC(is_commit: bool, nest_level: c_int);
    fn set_config_option(
        name: *const c_char,
        value: *const c_char,
        context: pg_sys::GucContext::Type,
        source: pg_sys::GucSource::Type,
        action: pg_sys::GucAction::Type,
        change: bool,
        level: c_int,
        reload: bool,
    ) -> c_int;
}

/// The path that holds while the owner acts. The caller's temporary schema comes last and is never searched first.
const PINNED_PATH: &CStr = c"pg_catalog, public, extensions, pg_temp";

const SECURITY_FLAGS: u32 =
    pg_sys::SECURITY_LOCAL_USERID_CHANGE | pg_sys::SECURITY_RESTRICTED_OPERATION | pg_sys::SECURITY_NOFORCE_RLS;

/// Whose path names are looked up by.
#[derive(Clone, Copy)]
enum Path {
    /// The caller's: nobody acts as the owner.
    Callers,
    /// The caller's until a name is looked up, then the pinned one.
    Due,
    /// The pinned one, until this nest level of settings ends.
    Pinned(c_int),
}

thread_local! {
    static PATH: Cell<Path> = const { Cell::new(Path::Callers) };
}

/// Puts the path's state back when it goes, also when an error goes by.
struct PathBefore(Path);

impl Drop for PathBefore {
    fn drop(&mut self) {
        PATH.set(self.0);
    }
}

/// Runs `work` as `owner` and returns to the caller's role and settings.
///
/// An error of the server inside leaves by a panic and skips the return: the (sub)transaction that it aborts then
/// restores role, security context and settings, as it does for every function of the server.
pub fn act_as<R>(owner: pg_sys::Oid, work: impl FnOnce() -> R) -> R {
    act_as_by_number(owner, || {
        pin_path();
        work()
    })
}

/// As [`act_as`], for work that reads and writes rows by `pg::keyed` and `pg::written`, and else by statements: what runs a
/// statement pins the path first, and so does what is about to call a function that may look names up. Other work,
/// such as to evaluate an expression of the catalogue, has to be done by [`act_as`].
pub fn act_as_by_number<R>(owner: pg_sys::Oid, work: impl FnOnce() -> R) -> R {
    let mut caller = pg_sys::InvalidOid;
    let mut context: c_int = 0;
    let flags = c_int::try_from(SECURITY_FLAGS).unwrap_or_default();
    // SAFETY: plain reads and writes of the backend's state on its only thread; `owner` is the OID of a role that
    // owns a relation, so it exists. The order is fmgr_security_definer's.
    unsafe {
        let (caller, context) = (&raw mut caller, &raw mut context);
        raised::call(|| {
            GetUserIdAndSecContext(caller, context);
            SetUserIdAndSecContext(owner, *context | flags);
        });
    }
    // Due even where it is pinned already: what runs in between may have set another.
    let before = PathBefore(PATH.replace(Path::Due));
    let result = work();
    let path = PATH.get();
    drop(before);
    // SAFETY: the pair of the calls above; the nest level is the one opened by `pin_path`, and none is open beyond it.
    unsafe {
        raised::call(|| {
            if let Path::Pinned(nest_level) = path {
                AtEOXact_GUC(true, nest_level);
            }
            SetUserIdAndSecContext(caller, context);
        });
    }
    result
}

/// Pins the path if the owner acts and it was not done yet. To be called before anything looks names up, or may call a function
/// that does.
pub(super) fn pin_path() {
    if matches!(PATH.get(), Path::Due) {
        // SAFETY: `act_as_by_number`, which is under way, ends the level.
        let nest_level = unsafe {
            raised::call(|| {
                let nest_level = NewGUCNestLevel();
                pin(c"search_path", PINNED_PATH);
                nest_level
            })
        };
        PATH.set(Path::Pinned(nest_level));
    }
}

/// Runs `work`, at whose end the server puts settings back as they were before it: a path that was pinned in it is due again.
pub(super) fn keeping_path<R>(work: impl FnOnce() -> R) -> R {
    let _before = PathBefore(PATH.get());
    work()
}

/// Settings that decide how the catalogue is read and written as SQL: with them names come out in full, quoted only
/// where they must be, a backslash in a literal is a backslash, and values are read back as they were, whatever the session set.
pub const PLAIN_SQL: [(&CStr, &CStr); 6] = [
    (c"search_path", c"pg_catalog, pg_temp"),
    (c"quote_all_identifiers", c"off"),
    (c"standard_conforming_strings", c"on"),
    (c"IntervalStyle", c"postgres"),
    (c"DateStyle", c"ISO"),
    (c"extra_float_digits", c"1"),
];

/// Runs `work` with settings changed, and puts them back. The caller's role stays.
pub fn with_settings<R>(settings: &[(&CStr, &CStr)], work: impl FnOnce() -> R) -> R {
    // Not later, over a path that is among the settings.
    pin_path();
    // SAFETY: the level is ended below.
    let nest_level = unsafe {
        raised::call(|| {
            let nest_level = NewGUCNestLevel();
            for (name, value) in settings {
                pin(name, value);
            }
            nest_level
        })
    };
    let result = work();
    // SAFETY: the nest level is the one opened above.
    unsafe { raised::call(|| AtEOXact_GUC(true, nest_level)) };
    result
}

/// Sets a setting until the nest level ends.
///
/// # Safety
/// A GUC nest level of ours is open. Called by `raised::call`.
unsafe fn pin(name: &CStr, value: &CStr) {
    // SAFETY: the strings are NUL-terminated and are copied by the callee.
    unsafe {
        set_config_option(
            name.as_ptr(),
            value.as_ptr(),
            pg_sys::GucContext::PGC_USERSET,
            pg_sys::GucSource::PGC_S_SESSION,
            pg_sys::GucAction::GUC_ACTION_SAVE,
            true,
            0,
            false,
        );
    }
}
