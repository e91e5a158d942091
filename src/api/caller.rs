//! Who calls, and for whom.

use crate::error::Error;
use crate::pg::session;
use crate::store::admin;
use crate::store::installation::Installation;
use model_access_domain::caller::{self, CallerError};
use pgrx::Uuid;

fn claims() -> Option<String> {
    session::setting(c"request.jwt.claims")
}

/// The user whom a function with a `user_uuid` argument serves; 42501 for another one.
pub fn user_served(installation: &Installation, requested: Option<Uuid>) -> Result<Uuid, Error> {
    let privileged = installation.is_privileged(session::current_role());
    let requested = requested.map(|user| uuid::Uuid::from_bytes(*user.as_bytes()));
    let user = caller::user_served(requested, claims().as_deref(), privileged)?;
    Ok(Uuid::from_bytes(user.into_bytes()))
}

/// As [`user_served`], where catalogue admins may name anybody too.
pub fn user_served_by_admins(installation: &Installation, requested: Option<Uuid>) -> Result<Uuid, Error> {
    match user_served(installation, requested) {
        Err(Error::Caller(CallerError::NotYourself)) if is_admin(installation)? => {
            requested.ok_or(Error::Caller(CallerError::NoSubject))
        }
        served => served,
    }
}

/// 42501 unless the caller is privileged.
pub fn require_privileged(installation: &Installation) -> Result<(), Error> {
    if installation.is_privileged(session::current_role()) { Ok(()) } else { Err(Error::NotPrivileged) }
}

/// Whether the signed-in user administers the catalogue; false when nobody is signed in.
pub fn is_admin(installation: &Installation) -> Result<bool, Error> {
    Ok(signed_in()?.is_some_and(|user| admin::is_admin(installation, user)))
}

/// 42501 unless the caller is privileged or administers the catalogue.
pub fn require_admin(installation: &Installation) -> Result<(), Error> {
    if installation.is_privileged(session::current_role()) || is_admin(installation)? {
        return Ok(());
    }
    Err(Error::NotAdmin)
}

/// The signed-in user; `None` without one.
pub fn signed_in() -> Result<Option<Uuid>, Error> {
    Ok(caller::subject(claims().as_deref())?.map(|user| Uuid::from_bytes(user.into_bytes())))
}
