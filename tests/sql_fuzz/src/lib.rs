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
use std::time::{Duration, Instant};
use std::{env, thread};

/// Longer than a server needs to start again.
const RECOVERY: Duration = Duration::from_secs(30);

/// A number from the environment, else the given one.
pub fn setting(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// A connection as a login role. A server that crashed is waited for.
pub fn login(database: &str, user: &str) -> Client {
    let text = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is set by tests/sql_fuzz/run"));
    let mut config = Config::new();
    config
        .host(&text("PGHOST"))
        .port(text("PGPORT").parse().expect("PGPORT is a number"))
        .user(user)
        .dbname(database)
        .application_name("model_access_sql_fuzz");
    let end = Instant::now() + RECOVERY;
    loop {
        match config.connect(NoTls) {
            Ok(client) => return client,
            Err(error) if Instant::now() > end => panic!("the test server is not up: {error}"),
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}
