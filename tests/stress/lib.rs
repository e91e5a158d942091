//! Clients for tests with many real connections.
//!
//! The server is the one of PGHOST, PGPORT and PGDATABASE: a database with the extension installed and the test
//! people in it. `tests/stress/run` makes it.

use postgres::{Client, Config, NoTls};
use serde_json::Value;
use std::env;
use std::sync::{Arc, Barrier};
use std::thread;

/// A connection as the tables' owner.
pub fn connect() -> Client {
    let setting = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is set by tests/stress/run"));
    Config::new()
        .host(&setting("PGHOST"))
        .port(setting("PGPORT").parse().expect("PGPORT is a number"))
        .user(&setting("PGUSER"))
        .dbname(&setting("PGDATABASE"))
        .application_name("model_access_stress")
        .connect(NoTls)
        .expect("the test server is up")
}

/// Runs `work` in `count` clients that start at the same instant: all are connected before any begins.
pub fn at_once<R, F>(count: usize, work: F) -> Vec<R>
where
    R: Send + 'static,
    F: Fn(usize, &mut Client) -> R + Send + Sync + 'static,
{
    let work = Arc::new(work);
    let barrier = Arc::new(Barrier::new(count));
    let threads: Vec<_> = (0..count)
        .map(|number| {
            let (work, barrier) = (Arc::clone(&work), Arc::clone(&barrier));
            thread::spawn(move || {
                let mut client = connect();
                barrier.wait();
                work(number, &mut client)
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("a client failed")).collect()
}

/// A small generator with a seed, so that a run can be repeated.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides` (xorshift).
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// One number from a query.
pub fn number(client: &mut Client, query: &str) -> i64 {
    client.query_one(query, &[]).expect(query).get(0)
}

/// What a sync function answers to a feed that SQL makes.
pub fn sync(client: &mut Client, function: &str, feed: &str) -> Value {
    let query = format!("SELECT public.{function}({feed})::text");
    let answer: String = client.query_one(&query, &[]).expect(&query).get(0);
    serde_json::from_str(&answer).expect("an answer is JSON")
}
