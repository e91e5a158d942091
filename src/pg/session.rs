//! What the backend knows: the effective role, its rights, request settings, relations, the clock.

use super::invalidation;
use super::raised;
use pgrx::FromDatum;
use pgrx::datum::datetime_support::ToIsoString;
use pgrx::pg_sys;
use std::cell::Cell;
use std::ffi::{CStr, CString};
use std::sync::OnceLock;

// As they are: they raise nothing, and pgrx would prepare for that at each of many calls.
unsafe extern "C-unwind" {
    fn GetUserId() -> pg_sys::Oid;
}

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn get_relname_relid(name: *const std::ffi::c_char, namespace: pg_sys::Oid) -> pg_sys::Oid;
    fn SearchSysCache1(cache: std::ffi::c_int, key: pg_sys::Datum) -> pg_sys::HeapTuple;
    fn ReleaseSysCache(tuple: pg_sys::HeapTuple);
}

/// The effective role (`current_user`).
pub fn current_role() -> pg_sys::Oid {
    // SAFETY: reads a variable of the backend.
    unsafe { GetUserId() }
}

/// Whether `role` has the rights of `other`: it is the same, a superuser, or a member that inherits.
pub fn has_privileges_of(role: pg_sys::Oid, other: pg_sys::Oid) -> bool {
    // SAFETY: both are OIDs; unknown ones answer false.
    unsafe { pg_sys::has_privs_of_role(role, other) }
}

/// Whether the role is a superuser.
pub fn is_superuser(role: pg_sys::Oid) -> bool {
    // SAFETY: reads the catalogue cache.
    unsafe { pg_sys::superuser_arg(role) }
}

/// The OID of a role, if there is one of this name.
pub fn role(name: &CStr) -> Option<pg_sys::Oid> {
    // SAFETY: reads the catalogue cache; `missing_ok` is true.
    let oid = unsafe { pg_sys::get_role_oid(name.as_ptr(), true) };
    (oid != pg_sys::InvalidOid).then_some(oid)
}

/// The OID of `public.<name>` where the current role is its owner: one of the application that only has the name is not ours.
pub fn own_public_relation(name: &CStr) -> Option<pg_sys::Oid> {
    public_relation(name).filter(|(_, owner)| *owner == current_role()).map(|(oid, _)| oid)
}

thread_local! {
    /// The OID of schema `public`, and the definitions that stood then.
    static PUBLIC: Cell<Option<(u64, pg_sys::Oid)>> = const { Cell::new(None) };
}

/// The OID of schema `public`; none when it is gone.
pub fn public_namespace() -> pg_sys::Oid {
    let definitions = invalidation::definitions();
    if let Some((_, oid)) = PUBLIC.get().filter(|(of, _)| *of == definitions) {
        return oid;
    }
    // SAFETY: reads the catalogue cache; `missing_ok` is true.
    let oid = unsafe { pg_sys::get_namespace_oid(c"public".as_ptr(), true) };
    PUBLIC.set(Some((definitions, oid)));
    oid
}

/// The OID and the owner of `public.<name>`, read from the catalogue cache; `None` when there is no such relation.
pub fn public_relation(name: &CStr) -> Option<(pg_sys::Oid, pg_sys::Oid)> {
    let namespace = public_namespace();
    // SAFETY: cache look-ups by name; the tuple is released after its fixed-length part was read.
    unsafe {
        raised::call(|| {
            let oid = get_relname_relid(name.as_ptr(), namespace);
            let cache = pg_sys::SysCacheIdentifier::RELOID as std::ffi::c_int;
            let tuple =
                if oid == pg_sys::InvalidOid { std::ptr::null_mut() } else { SearchSysCache1(cache, oid.into()) };
            if tuple.is_null() {
                return None;
            }
            let header = (*tuple).t_data;
            let class = header.cast::<u8>().add(usize::from((*header).t_hoff)).cast::<pg_sys::FormData_pg_class>();
            let owner = (*class).relowner;
            ReleaseSysCache(tuple);
            Some((oid, owner))
        })
    }
}

