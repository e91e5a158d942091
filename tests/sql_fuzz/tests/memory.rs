//! A backend that makes many calls needs no more memory than one that made a few: in transactions of their own, in one long
//! transaction, and in a loop of the server's own.
//!
//! What counts is the anonymous memory of the process: the server's contexts and Rust's heap, without shared buffers.

use model_access_sql_fuzz::{login, setting};
use postgres::Client;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// A statement that is made again and again.
struct Hot {
    name: &'static str,
    statement: &'static str,
    /// Whether it writes rows: those of one long transaction are versions of one counter, which each call goes through, so
    /// that fewer are made there.
    writes: bool,
}

const fn hot(name: &'static str, statement: &'static str, writes: bool) -> Hot {
    Hot { name, statement, writes }
}

/// Readers come first: what writers leave behind makes the summary long.
const HOT: [Hot; 9] = [
    // One that were refused would be another call: it would divide by zero.
    hot("check", "SELECT 1 / (public.check_model_quota(test.id('A'), 'acme/m1', 10)).allowed::integer", false),
    hot("list", "SELECT count(*) FROM public.get_user_allowed_models_v2(test.id('A'))", false),
    hot("list as JSON", "SELECT public.get_user_allowed_models_json(test.id('A'))", false),
    hot(
        "estimate",
        r#"SELECT public.estimate_model_cost('acme/m1', '{"prompt_tokens": 100, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 60}}')"#,
        false,
    ),
    hot(
        "summary",
        "SELECT count(*) FROM public.get_usage_summary(now() - interval '1 day', now(), '{day,model}')",
        false,
    ),
    hot("no token", "SELECT public.decrypt_token('c29tZXRoaW5nIGVsc2U=', 'k')", false),
    hot("consume", "SELECT 1 / (public.consume_model_quota(test.id('A'), 'acme/m1', 1)).allowed::integer", true),
    hot(
        "reserve and settle",
        r#"SELECT public.settle_model_quota((public.reserve_model_quota(test.id('A'), 'acme/m2', 5, 5)).reservation_id, '{"prompt_tokens": 5, "completion_tokens": 4}')"#,
        true,
    ),
    hot(
        "record",
        r#"SELECT public.record_model_usage(test.id('B'), 'acme/m3', '{"prompt_tokens": 5, "completion_tokens": 4}')"#,
        true,
    ),
];

/// Samples of a measurement; of fewer a slope says nothing.
const SAMPLES: u64 = 20;
const LEAST_SAMPLES: usize = 10;
/// kB per 10⁴ calls: the promise, of so many calls.
const FLAT: f64 = 1.0;
const MANY: u64 = 100_000;
/// Of fewer calls, a few pages that come once weigh more: kB per call of the measurement, and the most.
const NOISE: f64 = 2_000_000.0;
const MOST_NOISE: f64 = 2000.0;
/// Another promise: the server itself keeps, to the end of a transaction, each version of a row that the transaction wrote
/// and replaced (combo command ids), and its subtransactions: below 800 bytes a call.
const KEPT_BY_TRANSACTION: f64 = 8000.0;
/// Calls of a writer in one transaction.
const WRITES_AT_ONCE: u64 = 2000;
/// A reader makes this part of its calls in one transaction, and at least so many: a loop that is over at once is seen in the
/// middle of one call and of another. Many calls it makes in a loop too.
const READS_AT_ONCE: u64 = 5;
const LEAST_READS: u64 = 2000;

/// How long a loop goes on at least: one that is over in a few milliseconds is hardly looked at.
const LEAST_SECONDS: f64 = 0.3;

/// Anonymous memory, kB.
fn anonymous(backend: i32) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{backend}/smaps_rollup")).expect("the backend's memory");
    let line = rollup.lines().find(|line| line.starts_with("Anonymous:")).expect("its anonymous part");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

/// What memory grows by, kB per 10⁴ calls. A leak goes on: of the first and the second half of the samples the flatter one counts.
/// What the server builds anew when statistics change (plans, caches) settles: 60 kB within 30,000 calls, then none in 200,000.
fn slope(samples: &[(f64, f64)]) -> f64 {
    let (first, second) = samples.split_at(samples.len() / 2);
    median_slope(first).min(median_slope(second))
}

/// The median of the slopes between any two samples: a step that happens once does not count.
fn median_slope(samples: &[(f64, f64)]) -> f64 {
    let mut slopes: Vec<f64> = Vec::new();
    for (place, (calls, memory)) in samples.iter().enumerate() {
        let later = samples[place + 1..].iter().filter(|(more, _)| more > calls);
        slopes.extend(later.map(|(more, then)| (then - memory) / (more - calls) * 10_000.0));
    }
    slopes.sort_by(f64::total_cmp);
    slopes.get(slopes.len() / 2).copied().unwrap_or(0.0)
}

