//! PostgreSQL's internals behind safe functions: the only place with `unsafe`.
//!
//! Errors of the server travel as Rust panics (pgrx) and abort the statement; errors of ours are [`Report`]s.

#![allow(unsafe_code)]

pub mod advisory;
pub mod arrays;
pub mod background;
pub mod composite;
mod foreseen;
pub mod function;
pub mod invalidation;
pub mod json_text;
pub mod jsonb;
pub mod kept_rows;
mod key;
pub mod keyed;
pub mod memory;
pub mod owner;
mod places;
mod raised;
pub mod report;
mod routing;
mod row;
mod scan;
pub mod script;
mod seen;
pub mod session;
pub mod shape;
pub mod spi;
mod stored;
pub mod subtransaction;
pub mod trigger;
pub mod tuplestore;
pub mod varchar;
mod writer;
pub mod written;

#[cfg(feature = "pg_test")]
mod pg_tests;
#[cfg(feature = "pg_test")]
mod pg_tests_numbers;
#[cfg(feature = "pg_test")]
mod pg_tests_written;

pub use report::{Reply, Report};