/// Locks `public.<name>` as a reader of it does, and returns its OID; `None` when there is none.
///
/// Then the backend hears of what others did to the table, also where the transaction held the lock before, which some
/// changes do not wait for (a disabled trigger, a child); so the name is looked up again until the table that was locked
/// is the one of that name.
pub fn lock_for_reading(name: &CStr) -> Option<pg_sys::Oid> {
    let (mut found, _) = public_relation(name)?;
    loop {
        // SAFETY: a lock on whatever has the OID; it is released with the transaction.
        unsafe {
            pg_sys::LockRelationOid(found, pg_sys::AccessShareLock as pg_sys::LOCKMODE);
            pg_sys::AcceptInvalidationMessages();
        }
        let (again, _) = public_relation(name)?;
        if again == found {
            return Some(found);
        }
        found = again;
    }
}

/// The running transaction, if it has written anything.
pub fn writing_transaction() -> Option<pg_sys::TransactionId> {
    // SAFETY: reads the transaction's state.
    let transaction = unsafe { pg_sys::GetTopTransactionIdIfAny() };
    (transaction != pg_sys::InvalidTransactionId).then_some(transaction)
}

/// The running transaction and the running part of it (of a savepoint), which both count as writing from now on.
pub fn writing_parts() -> (pg_sys::TransactionId, pg_sys::TransactionId) {
    // SAFETY: assigns identifiers where there are none yet.
    unsafe { (pg_sys::GetTopTransactionId(), pg_sys::GetCurrentTransactionId()) }
}

/// A number of this backend's own among those that run.
pub fn backend_number() -> usize {
    // SAFETY: reads a variable of the backend.
    usize::try_from(unsafe { pg_sys::MyProcPid }).unwrap_or_default()
}

/// The first transaction that has not begun yet.
pub fn next_transaction() -> pg_sys::TransactionId {
    // SAFETY: reads a counter of the server under its lock.
    let next = unsafe { pg_sys::ReadNextFullTransactionId() };
    // The lower half; the upper one counts how often it began anew.
    pg_sys::TransactionId::from((next.value & u64::from(u32::MAX)) as u32)
}

/// Whether every transaction before `horizon` had ended when the snapshot of the running query was taken.
///
/// Identifiers are compared as the server does, as a circle of which one half is the past: of a horizon that is further away
/// than that the answer is false.
pub fn snapshot_is_past(horizon: pg_sys::TransactionId) -> bool {
    // SAFETY: a function runs under a snapshot; it stays active while this one looks at it.
    let oldest = unsafe {
        let snapshot = pg_sys::GetActiveSnapshot();
        if snapshot.is_null() {
            return false;
        }
        (*snapshot).xmin
    };
    oldest.into_inner().wrapping_sub(horizon.into_inner()).cast_signed() >= 0
}

/// Whether every statement of the transaction sees the same rows (REPEATABLE READ and SERIALIZABLE).
pub fn has_one_snapshot() -> bool {
    // SAFETY: reads a variable of the backend.
    unsafe { pg_sys::XactIsoLevel >= pg_sys::XACT_REPEATABLE_READ as std::ffi::c_int }
}

/// The session's `lock_timeout` in milliseconds; `None` when it waits for ever.
pub fn lock_timeout_ms() -> Option<i32> {
    // SAFETY: reads a variable of the backend.
    let timeout = unsafe { pg_sys::LockTimeout };
    (timeout > 0).then_some(timeout)
}

/// Whether texts of this database are UTF-8, which the server then guarantees. A backend never changes its database.
pub fn database_is_utf8() -> bool {
    static IS_UTF8: OnceLock<bool> = OnceLock::new();
    // SAFETY: reads a variable of the backend.
    *IS_UTF8.get_or_init(|| unsafe { pg_sys::GetDatabaseEncoding() } == pg_sys::pg_enc::PG_UTF8 as std::ffi::c_int)
}

