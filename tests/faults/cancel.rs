//! Cancels and statement_timeout at random instants over everything that writes.

use crate::calls::{Book, Call, Kind};
use crate::report::{Least, Wrongs, number};
use crate::server::{self, Life, code, text};
use model_access_stress::Dice;
use postgres::{Client, Error};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const DATABASE: &str = "faults_cancel";
const WORKERS: u64 = 4;
/// A cancel must have arrived by then.
const ARRIVED: Duration = Duration::from_secs(1);
/// Tries of a statement that no knife has hit when the time is over.
const LAST_TRIES: u32 = 300;
/// Nothing here takes longer.
const LONGEST: Duration = Duration::from_secs(1);
/// Settings that the engine changes while it works, with values that are nobody's default.
const SETTINGS: &str =
    "SET search_path = extensions, pg_temp, public; SET lock_timeout = '9s'; SET IntervalStyle = 'sql_standard';
    SET quote_all_identifiers = on; SET DateStyle = 'German'; SET standard_conforming_strings = on";
/// What a session is, and how many locks it has between two statements.
const SESSION: &str = "SELECT concat_ws(' | ', session_user, current_user, current_setting('role'), current_setting('search_path'),
           current_setting('lock_timeout'), current_setting('IntervalStyle'), current_setting('quote_all_identifiers'),
           current_setting('DateStyle'), current_setting('client_min_messages'),
           (SELECT count(*) FROM pg_catalog.pg_locks AS l WHERE l.pid = pg_backend_pid() AND l.locktype <> 'virtualxid'
                                                            AND (l.locktype, l.mode) <> ('relation', 'AccessShareLock')))";

/// Statements without a key, which may happen or not. The developer role's are those that make and drop tables.
const STATEMENTS: [(&str, &str); 17] = [
    (
        "sync",
        "SELECT CASE WHEN (a ->> 'success')::boolean THEN NULL ELSE a::text END FROM public.sync_openrouter_models(test.priced(300, {n})) AS a",
    ),
    (
        "force_sync",
        "SELECT CASE WHEN (a ->> 'success')::boolean THEN NULL ELSE a::text END FROM public.force_sync_openrouter_models(test.priced({m}, {n})) AS a",
    ),
    ("tier_access", "SELECT public.update_model_tier_access('acme/m{d}', true, true, true, 'active')::text"),
    ("reprice", "SELECT public.reprice_usage('acme/m9', '-infinity', 'infinity', 'faults')::text"),
    ("maintain", "SELECT public.maintain_usage_partitions('2 months')::text"),
    ("install", "SELECT count(*)::text FROM model_access.install()"),
    ("expire", "SELECT public.expire_reservations(50)::text"),
    ("set_limit", "SELECT public.set_quota_limit('passing {d}', 'requests', 'monthly', 1000000 + {n})::text"),
    (
        "remove_limit",
        "SELECT public.remove_quota_limit(l.limit_id, 'over')::text FROM public.quota_limits AS l WHERE l.name = 'passing {d}'",
    ),
    ("adjust", "SELECT public.adjust_quota(test.id('A'), 'acme/m{d}', 'each', {n}, 'goodwill')::text"),
    (
        "void",
        "SELECT public.void_usage(u.id, 'faults')::text FROM public.ai_usage AS u WHERE u.corrects_id IS NULL AND u.model = 'acme/m{d}' LIMIT 1",
    ),
    (
        "forget",
        "SELECT public.forget_user(test.id('N'))::text FROM public.record_model_usage(test.id('N'), 'acme/m1', '{\"total_tokens\": 5}')",
    ),
    (
        "release",
        "SELECT d.allowed::text FROM public.reserve_model_quota(test.id('B'), 'acme/m{d}', 10, 10) AS r
                   CROSS JOIN LATERAL public.extend_model_quota(r.reservation_id, '1 hour') AS e
                   CROSS JOIN LATERAL public.release_model_quota(r.reservation_id) AS d",
    ),
    (
        "leak",
        "SELECT d.allowed::text FROM public.require_model_quota(test.id('B'), 'acme/m{d}', 10, 10, NULL, '1 s') AS d",
    ),
    ("preferences", "SELECT public.update_user_preferences(test.id('A'), 'ui', '{\"theme\": \"n{n}\"}')::text"),
    ("status", "SELECT count(*)::text FROM public.get_quota_status(test.id('B'))"),
    ("uninstall", "DO $$ BEGIN PERFORM model_access.uninstall(); RAISE SQLSTATE 'MAUN1'; END $$"),
];
/// Of the developer role alone.
const OWNERS: [&str; 3] = ["install", "maintain", "uninstall"];

