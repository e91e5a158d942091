//! Disks that are full: the one of the ledger, and the one of the log of transactions.

use crate::calls::{Book, Call};
use crate::report::{Least, Wrongs, number};
use crate::server::{self, Life, befall, code, connect, superuser, text, words};
use model_access_stress::Dice;
use postgres::{Client, Error};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{env, thread};

const DATABASE: &str = "faults_full";
const CALLERS: u64 = 3;
/// What is left of a disk that is about to be full.
const LEFT_OF_DATA: usize = 3 << 20;
const LEFT_OF_WAL: usize = 12 << 20;

/// Large changes, each with what it answers when it is done. `{n}` is another number each time.
const CHANGES: [(&str, &str); 3] = [
    (
        "sync",
        "SELECT CASE WHEN (a ->> 'success')::boolean THEN 'fine' ELSE a ->> 'error' END FROM public.force_sync_openrouter_models(test.priced(3000, {n})) AS a",
    ),
    ("maintain", "SELECT 'fine' FROM public.maintain_usage_partitions('2 months')"),
    ("reprice", "SELECT 'fine' FROM public.reprice_usage('acme/m9', '-infinity', 'infinity', 'faults')"),
];

pub fn run() -> bool {
    let Ok(disks) = env::var("FAULTS_DISKS").map(PathBuf::from) else {
        println!("note: faults disk full was not run, since no tmpfs may be mounted here");
        return true;
    };
    let data = full_ledger(&disks.join("data"));
    let wal = full_log(&disks.join("wal"));
    data && wal
}

/// Takes what a disk has, but for so many bytes.
struct Ballast(PathBuf);

