//! Reading and writing a table in its owner's name, for callers who have the owner's rights.
//!
//! A superuser who calls lends nothing to what the owner planted on the table; and whoever may call the function, but has
//! not the owner's rights, gets nothing done in his name.

use crate::error::Error;
use crate::pg::owner::{self, PLAIN_SQL, with_settings};
use crate::pg::session;
use std::ffi::CStr;

/// Runs `work` as the owner of `public.<table>`; `None` where it does not stand. 42501 unless the caller has his rights.
pub fn of<R>(table: &CStr, work: impl FnOnce() -> R) -> Result<Option<R>, Error> {
    let Some((_, owner)) = session::public_relation(table) else {
        return Ok(None);
    };
    if !session::has_privileges_of(session::current_role(), owner) {
        return Err(Error::NotTheOwner(table.to_string_lossy().into_owned(), session::role_name(owner)));
    }
    Ok(Some(owner::act_as(owner, || with_settings(&PLAIN_SQL, work))))
}
