//! What the files of `sql/schema` call while `install()` or psql runs them.

use crate::error::Error;
use crate::pg::Reply;
use crate::store::{adoption, wrapper};
use pgrx::prelude::*;

/// Notes whether a table of ours stands before the schema files touch it: made, adopted, or known from before.
///
/// Errors: 22023 for a table that is none of ours.
#[pg_extern(volatile, parallel_unsafe)]
fn note_table(p_table: &str) -> Reply<&'static str> {
    Reply::of(|| adoption::note_table(p_table).map(adoption::Noted::word))
}

/// Takes `profiles.allowed_models` away with a closed backup, where it stands; whether it did.
#[pg_extern(volatile, parallel_unsafe)]
fn set_aside_allowed_models() -> Reply<bool> {
    Reply::of(|| Ok::<_, Error>(adoption::set_aside_allowed_models()))
}

/// Makes `public.<p_function>` around a function of the extension: created, kept, or left alone.
///
/// Errors: 42883 for a function that the extension does not have.
#[pg_extern(volatile, parallel_unsafe)]
fn make_wrapper(p_function: &str) -> Reply<&'static str> {
    Reply::of(|| wrapper::make(p_function).map(wrapper::Made::word))
}