impl Ballast {
    fn new(disk: &Path, left: usize) -> Self {
        let place = disk.join("ballast");
        let mut file = File::create(&place).expect("a file");
        let block = vec![1_u8; 1 << 16];
        // To the last byte, then back: how much room there was nobody has to know.
        while file.write_all(&block).is_ok() {}
        let written = file.metadata().expect("its size").len();
        file.set_len(written.saturating_sub(left as u64)).expect("some room");
        Self(place)
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

struct World {
    wrongs: Wrongs,
    book: Book,
    /// Whether a full disk ends this server: one under its log does, one under a table does not.
    may_end: bool,
    over: AtomicBool,
    /// Errors of a full disk by what was called.
    full: Mutex<BTreeMap<&'static str, u64>>,
    /// Answers by what was called.
    fine: Mutex<BTreeMap<&'static str, u64>>,
}

fn add(counts: &Mutex<BTreeMap<&'static str, u64>>, name: &'static str) {
    *counts.lock().expect("counts").entry(name).or_default() += 1;
}

impl World {
    fn new(may_end: bool) -> Self {
        Self {
            wrongs: Wrongs::default(),
            book: Book::default(),
            may_end,
            over: AtomicBool::new(false),
            full: Mutex::default(),
            fine: Mutex::default(),
        }
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn count(&self, name: &str) -> u64 {
        self.full.lock().expect("counts").get(name).copied().unwrap_or_default()
    }

    fn counts(&self) -> String {
        let list = |counts: &Mutex<BTreeMap<&'static str, u64>>| {
            let counts = counts.lock().expect("counts");
            counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
        };
        format!("done: {}; disk full: {}", list(&self.fine), list(&self.full))
    }

    /// An error that a full disk explains. Returns whether the server is gone.
    fn judge(&self, name: &'static str, error: &Error) -> bool {
        let words = words(error);
        let is_panic = error.as_db_error().is_some_and(|error| error.severity() == "PANIC");
        match code(error) {
            "lost" if self.may_end => return true,
            "lost" => {
                self.wrongs.note(format!("{name}: the connection was lost: {words}"));
                return true;
            }
            // The last word of the server.
            "53100" if self.may_end && is_panic && words.contains("No space left on device") => return true,
            "53100" if is_panic => self.wrongs.note(format!("{name}: {words}")),
            "53100" if words.contains("No space left on device") && words.contains("Check free disk space") => {
                add(&self.full, name)
            }
            "53100" => self.wrongs.note(format!("{name}: words that help nobody: {words}")),
            "40P01" => {}
            _ => self.wrongs.note(format!("{name}: {error:?}")),
        }
        false
    }

    /// Makes calls until it is over or the server is gone.
    fn call(&self, place: u64) {
        let seed = number("FAULTS_SEED", 20_260_101) ^ (place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (mut dice, mut client) = (Dice(seed.max(1)), connect(DATABASE));
        for turn in 0.. {
            if self.is_over() {
                return;
            }
            let call = Call::random(&mut dice, format!("f{place}-{turn}"));
            match call.make(&mut client) {
                Ok(()) => {
                    add(&self.fine, "call");
                    self.book.answered(&call);
                }
                Err(error) => {
                    self.book.leave_open(call);
                    match error {
                        Some(error) if self.judge("call", &error) => return,
                        // Not so often that there is much to make again.
                        Some(_) => thread::sleep(Duration::from_millis(30)),
                        None => self.wrongs.note("a call was refused"),
                    }
                }
            }
        }
    }

    /// Makes large changes, one after the other.
    fn change(&self) {
        let mut client = connect(DATABASE);
        for turn in 0.. {
            let (name, statement) = CHANGES[turn % CHANGES.len()];
            if self.is_over() {
                return;
            }
            match client.query_one(&statement.replace("{n}", &(turn + 2).to_string()), &[]) {
                Ok(row) => match row.get::<_, String>(0).as_str() {
                    "fine" => add(&self.fine, name),
                    // A sync answers, and logs why it failed.
                    answer if answer.contains("No space left on device") => add(&self.full, name),
                    answer => self.wrongs.note(format!("{name}: {answer}")),
                },
                Err(error) if self.judge(name, &error) => return,
                Err(_) => {}
            }
            self.catalogue_is_one_feed(&mut client);
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn catalogue_is_one_feed(&self, client: &mut Client) {
        let query = "SELECT coalesce(test.open_prices(), '')";
        match client.query_one(query, &[]).map(|row| row.get::<_, String>(0)) {
            Ok(prices) if prices.contains(',') => self.wrongs.note(format!("the catalogue is a mixture: {prices}")),
            _ => {}
        }
    }

    /// When there is room again.
    fn is_sound(&self, promise: &str, figures: &str) -> bool {
        let mut client = connect(DATABASE);
        self.wrongs.note_all(self.book.differences(&mut client));
        self.wrongs.note_all(server::wrong(&mut client));
        let acknowledged = self.book.len();
        let (open, wrongs) = self.book.close(&mut client);
        self.wrongs.note_all(wrongs);
        for (name, statement) in CHANGES {
            let answer = text(&mut client, &statement.replace("{n}", "777"));
            if answer != "fine" {
                self.wrongs.note(format!("{name}, with room: {answer}"));
            }
        }
        self.catalogue_is_one_feed(&mut client);
        self.wrongs.note_all(self.book.differences(&mut client));
        self.wrongs.note_all(server::wrong(&mut client));
        let figures =
            format!("{figures}; {}; {acknowledged} rows acknowledged, {open} calls made again", self.counts());
        self.wrongs.told(promise, &figures)
    }
}

fn prepared(more: &str) {
    let mut client = server::fresh(DATABASE, more);
    client.batch_execute("CALL test.old_months(3000); CALL test.priced_calls(12000)").expect("a ledger");
    client.batch_execute("CHECKPOINT").or_else(|_| superuser(DATABASE).batch_execute("CHECKPOINT")).expect("written");
}

fn full_ledger(disk: &Path) -> bool {
    let space = format!("CREATE TABLESPACE small LOCATION '{}'", disk.display());
    superuser("postgres").batch_execute(&space).expect("a tablespace");
    prepared("TABLESPACE small");
    let (world, least, life) = (World::new(false), Least::new(0.6, 8), Life::begins());
    // A change is as rare as it is large.
    let seen = || world.count("call").min(4 * world.count("sync")).min(8 * world.count("reprice"));
    let ballast = Ballast::new(disk, LEFT_OF_DATA);
    thread::scope(|scope| {
        for place in 0..CALLERS {
            let world = &world;
            scope.spawn(move || world.call(place));
        }
        scope.spawn(|| world.change());
        while !least.is_reached(seen()) {
            thread::sleep(Duration::from_millis(50));
        }
        // Looked at while there is no room.
        world.wrongs.note_all(world.book.differences(&mut connect(DATABASE)));
        world.over.store(true, Ordering::Relaxed);
    });
    let figures = least.enforced(&world.wrongs, seen());
    life.went_on(&world.wrongs);
    std::mem::drop(ballast);
    let kept = world.is_sound(
        "a full disk under the ledger is 53100, undoes what it hits, and is forgotten when there is room",
        &figures,
    );
    server::drop(DATABASE);
    superuser("postgres").batch_execute("DROP TABLESPACE small").expect("dropped");
    kept
}

/// The last thing that is done to this server, whose log stays there.
fn full_log(disk: &Path) -> bool {
    let mut admin = superuser("postgres");
    // No checkpoint frees segments meanwhile.
    for setting in ["max_wal_size = '10GB'", "checkpoint_timeout = '1h'"] {
        admin.batch_execute(&format!("ALTER SYSTEM SET {setting}")).expect("a setting");
    }
    std::mem::drop(admin);
    befall(&["wal-to", &disk.display().to_string()]);
    prepared("");
    let (world, life) = (World::new(true), Life::begins());
    let ballast = Ballast::new(disk, LEFT_OF_WAL);
    thread::scope(|scope| {
        for place in 0..CALLERS {
            let world = &world;
            scope.spawn(move || world.call(place));
        }
        scope.spawn(|| world.change());
        let mut witness = superuser("postgres");
        for _ in 0..1200 {
            if witness.query("SELECT", &[]).is_err() {
                world.over.store(true, Ordering::Relaxed);
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        world.wrongs.note("the log's disk was never full");
        world.over.store(true, Ordering::Relaxed);
    });
    std::mem::drop(ballast);
    befall(&["start"]);
    world.is_sound(
        "a full disk under pg_wal ends the server, and what was acknowledged is there when it is back",
        &ended_by_panic(&world.wrongs, &life),
    )
}

/// The server ended since its log could not be written, and by nothing else. Returns its words.
fn ended_by_panic(wrongs: &Wrongs, life: &Life) -> String {
    let mut panics = life.told(&["PANIC:"]);
    wrongs.note_all(life.told(&["terminated by signal 11", "panicked at"]));
    panics.retain(|line| line.contains("No space left on device"));
    wrongs.at_least("PANIC of a full disk", panics.len() as u64, 1);
    let words = panics.first().and_then(|line| line.split("PANIC:").nth(1)).unwrap_or_default();
    format!("{} x PANIC: {}", panics.len(), words.trim())
}
