//! The SQL face: each function checks its caller and arguments, calls, converts.

mod admin;
mod caller;
mod cutover;
mod entitlement;
mod install;
mod people;
mod schema_file;
mod sync;
mod trigger;
