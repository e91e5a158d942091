//! The server, its databases, and what befalls it.

use crate::report::Wrongs;
use postgres::error::SqlState;
use postgres::{Client, Config, Error, NoTls};
use std::io::Write;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// The developer role, which owns the tables and is no superuser.
pub const DEVELOPER: &str = "postgres";
const SUPERUSER: &str = "supabase_admin";
/// A server that is not back by then does not come back.
pub const PATIENCE: Duration = Duration::from_secs(60);

fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is set by tests/faults/run"))
}

/// A connection, if the server has one to give.
pub fn try_connect(user: &str, database: &str, application: &str) -> Result<Client, Error> {
    let mut client = Config::new()
        .host(&setting("FAULTS_HOST"))
        .port(5432)
        .user(user)
        .dbname(database)
        .application_name(application)
        .connect_timeout(Duration::from_secs(10))
        .connect(NoTls)?;
    client.batch_execute("SET client_min_messages = error")?;
    Ok(client)
}

/// A connection as the developer role, as soon as the server is up.
pub fn connect(database: &str) -> Client {
    let started = Instant::now();
    loop {
        match try_connect(DEVELOPER, database, "faults") {
            Ok(client) => return client,
            Err(error) if started.elapsed() > PATIENCE => panic!("no connection to {database}: {error:?}"),
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    }
}

pub fn superuser(database: &str) -> Client {
    try_connect(SUPERUSER, database, "faults admin").expect("the server is up")
}

/// Does something to the server: a verb of tests/faults/server.
pub fn befall(verb: &[&str]) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/server");
    // The server inherits what it is not told to close: a pipe would never end.
    let status = Command::new(script)
        .arg(setting("FAULTS_CLUSTER"))
        .args(verb)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status();
    assert!(status.as_ref().is_ok_and(|status| status.success()), "server {verb:?}: {status:?}");
}

/// What happens to the server as soon as it is told to, without the time that a script takes to start.
pub struct Cue(Child);

/// How long a script takes to start.
const RAISED: Duration = Duration::from_millis(80);

impl Cue {
    /// `crash` or `immediate`.
    pub fn new(verb: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/server");
        let child = Command::new(script)
            .args([setting("FAULTS_CLUSTER").as_str(), verb, "on-cue"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("tests/faults/server");
        thread::sleep(RAISED);
        Self(child)
    }

    /// Now. Returns when the server is back.
    pub fn go(mut self) {
        self.0.stdin.take().expect("a pipe").write_all(b"\n").expect("a cue");
        let status = self.0.wait();
        assert!(status.as_ref().is_ok_and(ExitStatus::success), "the server did not come back: {status:?}");
    }
}

/// The server from here on: which one it is, and what its log says.
pub struct Life {
    started: String,
    logged: usize,
}

/// What the log says of a server that broke.
const BROKEN: [&str; 4] = ["terminated by signal", "PANIC:", "panicked at", "automatic recovery"];

fn log() -> Vec<u8> {
    fs::read(setting("FAULTS_LOG")).expect("the server's log")
}

impl Life {
    pub fn begins() -> Self {
        Self { started: Self::start(), logged: log().len() }
    }

    fn start() -> String {
        text(&mut superuser("postgres"), "SELECT pg_catalog.pg_postmaster_start_time()::text")
    }

    /// Lines of the log since then that have one of these words, but for what clients sent.
    pub fn told(&self, words: &[&str]) -> Vec<String> {
        let log = String::from_utf8_lossy(&log()[self.logged..]).into_owned();
        let is_clients = |line: &str| ["STATEMENT:", "QUERY:", "DETAIL:"].iter().any(|word| line.contains(word));
        let lines = log.lines().filter(|line| !is_clients(line) && words.iter().any(|word| line.contains(word)));
        lines.map(str::to_owned).collect()
    }

    /// Notes it when the server is another one by now, or one of its processes broke.
    pub fn went_on(&self, wrongs: &Wrongs) {
        if Self::start() != self.started {
            wrongs.note("the server was started again");
        }
        wrongs.note_all(self.told(&BROKEN).into_iter().map(|line| format!("the server's log: {line}")));
    }
}

/// kill -9 of a backend, by the shell: not every system has a program of that name.
pub fn kill(pid: i32) {
    let status = Command::new("bash").args(["-c", "kill -KILL \"$1\"", "bash", &pid.to_string()]).status();
    assert!(status.as_ref().is_ok_and(ExitStatus::success), "kill -KILL {pid}: {status:?}");
}

/// A database with the test people, models, limits and helpers.
pub fn fresh(name: &str, more: &str) -> Client {
    create(name, "installed_explicit", more);
    let mut client = connect(name);
    client.batch_execute(include_str!("setup.sql")).unwrap_or_else(|error| panic!("setup.sql: {error:?}"));
    client
}

/// A copy of a database that nobody is connected to.
pub fn create(name: &str, template: &str, more: &str) {
    let mut admin = superuser("postgres");
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).expect("dropped");
    admin
        .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {DEVELOPER} {more}"))
        .unwrap_or_else(|error| panic!("CREATE DATABASE {name}: {error:?}"));
}

pub fn drop(name: &str) {
    superuser("postgres").batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).expect("dropped");
}

/// The SQLSTATE of an error; "lost" when there is no server to say one, or it says that it ends.
pub fn code(error: &Error) -> &str {
    match error.code().map(SqlState::code) {
        None | Some("57P01" | "57P02" | "57P03") => "lost",
        Some(code) if code.starts_with("08") => "lost",
        Some(code) => code,
    }
}

/// Message and HINT of an error.
pub fn words(error: &Error) -> String {
    error
        .as_db_error()
        .map_or(error.to_string(), |error| format!("{} / {}", error.message(), error.hint().unwrap_or("-")))
}

/// One text from a query.
pub fn text(client: &mut Client, query: &str) -> String {
    let row = client.query_one(query, &[]).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    row.get::<_, Option<String>>(0).unwrap_or_default()
}

/// What `test.wrong()` finds.
pub fn wrong(client: &mut Client) -> Vec<String> {
    let rows = client.query("SELECT w FROM test.wrong() AS w", &[]);
    rows.map_or_else(
        |error| vec![format!("test.wrong(): {error:?}")],
        |rows| rows.iter().map(|row| row.get(0)).collect(),
    )
}
