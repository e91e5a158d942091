//! A client that repeats a call, over lost connections and lost transactions, until its answer is definite.

use super::world::{World, connect, count, locked};
use model_access_stress::Dice;
use postgres::error::SqlState;
use postgres::{Client, Error, SimpleQueryMessage, SimpleQueryRow};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

/// A statement that takes longer has hung. Recovery after a crash is shorter.
const STATEMENT_TIMEOUT: &str = "20s";
/// So many conflicts in a higher isolation level are enough; then the call is made in READ COMMITTED.
const CONFLICTS: u32 = 3;

/// What becomes of a transaction before it is made for good.
#[derive(Clone, Copy, PartialEq)]
enum First {
    Nothing,
    RolledBack,
    RolledBackToSavepoint,
}

/// How a call did not come to an end.
enum Broken {
    /// Try again.
    Again,
    /// Try again, in READ COMMITTED soon.
    Conflict,
    /// The engine refuses, for good: this is an answer.
    Refused(String),
}

pub struct Session<'w> {
    pub world: &'w World,
    pub dice: Dice,
    application: &'static str,
    client: Option<Client>,
    backend: i32,
    in_transaction: bool,
    /// Whether transactions of two calls were made when this attempt began.
    beside_pairs: bool,
}

impl<'w> Session<'w> {
    pub fn new(world: &'w World, number: u64, application: &'static str) -> Self {
        let dice = world.dice(number);
        Self { world, dice, application, client: None, backend: 0, in_transaction: false, beside_pairs: true }
    }

    /// Makes calls, of one transaction, until they are committed. `Err` is an SQLSTATE that is an answer, or "late".
    pub fn definite(&mut self, calls: &[String]) -> Result<Vec<SimpleQueryRow>, String> {
        let single = self.world.counts.crashes.load(Ordering::Relaxed) > 0;
        let first = match self.dice.roll(20) {
            0..=1 => First::RolledBack,
            2 if !single => First::RolledBackToSavepoint,
            _ => First::Nothing,
        };
        // A call that is rolled back to a savepoint and made again is two calls of one transaction.
        if calls.len() == 1 && first != First::RolledBackToSavepoint {
            return self.repeated(calls, first);
        }
        count(&self.world.counts.pairs);
        let answer = self.repeated(calls, first);
        self.world.counts.pairs.fetch_sub(1, Ordering::Relaxed);
        answer
    }

    fn repeated(&mut self, calls: &[String], mut first: First) -> Result<Vec<SimpleQueryRow>, String> {
        let mut isolation = match self.dice.roll(20) {
            0..=1 => "REPEATABLE READ",
            2 => "SERIALIZABLE",
            _ => "READ COMMITTED",
        };
        // One call needs no explicit transaction.
        let bare = calls.len() == 1 && first == First::Nothing && self.dice.roll(10) == 0;
        let mut conflicts = 0;
        while !self.world.is_late() {
            self.beside_pairs = self.world.has_pairs();
            let attempt = if bare { self.query(&calls[0]) } else { self.attempt(calls, isolation, first) };
            match attempt {
                Ok(rows) if first != First::RolledBack => {
                    count(&self.world.counts.operations);
                    return Ok(rows);
                }
                Ok(_) => {
                    count(&self.world.counts.rolled_back);
                    first = First::Nothing;
                }
                Err(error) => match self.broken(&error, calls) {
                    Broken::Again => {}
                    Broken::Conflict => {
                        conflicts += 1;
                        if conflicts >= CONFLICTS {
                            isolation = "READ COMMITTED";
                        }
                    }
                    Broken::Refused(code) => return Err(code),
                },
            }
        }
        self.world.fail(format!("no definite answer before the deadline to {calls:?}"));
        Err("late".to_owned())
    }

    fn attempt(&mut self, calls: &[String], isolation: &str, first: First) -> Result<Vec<SimpleQueryRow>, Error> {
        self.run(&format!("BEGIN ISOLATION LEVEL {isolation}"))?;
        self.in_transaction = true;
        let mut rows = Vec::new();
        if first == First::RolledBackToSavepoint {
            self.run("SAVEPOINT before")?;
            for call in calls {
                self.query(call)?;
            }
            self.run("ROLLBACK TO SAVEPOINT before")?;
        }
        for call in calls {
            rows.extend(self.query(call)?);
            if self.dice.roll(8) == 0 {
                thread::sleep(Duration::from_millis(self.dice.roll(8)));
            }
        }
        self.run(if first == First::RolledBack { "ROLLBACK" } else { "COMMIT" })?;
        self.in_transaction = false;
        Ok(rows)
    }

    fn run(&mut self, statement: &str) -> Result<(), Error> {
        self.client()?.batch_execute(statement)
    }

    pub fn query(&mut self, query: &str) -> Result<Vec<SimpleQueryRow>, Error> {
        let messages = self.client()?.simple_query(query)?;
        let row = |message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        };
        Ok(messages.into_iter().filter_map(row).collect())
    }

    fn client(&mut self) -> Result<&mut Client, Error> {
        if self.client.is_none() {
            let mut client = connect("postgres", self.application)?;
            let role = if self.dice.roll(2) == 0 { "SET ROLE service_role" } else { "RESET ROLE" };
            client.batch_execute(&format!(
                "SET client_min_messages = error; SET statement_timeout = '{STATEMENT_TIMEOUT}'; {role}"
            ))?;
            self.backend = client.query_one("SELECT pg_catalog.pg_backend_pid()", &[])?.get(0);
            self.client = Some(client);
        }
        Ok(self.client.as_mut().expect("just connected"))
    }

    /// Sorts an error, and makes the session fit for the next attempt.
    fn broken(&mut self, error: &Error, calls: &[String]) -> Broken {
        let counts = &self.world.counts;
        let code = error.code().map(SqlState::code).unwrap_or_default().to_owned();
        let in_transaction = std::mem::take(&mut self.in_transaction);
        // Shutting down, crashed, starting up; or no server at all.
        let lost = code.is_empty() || ["57P01", "57P02", "57P03"].contains(&code.as_str()) || code.starts_with("08");
        if lost || self.client.as_ref().is_none_or(Client::is_closed) {
            if self.client.take().is_some() {
                let killed = locked(&self.world.killed).remove(&self.backend);
                match (killed, in_transaction) {
                    (true, true) => count(&counts.terminated),
                    (true, false) => {}
                    (false, _) => count(&counts.lost),
                }
            }
            thread::sleep(Duration::from_millis(10 + self.dice.roll(20)));
            return Broken::Again;
        }
        if self.run("ROLLBACK").is_err() {
            self.client = None;
        }
        match code.as_str() {
            "40P01" => {
                if self.beside_pairs {
                    count(&counts.deadlocks_of_pairs);
                } else {
                    count(&counts.deadlocks);
                    self.world.fail(format!("deadlock of single calls: {:?} of {calls:?}", error.as_db_error()));
                }
                Broken::Again
            }
            "40001" => {
                count(&counts.conflicts);
                Broken::Conflict
            }
            "57014" if error.as_db_error().is_some_and(|error| error.message().contains("statement timeout")) => {
                self.world.fail(format!("hung for {STATEMENT_TIMEOUT}: {calls:?}"));
                Broken::Again
            }
            "57014" => {
                count(&counts.cancelled);
                Broken::Again
            }
            "PT404" | "PT409" | "PT410" => Broken::Refused(code),
            _ => {
                self.world.fail(format!("{error:?} of {calls:?}"));
                Broken::Refused(code)
            }
        }
    }
}
