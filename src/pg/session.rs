//! What the backend knows: the effective role, its rights, request settings, relations, the clock.

use pgrx::pg_sys;
use pgrx::{FromDatum, IntoDatum};
use std::ffi::{CStr, CString};

/// The effective role (`current_user`).
pub fn current_role() -> pg_sys::Oid {
    // SAFETY: reads a variable of the backend.
    unsafe { pg_sys::GetUserId() }
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

/// The OID and the owner of `public.<name>`, read from the catalogue cache.
pub fn public_relation(name: &CStr) -> Option<(pg_sys::Oid, pg_sys::Oid)> {
    // SAFETY: cache look-ups by name; the tuple is released after its fixed-length part was read.
    unsafe {
        let namespace = pg_sys::get_namespace_oid(c"public".as_ptr(), true);
        let oid = pg_sys::get_relname_relid(name.as_ptr(), namespace);
        if oid == pg_sys::InvalidOid {
            return None;
        }
        let key = oid.into_datum()?;
        let tuple = pg_sys::SearchSysCache1(pg_sys::SysCacheIdentifier::RELOID as _, key);
        if tuple.is_null() {
            return None;
        }
        let header = (*tuple).t_data;
        let class = header.cast::<u8>().add(usize::from((*header).t_hoff)).cast::<pg_sys::FormData_pg_class>();
        let owner = (*class).relowner;
        pg_sys::ReleaseSysCache(tuple);
        Some((oid, owner))
    }
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

/// A new random uuid (version 4), as `gen_random_uuid()` makes it.
pub fn random_uuid() -> Option<pgrx::Uuid> {
    // SAFETY: the function takes no argument and returns a uuid.
    unsafe {
        let datum = pgrx::direct_function_call_as_datum(pg_sys::gen_random_uuid, &[])?;
        pgrx::Uuid::from_datum(datum, false)
    }
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
