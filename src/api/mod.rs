//! The SQL face: each function checks its caller and arguments, calls, converts.

mod admin;
mod caller;
mod entitlement;
mod install;
mod sync;
mod trigger;
