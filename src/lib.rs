//! `model_access`: which model a user may call now, what it costs, and who used what, inside PostgreSQL.
//!
//! Floors, imports go down only: `api` (SQL face) → `store` (SQL statements) → `pg` (PostgreSQL's internals) and `http` (fetching);
//! the rules are in the crate `model_access_domain`, which knows none of them.

#![deny(unsafe_code)]

pgrx::pg_module_magic!(name, version);

mod agent_error;
mod api;
mod error;
mod http;
mod pg;
mod store;

pgrx::extension_sql_file!("../sql/types.sql", name = "types", bootstrap);
pgrx::extension_sql_file!("../sql/finalize.sql", name = "finalize", finalize);
