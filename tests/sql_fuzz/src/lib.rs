//! Calls with arguments that nobody means well, and some that somebody does.
//!
//! The server is the one of PGHOST and PGPORT, the databases are fuzz_calls and fuzz_memory:
//! `tests/sql_fuzz/run` makes them. Values are
//! SQL expressions, so that a call that fails can be pasted into psql.

pub mod allowed;
pub mod documents;
pub mod functions;
pub mod transaction;
pub mod values;

use postgres::{Client, Config, NoTls};
use std::env;
use std::time::Duration;

/// A number from the environment, else the given one.
pub fn setting(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// A connection as a login role.
pub fn login(database: &str, user: &str) -> Client {
    let text = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is set by tests/sql_fuzz/run"));
    Config::new()
        .host(&text("PGHOST"))
        .port(text("PGPORT").parse().expect("PGPORT is a number"))
        .user(user)
        .dbname(database)
        .application_name("model_access_sql_fuzz")
        .connect_timeout(Duration::from_secs(10))
        .connect(NoTls)
        .expect("the test server is up")
}