/// The text of a setting; `None` when nobody ever set it in this session.
pub fn setting(name: &CStr) -> Option<String> {
    // SAFETY: with `missing_ok` an unknown name gives NULL; the value is copied at once.
    unsafe {
        let value = pg_sys::GetConfigOption(name.as_ptr(), true, false);
        (!value.is_null()).then(|| CStr::from_ptr(value).to_string_lossy().into_owned())
    }
}

/// The wall clock (`clock_timestamp()`), in microseconds since 2000-01-01 UTC.
pub fn clock() -> pg_sys::TimestampTz {
    // SAFETY: reads the clock.
    unsafe { pg_sys::GetCurrentTimestamp() }
}

/// When the transaction began (`now()`).
pub fn transaction_start() -> pg_sys::TimestampTz {
    // SAFETY: reads the transaction's state.
    unsafe { pg_sys::GetCurrentTransactionStartTimestamp() }
}

/// The instant as SQL's `to_jsonb(timestamptz)` writes it, in UTC whatever the session's TimeZone is.
pub fn iso_8601(instant: pg_sys::TimestampTz) -> Option<String> {
    let instant = pgrx::datum::TimestampWithTimeZone::try_from(instant).ok()?;
    instant.to_iso_string_with_timezone("UTC").ok()
}

/// 25006 where the transaction or the server is for reading only, in the name of a function.
pub fn require_writable(function: &CStr) {
    // SAFETY: both read the state of the transaction, which on a standby is for reading only, and the callee raises.
    unsafe {
        if pg_sys::XactReadOnly {
            pg_sys::PreventCommandIfReadOnly(function.as_ptr());
        }
    }
}

/// Bytes of randomness that are fetched at once: a call of the kernel for each uuid took as long as to look up a row.
const RANDOM_BYTES: usize = 256;

thread_local! {
    /// Randomness, and how much of it was given out.
    static RANDOM: Cell<([u8; RANDOM_BYTES], usize)> = const { Cell::new(([0; RANDOM_BYTES], RANDOM_BYTES)) };
}

/// A new random uuid (version 4), as `gen_random_uuid()` makes it, of the same source. No byte is given out twice.
pub fn random_uuid() -> pgrx::Uuid {
    let (mut bytes, mut given) = RANDOM.get();
    if given >= RANDOM_BYTES {
        // SAFETY: the function fills as many bytes as the array has.
        if !unsafe { pg_sys::pg_strong_random(bytes.as_mut_ptr().cast(), RANDOM_BYTES) } {
            return random_uuid_of_server();
        }
        given = 0;
    }
    let mut uuid = [0; 16];
    for (to, from) in uuid.iter_mut().zip(bytes.iter_mut().skip(given)) {
        *to = std::mem::take(from);
    }
    RANDOM.set((bytes, given + uuid.len()));
    pgrx::Uuid::from_bytes(uuid::Builder::from_random_bytes(uuid).into_uuid().into_bytes())
}

/// Raises an error when there is no randomness.
fn random_uuid_of_server() -> pgrx::Uuid {
    // SAFETY: the function takes no argument and returns a uuid.
    let made = unsafe {
        pgrx::direct_function_call_as_datum(pg_sys::gen_random_uuid, &[])
            .and_then(|datum| pgrx::Uuid::from_datum(datum, false))
    };
    made.unwrap_or_else(|| unreachable!("gen_random_uuid() returns a uuid or raises"))
}

/// Lets a cancel or a shutdown stop a long loop.
pub fn check_for_interrupts() {
    pgrx::check_for_interrupts!();
}

/// A C string for a name of ours; a NUL byte ends it.
pub fn c_string(text: &str) -> CString {
    CString::new(text.split('\0').next().unwrap_or_default()).unwrap_or_default()
}

/// The name of a role, or its OID when it is gone.
pub fn role_name(role: pg_sys::Oid) -> String {
    // SAFETY: with `noerr` an unknown role gives NULL; the name is copied at once.
    unsafe {
        let name = pg_sys::GetUserNameFromId(role, true);
        if name.is_null() { role.to_u32().to_string() } else { CStr::from_ptr(name).to_string_lossy().into_owned() }
    }
}
