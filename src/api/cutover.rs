//! From an application's own functions and its older catalogue to ours, and back.

use super::install::{Actions, actions};
use crate::pg::Reply;
use crate::store::{cutover, old_catalogue};
use pgrx::prelude::*;

/// Puts wrappers in the place of the application's own functions of the same names; `cut_back()` is the way back.
///
/// One row per function of the application: replaced, or left alone and why. Errors: 42501 without the rights of the tables'
/// owner. Source: docs/design.md, "Code and data".
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.cut_over()
RETURNS TABLE (module text, object text, action text)
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn cut_over() -> Reply<Actions> {
    Reply::of(|| cutover::forth().map(actions))
}

/// Brings back the functions that `cut_over()` replaced.
///
/// Errors: 42501 without the rights of the tables' owner, 55000 when others can write what would be run.
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.cut_back()
RETURNS TABLE (module text, object text, action text)
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn cut_back() -> Reply<Actions> {
    Reply::of(|| cutover::all_back().map(actions))
}

/// Renames a `model_access` of the shape before the migration to `model_access_backup` and closes it.
///
/// Errors: 55000 when such a table is there already, or the database is not ready.
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.set_old_catalogue_aside()
RETURNS TABLE (module text, object text, action text)
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn set_old_catalogue_aside() -> Reply<Actions> {
    Reply::of(|| old_catalogue::set_aside().map(actions))
}

/// Brings back the catalogue that `set_old_catalogue_aside()` renamed.
///
/// Errors: 55000 while another `model_access` is there.
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.bring_old_catalogue_back()
RETURNS TABLE (module text, object text, action text)
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn bring_old_catalogue_back() -> Reply<Actions> {
    Reply::of(|| old_catalogue::bring_back().map(actions))
}