/// Locks of sessions that do nothing.
const LEFT: &str =
    "SELECT concat_ws(' ', a.pid, l.locktype, l.mode, l.relation::regclass, l.objsubid) FROM pg_catalog.pg_locks AS l
    JOIN pg_catalog.pg_stat_activity AS a USING (pid) WHERE a.application_name = 'faults cancel'";
/// How many feeds the catalogue is of: all models of one cost the same.
const FEEDS: &str = "SELECT count(DISTINCT h.pricing)::text FROM public.model_price_history AS h
    JOIN public.model_access AS m USING (model_id) WHERE h.valid_to IS NULL AND m.status <> 'inactive'";

/// What all workers share.
struct World {
    wrongs: Wrongs,
    book: Book,
    least: Least,
    tried: AtomicU64,
    cancelled: AtomicU64,
    timed_out: AtomicU64,
    deadlocks: AtomicU64,
    others: AtomicU64,
    slowest_us: AtomicU64,
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// How a statement is cut off.
enum Knife {
    Timeout(u64),
    Cancel(Duration),
}

struct Worker<'w> {
    world: &'w World,
    number: u64,
    dice: Dice,
    client: Client,
    partner: Client,
    pid: i32,
    session: String,
    is_owner: bool,
    keys: u64,
    /// How long each kind of call takes that is not cut off.
    takes: HashMap<&'static str, Duration>,
    cut: HashMap<&'static str, u64>,
}

