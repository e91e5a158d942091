//! Crashes while a large change is made: a sync, an installation, months that are folded, costs that are corrected.

use crate::report::{Least, Wrongs, number};
use crate::server::{self, Cue, PATIENCE, connect, kill, superuser, text};
use model_access_stress::Dice;
use postgres::Client;
use std::thread;
use std::time::{Duration, Instant};

const DATABASE: &str = "faults_crash";
/// The extension is there, its tables are not.
const EMPTY: &str = "faults_empty";
const MODELS: u32 = 1500;
const CALLS: u32 = 4000;

#[derive(Clone, Copy, Debug)]
enum Crash {
    Backend,
    Server,
    Immediate,
}
const CRASHES: [Crash; 3] = [Crash::Backend, Crash::Server, Crash::Immediate];

/// What is done when the crash comes, in which database, and how it is seen that it is wholly done or not at all.
struct Work {
    name: &'static str,
    database: &'static str,
    /// Before each round, if the last one was done.
    prepare: fn(&mut Client, u32),
    /// `{n}` is the number of the round.
    statement: &'static str,
    /// What it changes, as one text.
    state: &'static str,
    /// Whether that text is the state after it was done in a round.
    is_done: fn(&str, u32) -> bool,
    /// What it never changes.
    constant: &'static str,
}

const WORKS: [Work; 5] = [
    Work {
        name: "a sync",
        database: DATABASE,
        prepare: |_, _| {},
        statement: "SELECT CASE WHEN (a ->> 'success')::boolean THEN 'fine' ELSE a::text END FROM public.force_sync_openrouter_models(test.priced(1500, {n})) AS a",
        // Prices beside the hash: either all are old or all are new. A row of the log comes with what it tells of, and only so.
        state: "SELECT test.open_prices() || ' / ' || (SELECT count(*) FROM public.model_sync_log) || ' / ' || test.catalogue_hash()",
        is_done: |state, round| state.starts_with(&format!("{round} x {MODELS} / ")),
        constant: "SELECT test.bill()",
    },
    Work {
        name: "an installation",
        database: EMPTY,
        prepare: |_, _| create_empty(),
        statement: "SELECT CASE WHEN count(*) > 50 THEN 'fine' END FROM model_access.install()",
        state: "SELECT count(*)::text FROM pg_catalog.pg_class AS c WHERE c.relnamespace = 'public'::regnamespace",
        is_done: |state, _| state.parse::<u32>().is_ok_and(|relations| relations > 40),
        constant: "SELECT ''",
    },
    Work {
        name: "an installation that stands",
        database: DATABASE,
        prepare: |_, _| {},
        statement: "SELECT CASE WHEN count(*) > 50 THEN 'fine' END FROM model_access.install()",
        state: "SELECT ''",
        is_done: |_, _| true,
        constant: "SELECT (SELECT md5(string_agg(i::text, ' ' ORDER BY i::text)) FROM model_access.inventory() AS i) || test.catalogue_hash() || test.bill()",
    },
    Work {
        name: "the folding of months",
        database: DATABASE,
        prepare: |client, _| client.batch_execute(&format!("CALL test.old_months({CALLS})")).expect("old months"),
        statement: "SELECT 'fine' FROM public.maintain_usage_partitions('2 months')",
        state: "SELECT (SELECT count(*) FROM public.ai_usage AS u WHERE u.occurred_at < test.m(2)) || ' ' || (SELECT coalesce(sum(f.ledger_rows), 0) FROM public.ai_usage_folded AS f)",
        is_done: |state, _| state.starts_with("0 "),
        constant: "SELECT test.bill()",
    },
    Work {
        name: "the correction of costs",
        database: DATABASE,
        prepare: |client, round| {
            let price = format!("{{\"prompt\": \"{}\", \"completion\": \"0\"}}", f64::from(round) / 1_000_000.0);
            let update = "UPDATE public.model_price_history SET pricing = $1::text::jsonb, valid_from = '2000-01-01 00:00+00' WHERE model_id = 'acme/m9' AND valid_to IS NULL";
            client.execute(update, &[&price]).expect("another price");
        },
        statement: "SELECT 'fine' FROM public.reprice_usage('acme/m9', '-infinity', 'infinity', 'faults')",
        state: "SELECT test.cost_of_priced_calls()",
        // A thousand tokens each.
        is_done: |state, round| {
            state.parse::<f64>().is_ok_and(|cost| (cost - f64::from(round * CALLS) / 1000.0).abs() < 1e-9)
        },
        constant: "SELECT sum(u.tokens_used)::text FROM public.ai_usage AS u",
    },
];

fn create_empty() {
    server::create(EMPTY, "supabase_explicit", "");
    connect(EMPTY).batch_execute("CREATE EXTENSION model_access").expect("the extension");
}