struct Measured {
    calls: u64,
    samples: usize,
    slope: f64,
    seconds: f64,
}

impl Measured {
    fn is_flat(&self) -> bool {
        self.slope < if self.calls >= MANY { FLAT } else { (NOISE / self.calls as f64).min(MOST_NOISE) }
    }
}

/// Calls by a client, in one transaction or in one each.
fn one_by_one(client: &mut Client, backend: i32, hot: &Hot, calls: u64, in_one: bool) -> Measured {
    let statement = client.prepare(hot.statement).expect(hot.statement);
    if in_one {
        client.batch_execute("BEGIN").expect("a transaction");
    }
    // What is cached is cached after the first; a plan is chosen at the sixth.
    for _ in 0..(calls / 10).max(100) {
        client.execute(&statement, &[]).expect(hot.name);
    }
    let begun = Instant::now();
    let mut samples = vec![(0.0, anonymous(backend))];
    let between = (calls / SAMPLES).max(1);
    for sample in 1..=SAMPLES {
        for _ in 0..between {
            client.execute(&statement, &[]).expect(hot.name);
        }
        samples.push(((sample * between) as f64, anonymous(backend)));
    }
    if in_one {
        client.batch_execute("COMMIT").expect("its end");
    }
    Measured {
        calls: between * SAMPLES,
        samples: samples.len(),
        slope: slope(&samples),
        seconds: begun.elapsed().as_secs_f64(),
    }
}

/// Calls by a loop of the server, watched from beside: what is given back at its end counts too.
fn in_a_loop(client: &mut Client, backend: i32, hot: &Hot, calls: u64) -> Measured {
    let perform = hot.statement.replacen("SELECT", "PERFORM", 1);
    let block = |calls| format!("DO $do$ BEGIN FOR i IN 1..{calls} LOOP {perform}; END LOOP; END $do$");
    let (before, begun) = ((calls / 10).max(100), Instant::now());
    client.batch_execute(&block(before)).expect(hot.name);
    let seconds_each = begun.elapsed().as_secs_f64() / before as f64;
    let calls = calls.max((LEAST_SECONDS / seconds_each) as u64);
    let (over, begun) = (AtomicBool::new(false), Instant::now());
    let mut samples = thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut samples = Vec::new();
            while !over.load(Ordering::Relaxed) {
                samples.push((begun.elapsed().as_secs_f64(), anonymous(backend)));
                thread::sleep(Duration::from_millis(1));
            }
            samples
        });
        client.batch_execute(&block(calls)).expect(hot.name);
        over.store(true, Ordering::Relaxed);
        watch.join().expect("the watcher")
    });
    let seconds = begun.elapsed().as_secs_f64();
    let every = (samples.len() / 200).max(1);
    samples = samples.into_iter().step_by(every).map(|(at, memory)| (at / seconds * calls as f64, memory)).collect();
    Measured { calls, samples: samples.len(), slope: slope(&samples), seconds }
}

#[test]
fn memory_stays_flat() {
    let calls = setting("MEMORY_CALLS", 300);
    let mut figures = String::new();
    let mut failures = Vec::new();
    for hot in &HOT {
        let mut client = login("fuzz_memory", "postgres");
        let backend: i32 = client.query_one("SELECT pg_catalog.pg_backend_pid()", &[]).expect("a backend").get(0);
        let at_once = if hot.writes { calls.min(WRITES_AT_ONCE) } else { (calls / READS_AT_ONCE).max(LEAST_READS) };
        let in_loop = if calls >= MANY && !hot.writes { calls } else { at_once };
        let measured = [
            ("each in a transaction", one_by_one(&mut client, backend, hot, calls, false), false),
            ("all in one transaction", one_by_one(&mut client, backend, hot, at_once, true), hot.writes),
            ("in a DO loop", in_a_loop(&mut client, backend, hot, in_loop), hot.writes),
        ];
        for (how, measured, kept) in measured {
            let line = format!(
                "memory: {}, {how}: {:+.2} kB per 10^4 calls, of {} calls in {:.1} s, {} samples",
                hot.name, measured.slope, measured.calls, measured.seconds, measured.samples
            );
            writeln!(figures, "{line}").expect("a string");
            let is_flat = measured.is_flat() || kept && measured.slope < KEPT_BY_TRANSACTION;
            if !is_flat || measured.samples < LEAST_SAMPLES {
                failures.push(line);
            }
        }
    }
    println!("{figures}");
    if let Ok(file) = env::var("MEMORY_FIGURES") {
        fs::write(file, &figures).expect("the figures are written");
    }
    assert!(failures.is_empty(), "memory grows, or was hardly looked at:\n{}", failures.join("\n"));
}