impl<'w> Worker<'w> {
    fn new(world: &'w World, place: u64) -> Self {
        let mut client = server::try_connect(server::DEVELOPER, DATABASE, "faults cancel").expect("connected");
        let is_owner = place.is_multiple_of(2);
        client.batch_execute(SETTINGS).expect("settings");
        if !is_owner {
            client.batch_execute("SET ROLE service_role").expect("a role");
        }
        let pid = client.query_one("SELECT pg_backend_pid()", &[]).expect("a pid").get(0);
        let session = text(&mut client, SESSION);
        let seed = number("FAULTS_SEED", 20_260_101) ^ (place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self {
            world,
            number: place,
            dice: Dice(seed.max(1)),
            client,
            partner: server::superuser(DATABASE),
            pid,
            session,
            is_owner,
            keys: 0,
            takes: HashMap::new(),
            cut: HashMap::new(),
        }
    }

    fn work(&mut self) {
        while !self.world.least.is_reached(self.cuts()) {
            count(&self.world.tried);
            if self.dice.roll(3) == 0 {
                self.statement();
            } else {
                self.keyed();
            }
        }
    }

    fn cuts(&self) -> u64 {
        self.world.cancelled.load(Ordering::Relaxed) + self.world.timed_out.load(Ordering::Relaxed)
    }

    fn keyed(&mut self) {
        self.keys += 1;
        let call = Call::random(&mut self.dice, format!("c{}-{}", self.number, self.keys));
        let knife = self.knife("keyed", Duration::from_millis(5));
        let made = self.under(knife, "keyed", |client| call.make(client));
        match made {
            Ok(()) => self.world.book.answered(&call),
            Err(None) => self.world.wrongs.note(format!("refused: {call:?}")),
            Err(Some(error)) => {
                self.judge("keyed", &error);
                self.world.book.leave_open(call);
            }
        }
    }

    fn statement(&mut self) {
        let (name, statement) = STATEMENTS[self.dice.roll(STATEMENTS.len() as u64) as usize];
        if !OWNERS.contains(&name) || self.is_owner {
            self.cut_at(name, statement);
        }
    }

    fn cut_at(&mut self, name: &'static str, statement: &str) {
        let statement = self.filled(statement);
        let in_savepoint = self.dice.roll(4) == 0 && name != "uninstall";
        if in_savepoint {
            self.client.batch_execute("BEGIN; SAVEPOINT s").expect("a savepoint");
        }
        let knife = self.knife(name, Duration::from_millis(50));
        let is_text = name != "uninstall";
        let made = self.under(knife, name, |client| match is_text {
            true => answer(client, &statement).map_err(Some),
            false => client.batch_execute(&statement).map(|()| None).map_err(Some),
        });
        match made {
            Ok(Some(answer)) if name.ends_with("sync") && !answer.contains("deadlock") => {
                self.world.wrongs.note(format!("{name} was not cancelled but answered {answer}"));
            }
            Ok(_) => {}
            Err(error) => error.iter().for_each(|error| self.judge(name, error)),
        }
        if in_savepoint {
            self.client.batch_execute("ROLLBACK TO s").expect("back to the savepoint");
            self.session_is_as_it_was(name, false);
            self.client.batch_execute("ROLLBACK").expect("rolled back");
        }
    }

    fn filled(&mut self, statement: &str) -> String {
        let numbers =
            [("{n}", 1 + self.dice.roll(500)), ("{m}", 200 + self.dice.roll(200)), ("{d}", 1 + self.dice.roll(5))];
        numbers.iter().fold(statement.to_owned(), |text, (name, value)| text.replace(name, &value.to_string()))
    }

    /// An instant within what the call takes, so far as is known.
    fn knife(&mut self, name: &'static str, guess: Duration) -> Knife {
        let takes = self.takes.get(name).copied().unwrap_or(guess);
        if self.dice.roll(2) == 0 {
            let most = u64::try_from(takes.as_millis()).unwrap_or(50).clamp(1, 50);
            Knife::Timeout(1 + self.dice.roll(most))
        } else {
            let most = u64::try_from(takes.as_micros()).unwrap_or(1000).max(200);
            Knife::Cancel(Duration::from_micros(self.dice.roll(most + most / 8)))
        }
    }

    /// Makes a call under a knife, then sees that the session is what it was.
    fn under<R>(
        &mut self,
        knife: Knife,
        name: &'static str,
        call: impl FnOnce(&mut Client) -> Result<R, Option<Error>>,
    ) -> Result<R, Option<Error>> {
        let (pid, partner) = (self.pid, &mut self.partner);
        let started = Instant::now();
        let made = match knife {
            Knife::Timeout(ms) => {
                self.client.batch_execute(&format!("SET statement_timeout = {ms}")).expect("a timeout");
                let made = call(&mut self.client);
                while let Err(error) = self.client.batch_execute("RESET statement_timeout") {
                    // In an aborted transaction, or cut off itself.
                    if code(&error) != "57014" {
                        break;
                    }
                }
                made
            }
            Knife::Cancel(delay) => thread::scope(|scope| {
                let cancel = scope.spawn(move || {
                    thread::sleep(delay);
                    let sent = Instant::now();
                    partner.execute("SELECT pg_catalog.pg_cancel_backend($1)", &[&pid]).expect("a cancel is sent");
                    sent
                });
                let made = call(&mut self.client);
                let ended = Instant::now();
                let late = ended.saturating_duration_since(cancel.join().expect("the partner"));
                self.world.slowest_us.fetch_max(u64::try_from(late.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
                if late > ARRIVED {
                    self.world.wrongs.note(format!("{name}: a cancel took {late:?}"));
                }
                made
            }),
        };
        match made.as_ref().map_err(|error| error.as_ref().map_or("", code)) {
            // The second is an uninstallation that reached its end, where it is undone.
            Ok(_) | Err("MAUN1") => _ = self.takes.insert(name, started.elapsed()),
            Err("57014") => {
                *self.cut.entry(name).or_default() += 1;
                // What never ended is cut off later and later, so that its end is reached too.
                let takes = self.takes.entry(name).or_default();
                *takes = started.elapsed().max(*takes).mul_f64(1.2).min(LONGEST);
            }
            Err(_) => {}
        }
        if text_or_none(&mut self.client, "SELECT 'fine'").is_some() {
            self.client.batch_execute("RESET statement_timeout").expect("no timeout");
            self.session_is_as_it_was(name, true);
        }
        made
    }

    fn session_is_as_it_was(&mut self, name: &str, outside: bool) {
        let session = text(&mut self.client, SESSION);
        // In a transaction it may have locks.
        let of = |session: &str| session.rsplit_once(" | ").map(|(settings, _)| settings.to_owned());
        let same = if outside && self.is_idle() { session == self.session } else { of(&session) == of(&self.session) };
        if !same {
            self.world.wrongs.note(format!("after {name} the session is {session}, it was {}", self.session));
        }
    }

    /// Whether no transaction is open.
    fn is_idle(&mut self) -> bool {
        text(&mut self.client, "SELECT (now() = statement_timestamp())::text") == "true"
    }

    fn judge(&self, name: &str, error: &Error) {
        let world = self.world;
        let message = server::words(error);
        match code(error) {
            "57014" if message.contains("statement timeout") => count(&world.timed_out),
            "57014" => count(&world.cancelled),
            "40P01" => count(&world.deadlocks),
            // Of another worker: a limit that is gone, a month that was folded, a window of its own.
            "PT404" | "PT410" | "40001" | "55P03" | "MAUN1" => count(&world.others),
            _ => world.wrongs.note(format!("{name}: {error:?}")),
        }
    }

    /// Everything once more, undisturbed, on the same backend. Returns how many calls that were.
    fn still_works(&mut self) -> u64 {
        let mut calls = 1;
        let call = Call::new(&mut self.dice, format!("last-{}", self.number), Kind::Batch);
        match call.make(&mut self.client) {
            Ok(()) => self.world.book.answered(&call),
            Err(error) => self.world.wrongs.note(format!("{call:?} on a backend that was cancelled: {error:?}")),
        }
        for (name, statement) in STATEMENTS {
            if OWNERS.contains(&name) && !self.is_owner || name == "uninstall" {
                continue;
            }
            let statement = self.filled(statement);
            calls += 1;
            match answer(&mut self.client, &statement) {
                Ok(Some(answer)) if name.ends_with("sync") => {
                    self.world.wrongs.note(format!("{name} on a backend that was cancelled answered {answer}"));
                }
                Ok(_) => {}
                Err(error) if ["40P01", "PT404", "40001"].contains(&code(&error)) => {}
                Err(error) => self.world.wrongs.note(format!("{name} on a backend that was cancelled: {error:?}")),
            }
        }
        calls
    }
}

/// The first column of the first row. A sync says there what went wrong.
fn answer(client: &mut Client, statement: &str) -> Result<Option<String>, Error> {
    client.query(statement, &[]).map(|rows| rows.first().and_then(|row| row.get(0)))
}

fn text_or_none(client: &mut Client, query: &str) -> Option<String> {
    client.query_one(query, &[]).ok().map(|row| row.get(0))
}

pub fn run() -> bool {
    let mut admin = server::fresh(DATABASE, "");
    admin.batch_execute("CALL test.old_months(200); CALL test.priced_calls(3000)").expect("a ledger");
    let life = Life::begins();
    let world = World {
        wrongs: Wrongs::default(),
        book: Book::default(),
        least: Least::new(1.5, 300),
        tried: AtomicU64::new(0),
        cancelled: AtomicU64::new(0),
        timed_out: AtomicU64::new(0),
        deadlocks: AtomicU64::new(0),
        others: AtomicU64::new(0),
        slowest_us: AtomicU64::new(0),
    };
    let mut workers: Vec<Worker> = (0..WORKERS).map(|place| Worker::new(&world, place)).collect();
    thread::scope(|scope| {
        for worker in &mut workers {
            scope.spawn(|| worker.work());
        }
    });
    none_is_left_out(&mut workers);
    let cuts = world.cancelled.load(Ordering::Relaxed) + world.timed_out.load(Ordering::Relaxed);
    life.went_on(&world.wrongs);
    let kept = told(&world, &mut workers, &mut admin, &world.least.enforced(&world.wrongs, cuts));
    std::mem::drop((workers, admin));
    server::drop(DATABASE);
    kept
}

/// What is short or rare is cut off too, by one worker who may call it.
fn none_is_left_out(workers: &mut [Worker]) {
    for (name, statement) in STATEMENTS {
        for _ in 0..LAST_TRIES {
            if workers.iter().any(|worker| worker.cut.contains_key(name)) {
                break;
            }
            if let Some(worker) = workers.iter_mut().find(|worker| worker.is_owner) {
                worker.cut_at(name, statement);
            }
        }
    }
}

fn told(world: &World, workers: &mut [Worker], admin: &mut Client, least: &str) -> bool {
    let mut kept = world.wrongs.told(
        "calls that are cut off raise, soon, and leave role and settings as they were",
        &figures(world, workers, least),
    );
    let left = admin.query(LEFT, &[]).expect(LEFT);
    world.wrongs.note_all(left.iter().map(|row| format!("a lock of an idle session: {}", row.get::<_, String>(0))));
    kept &= world.wrongs.told("calls that were cut off leave no lock behind", &format!("{} sessions", workers.len()));

    let calls: u64 = workers.iter_mut().map(Worker::still_works).sum();
    kept &= world.wrongs.told("backends that were cancelled go on working", &format!("{calls} calls"));

    world.wrongs.note_all(world.book.differences(admin));
    let (open, wrongs) = world.book.close(admin);
    world.wrongs.note_all(wrongs);
    world.wrongs.note_all(world.book.differences(admin));
    world.wrongs.note_all(server::wrong(admin));
    let feeds = text(admin, FEEDS);
    if feeds != "1" {
        world.wrongs.note(format!("the catalogue is a mixture of {feeds} feeds"));
    }
    let figures = format!("{} rows acknowledged, {open} calls made again", world.book.len());
    kept & world
        .wrongs
        .told("after calls that were cut off nothing is half-done and every key was charged once", &figures)
}

/// What was cut off, how often; and complains when too little was.
fn figures(world: &World, workers: &[Worker], least: &str) -> String {
    let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let cut = |name: &str| workers.iter().filter_map(|worker| worker.cut.get(name)).sum::<u64>();
    for (name, _) in STATEMENTS {
        world.wrongs.at_least(&format!("{name}() cut off"), cut(name), 1);
    }
    world.wrongs.at_least("cancels", of(&world.cancelled), 50);
    world.wrongs.at_least("timeouts", of(&world.timed_out), 50);
    let by_name: Vec<String> = STATEMENTS.iter().map(|(name, _)| format!("{name} {}", cut(name))).collect();
    format!(
        "{least}, {} by a cancel, the slowest of which took {:.1} ms, {} by statement_timeout, of {} calls; {}; {} deadlocks, {} others",
        of(&world.cancelled),
        of(&world.slowest_us) as f64 / 1000.0,
        of(&world.timed_out),
        of(&world.tried),
        by_name.join(", "),
        of(&world.deadlocks),
        of(&world.others),
    )
}
