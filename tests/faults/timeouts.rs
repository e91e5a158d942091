//! lock_timeout and idle_in_transaction_session_timeout: calls that wait for one another.

use crate::report::Wrongs;
use crate::server::{self, Life, code, text};
use postgres::{Client, Error};
use std::thread;
use std::time::{Duration, Instant};

const DATABASE: &str = "faults_timeouts";
/// lock_timeout of who waits.
const PATIENCE: Duration = Duration::from_millis(100);
/// Later than that it has not been heeded.
const TOO_LATE: Duration = Duration::from_secs(3);

/// What waits for what. `{n}` is another number each time, `{r}` a live reservation, `{u}` a row of the ledger.
struct Wait {
    what: &'static str,
    holder: &'static str,
    waiter: &'static str,
}

const CONSUME: &str =
    "SELECT d.allowed::text FROM public.consume_model_quota(test.id('A'), 'acme/m1', 10, 1, 'k{n}') AS d";
const SETTLE: &str = "SELECT d.tokens::text FROM public.settle_model_quota('{r}', '{\"total_tokens\": 7}') AS d";
const SYNC: &str =
    "SELECT (a ->> 'success') || coalesce(' ' || (SELECT l.error_details ->> 'sqlstate' FROM public.model_sync_log AS l
    WHERE l.id::text = a ->> 'sync_log_id'), '') FROM public.sync_openrouter_models(test.priced(40, {n})) AS a";
const VOID: &str = "SELECT d.tokens::text FROM public.void_usage('{u}', 'faults') AS d";

const WAITS: [Wait; 16] = [
    Wait {
        what: "a counter",
        holder: CONSUME,
        waiter: "SELECT d.allowed::text FROM public.consume_model_quota(test.id('A'), 'acme/m2', 10) AS d",
    },
    Wait {
        what: "a counter, by a batch",
        holder: CONSUME,
        waiter: "SELECT public.consume_model_quota_batch(jsonb_build_array(jsonb_build_object('user_uuid', test.id('A'), 'model_id', 'acme/m1', 'tokens', 5)))::text",
    },
    Wait {
        what: "a counter, by a record",
        holder: CONSUME,
        waiter: "SELECT d.tokens::text FROM public.record_model_usage(test.id('A'), 'acme/m1', '{\"total_tokens\": 5}') AS d",
    },
    Wait {
        what: "a counter, by a reservation",
        holder: CONSUME,
        waiter: "SELECT d.allowed::text FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 5, 5) AS d",
    },
    Wait {
        what: "a counter, by an adjustment",
        holder: CONSUME,
        waiter: "SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'each', 1, 'faults')::text",
    },
    Wait {
        what: "a pool's counter",
        holder: CONSUME,
        waiter: "SELECT d.allowed::text FROM public.consume_model_quota(test.id('T'), 'acme/m3', 10) AS d",
    },
    Wait { what: "a key", holder: CONSUME, waiter: CONSUME },
    Wait { what: "a reservation", holder: SETTLE, waiter: SETTLE },
    Wait {
        what: "a reservation, by a release",
        holder: SETTLE,
        waiter: "SELECT d.allowed::text FROM public.release_model_quota('{r}') AS d",
    },
    Wait {
        what: "the catalogue",
        holder: SYNC,
        waiter: "SELECT public.update_model_tier_access('acme/m1', true, true, true, 'active')::text",
    },
    Wait { what: "the catalogue, by a sync", holder: SYNC, waiter: SYNC },
    Wait {
        what: "corrections",
        holder: VOID,
        waiter: "SELECT public.reprice_usage('acme/m9', '-infinity', 'infinity', 'faults')::text",
    },
    Wait { what: "calls, by who forgets", holder: CONSUME, waiter: "SELECT public.forget_user(test.id('A'))::text" },
    Wait {
        what: "calls, by the months",
        holder: CONSUME,
        waiter: "SELECT public.maintain_usage_partitions('2 months')::text",
    },
    Wait {
        what: "the months",
        holder: "SELECT public.maintain_usage_partitions()::text",
        waiter: "SELECT public.maintain_usage_partitions()::text",
    },
    Wait {
        what: "an installation",
        holder: "SELECT count(*)::text FROM model_access.install()",
        waiter: "SELECT count(*)::text FROM model_access.install()",
    },
];

impl Wait {
    fn filled(&self, client: &mut Client, number: usize) -> (String, String) {
        let reserve =
            "SELECT d.reservation_id::text FROM public.reserve_model_quota(test.id('B'), 'acme/m1', 5, 5) AS d";
        let record = "SELECT d.usage_id::text FROM public.record_model_usage(test.id('B'), 'acme/m1', '{\"total_tokens\": 5}') AS d";
        let (reservation, usage) = (text(client, reserve), text(client, record));
        // A month that is old enough, for who would drop it.
        client.batch_execute("SELECT model_access.make_usage_partitions(test.m(8), 1)").expect("old months");
        let fill = |statement: &str| {
            statement.replace("{n}", &number.to_string()).replace("{r}", &reservation).replace("{u}", &usage)
        };
        (fill(self.holder), fill(self.waiter))
    }
}