pub fn run() -> bool {
    let mut client = server::fresh(DATABASE, "");
    client
        .batch_execute(&format!(
            "CALL test.priced_calls({CALLS}); SELECT public.force_sync_openrouter_models(test.priced({MODELS}, 1))"
        ))
        .expect("a world");
    create_empty();
    std::mem::drop(client);
    let wrongs = Wrongs::default();
    let mut dice = Dice(number("FAULTS_SEED", 20_260_101).max(1));
    let mut kept = true;
    for (place, work) in WORKS.iter().enumerate() {
        let mut rounds = Rounds { work, wrongs: &wrongs, number: 1, takes: Duration::ZERO, cut: 0, done: 0 };
        rounds.undisturbed();
        let least = Least::new(0.4, 2);
        let mut crashes = 0;
        while !least.is_reached(rounds.cut) {
            rounds.crashed(&mut dice, CRASHES[(place + crashes) % CRASHES.len()]);
            crashes += 1;
        }
        rounds.undisturbed();
        let figures = format!(
            "{} crashes in time, {} too late, it takes {:?}",
            least.enforced(&wrongs, rounds.cut),
            rounds.done,
            rounds.takes
        );
        kept &= wrongs.told(&format!("a crash in {} leaves it wholly done or not at all", work.name), &figures);
    }
    [DATABASE, EMPTY].iter().for_each(|name| server::drop(name));
    kept
}

struct Rounds<'w> {
    work: &'w Work,
    wrongs: &'w Wrongs,
    number: u32,
    takes: Duration,
    cut: u64,
    done: u64,
}

impl Rounds<'_> {
    /// Does the work of this round and of no crash; what a crash undid before is done now.
    fn undisturbed(&mut self) {
        let mut client = self.prepared();
        let constant = text(&mut client, self.work.constant);
        let started = Instant::now();
        let answer = text(&mut client, &self.statement());
        self.takes = started.elapsed();
        let state = text(&mut client, self.work.state);
        if answer != "fine" || !(self.work.is_done)(&state, self.number) {
            self.wrongs.note(format!("undisturbed: {answer}, {state}"));
        }
        self.is_sound(&mut client, &constant);
        self.number += 1;
    }

    fn statement(&self) -> String {
        self.work.statement.replace("{n}", &self.number.to_string())
    }

    fn prepared(&self) -> Client {
        (self.work.prepare)(&mut connect(self.work.database), self.number);
        connect(self.work.database)
    }

    fn crashed(&mut self, dice: &mut Dice, crash: Crash) {
        let mut client = self.prepared();
        let before = text(&mut client, self.work.state);
        let constant = text(&mut client, self.work.constant);
        let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).expect("a pid").get(0);
        let mut witness = superuser("postgres");
        let delay = self.takes.mul_f64(dice.roll(1000) as f64 / 1000.0);
        let statement = self.statement();
        let cue = match crash {
            Crash::Backend => None,
            Crash::Server => Some(Cue::new("crash")),
            Crash::Immediate => Some(Cue::new("immediate")),
        };
        let answer = thread::scope(|scope| {
            let working = scope.spawn(|| client.query_one(&statement, &[]).map(|row| row.get::<_, Option<String>>(0)));
            thread::sleep(delay);
            match cue {
                None => kill(pid),
                Some(cue) => cue.go(),
            }
            working.join().expect("who works")
        });
        // The server notices the death of a backend, and begins anew, in its own time.
        let fell = Instant::now();
        while witness.query("SELECT", &[]).is_ok() {
            assert!(fell.elapsed() < PATIENCE, "{crash:?}: the server goes on as if nothing had happened");
            thread::sleep(Duration::from_millis(2));
        }
        let mut client = connect(self.work.database);
        let after = text(&mut client, self.work.state);
        let is_done = after != before && (self.work.is_done)(&after, self.number);
        let same = self.work.state == "SELECT ''" || after == before;
        match (&answer, is_done, same) {
            (Err(_), _, true) => self.cut += 1,
            // Committed, and nobody was told.
            (_, true, _) => self.done += 1,
            (Ok(_), _, true) if self.work.state == "SELECT ''" => self.done += 1,
            _ => self.wrongs.note(format!("{crash:?} after {delay:?}: {answer:?}; {before} became {after}")),
        }
        let is_installed = !text(&mut client, "SELECT pg_catalog.to_regclass('public.ai_usage')::text").is_empty();
        if is_installed {
            self.is_sound(&mut client, &constant);
        }
        if is_done {
            self.number += 1;
        }
    }

    fn is_sound(&self, client: &mut Client, constant: &str) {
        let wrong = "SELECT v::text FROM model_access.verify() AS v WHERE NOT v.ok UNION ALL SELECT v::text FROM public.verify_quota() AS v";
        let rows = client.query(wrong, &[]).map_err(|error| format!("{error:?}"));
        match rows {
            Ok(rows) => self.wrongs.note_all(rows.iter().map(|row| row.get(0))),
            Err(error) => self.wrongs.note(error),
        }
        if self.work.database == DATABASE {
            self.wrongs.note_all(server::wrong(client));
        }
        let found = text(client, self.work.constant);
        if found != constant {
            self.wrongs.note(format!("{constant} became {found}"));
        }
    }
}