pub fn run() -> bool {
    let mut admin = server::fresh(DATABASE, "");
    admin.batch_execute("CALL test.priced_calls(10)").expect("a ledger");
    let (wrongs, life) = (Wrongs::default(), Life::begins());
    let slowest =
        WAITS.iter().enumerate().map(|(place, wait)| lock_timeout(&mut admin, wait, 100 + place, &wrongs)).max();
    wrongs.note_all(server::wrong(&mut admin));
    let figures =
        format!("{} kinds of waits, lock_timeout {PATIENCE:?}, at most {:?}", WAITS.len(), slowest.unwrap_or_default());
    let mut kept = wrongs.told("who waits is told 55P03 at his lock_timeout, and works when he asks again", &figures);

    for (place, wait) in WAITS.iter().enumerate() {
        idle_timeout(&mut admin, wait, 500 + place, &wrongs);
    }
    wrongs.note_all(server::wrong(&mut admin));
    let left = text(
        &mut admin,
        r"SELECT string_agg(u.idempotency_key, ', ') FROM public.ai_usage AS u WHERE u.idempotency_key ~ '^k5\d\d$'",
    );
    if !left.is_empty() {
        wrongs.note(format!("a call of a transaction that was ended is in the ledger: {left}"));
    }
    life.went_on(&wrongs);
    let figures = format!("{} kinds of waits", WAITS.len());
    kept &= wrongs.told("who idles in a transaction is ended, undone, and waited for no longer", &figures);
    std::mem::drop(admin);
    server::drop(DATABASE);
    kept
}

/// One waits until his lock_timeout; once the other has rolled back he asks again. Returns how long he waited.
fn lock_timeout(admin: &mut Client, wait: &Wait, number: usize, wrongs: &Wrongs) -> Duration {
    let (hold, ask) = wait.filled(admin, number);
    let (mut holder, mut waiter) = (server::connect(DATABASE), server::connect(DATABASE));
    let mut held = holder.transaction().expect("a transaction");
    held.query(&hold, &[]).unwrap_or_else(|error| panic!("{hold}: {error:?}"));
    waiter.batch_execute(&format!("SET lock_timeout = {}", PATIENCE.as_millis())).expect("a timeout");
    let started = Instant::now();
    let answer = waiter.query(&ask, &[]).map(|rows| rows.first().and_then(|row| row.get::<_, Option<String>>(0)));
    let waited = started.elapsed();
    match &answer {
        Err(error) if code(error) == "55P03" => {}
        // A sync answers, and logs why.
        Ok(_) if wait.what.ends_with("by a sync") => {
            let logged = text(
                admin,
                "SELECT string_agg(l.error_details ->> 'sqlstate', ' ') FROM public.model_sync_log AS l WHERE l.sync_status = 'failed'",
            );
            if !logged.split(' ').all(|code| code == "55P03") || logged.is_empty() {
                wrongs.note(format!("{}: {answer:?}, logged {logged}", wait.what));
            }
        }
        other => wrongs.note(format!("{}: {other:?}", wait.what)),
    }
    if waited < PATIENCE || waited > TOO_LATE {
        wrongs.note(format!("{}: waited {waited:?}", wait.what));
    }
    held.rollback().expect("rolled back");
    is_done(&mut waiter, &ask, &format!("{}, once nobody held it", wait.what), wrongs);
    waited
}

/// Asks, and notes an error or a refusal.
fn is_done(client: &mut Client, ask: &str, what: &str, wrongs: &Wrongs) {
    let answer: Result<Option<String>, Error> =
        client.query(ask, &[]).map(|rows| rows.first().and_then(|row| row.get(0)));
    let is_refusal = |answer: &str| {
        answer.starts_with("false")
            || ["success", "allowed"].iter().any(|key| answer.contains(&format!("\"{key}\": false")))
    };
    match answer {
        Ok(Some(answer)) if !is_refusal(&answer) => {}
        other => wrongs.note(format!("{what}: {other:?}")),
    }
}

/// Makes the holder's call in a transaction that the server will end, and waits for no end.
fn idles(hold: &str, what: &str, wrongs: &Wrongs) -> Client {
    let mut holder = server::connect(DATABASE);
    holder.batch_execute("SET idle_in_transaction_session_timeout = 100; BEGIN").expect("a transaction");
    is_done(&mut holder, hold, &format!("{what}, who holds it"), wrongs);
    holder
}

/// One idles in his transaction until the server ends him: then everything is as it was.
fn is_undone(admin: &mut Client, hold: &str, what: &str, wrongs: &Wrongs) {
    const IDLE: &str = "SELECT count(*)::text FROM pg_catalog.pg_stat_activity AS a WHERE a.datname = current_database() AND a.state LIKE 'idle in transaction%'";
    let before = text(admin, "SELECT test.everything()");
    let holder = idles(hold, what, wrongs);
    let started = Instant::now();
    while text(admin, IDLE) != "0" && started.elapsed() < TOO_LATE {
        thread::sleep(Duration::from_millis(5));
    }
    let after = text(admin, "SELECT test.everything()");
    if after != before {
        let differs = |(before, after): (&str, &str)| (before != after).then(|| format!("{before} became {after}"));
        let different: Vec<String> = before.lines().zip(after.lines()).filter_map(differs).collect();
        wrongs.note(format!("{what}, of who was idle: {different:?}"));
    }
    std::mem::drop(holder);
}

/// One idles in his transaction until the server ends him; the other waits for that.
fn idle_timeout(admin: &mut Client, wait: &Wait, number: usize, wrongs: &Wrongs) {
    let (hold, ask) = wait.filled(admin, number);
    let ask = ask.replace(&format!("k{number}'"), &format!("k{number}0'"));
    is_undone(admin, &hold, wait.what, wrongs);
    let mut waiter = server::connect(DATABASE);
    waiter.batch_execute("SET statement_timeout = '5s'").expect("a timeout");
    let mut holder = idles(&hold, wait.what, wrongs);
    is_done(&mut waiter, &ask, &format!("{}, of who was idle", wait.what), wrongs);
    thread::sleep(Duration::from_millis(20));
    if holder.batch_execute("COMMIT").is_ok() {
        wrongs.note(format!("{}: who was idle could commit", wait.what));
    }
}
