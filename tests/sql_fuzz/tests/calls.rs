//! Every function of ours, called by everyone with anything: no crash, no internal error, no error that is not listed, and
//! afterwards everything is as consistent as before.

#[path = "calls/fuzzer.rs"]
mod fuzzer;
#[path = "calls/tally.rs"]
mod tally;

use fuzzer::Fuzzer;
use model_access_sql_fuzz::{login, setting};
use postgres::Client;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs};

/// So many calls a second are the least; a debug build beside other work makes ten times as many.
const MIN_CALLS_PER_SECOND: u64 = 10;

/// So many kinds of UPDATE and DELETE are the least: calls of all functions run about forty in five seconds.
const LEAST_WRITES: i64 = 20;

/// Lines of a server's log that no call may cause.
const TROUBLE: [&str; 8] = [
    "PANIC:",
    "terminated by signal",
    "crash of another",
    "panicked at",
    "XX000",
    "leak",
    "not closed",
    "automatic recovery",
];

fn started(client: &mut Client) -> String {
    client.query_one("SELECT pg_catalog.pg_postmaster_start_time()::text", &[]).expect("a clock").get(0)
}

fn rows(client: &mut Client, query: &str) -> Vec<String> {
    client.query(query, &[]).expect(query).into_iter().map(|row| row.get(0)).collect()
}

/// What the server says of itself after it all.
fn is_whole(client: &mut Client, failures: &mut Vec<String>) {
    let wrong = [
        ("verify()", "SELECT v::text FROM model_access.verify() AS v WHERE NOT v.ok"),
        ("verify_quota()", "SELECT v::text FROM model_access.verify_quota() AS v"),
        (
            "the list of models",
            "SELECT p || ': ' || test.compared_list(p) FROM unnest('{A,B,P}'::text[]) AS p WHERE test.compared_list(p) NOT LIKE 'same%'",
        ),
        (
            "a sync",
            "SELECT s::text FROM public.force_sync_openrouter_models(test.feed(5)) AS s WHERE NOT (s ->> 'success')::boolean",
        ),
        (
            "a reservation",
            "SELECT 'refused: ' || r.reason FROM public.reserve_model_quota(test.id('N'), 'last/one', 1, 1) AS r
              WHERE r.reason IS DISTINCT FROM 'model_not_found'",
        ),
    ];
    for (what, query) in wrong {
        failures.extend(rows(client, query).into_iter().take(3).map(|row| format!("afterwards {what}: {row}")));
    }
}

/// API-01: what safeupdate would refuse. bin/check looks at the text of all statements, here are those that were put together.
fn writes_have_a_where(failures: &mut Vec<String>) {
    let mut client = login("postgres", "supabase_admin");
    let writes = r"FROM pg_stat_statements AS s JOIN pg_database AS d ON d.oid = s.dbid AND d.datname = 'fuzz_calls'
        WHERE s.query ~* '\m(update\s+(only\s+)?[\w.\x22]+(\s+(as\s+)?\w+)?\s+set|delete\s+from)\M'";
    let without = rows(&mut client, &format!(r"SELECT left(s.query, 200) {writes} AND s.query !~* '\mwhere\M'"));
    failures.extend(without.into_iter().take(5).map(|query| format!("without a WHERE: {query}")));
    let seen: i64 = client.query_one(&format!("SELECT count(*) {writes}"), &[]).expect("statements").get(0);
    if seen < LEAST_WRITES {
        failures.push(format!("only {seen} kinds of UPDATE and DELETE were seen"));
    }
}

fn log_is_clean(failures: &mut Vec<String>) {
    let log = env::var("SQL_FUZZ_LOG").expect("SQL_FUZZ_LOG is set by tests/sql_fuzz/run");
    let bytes = fs::read(log).expect("the server's log");
    let text = String::from_utf8_lossy(&bytes);
    // What a call said itself stands behind STATEMENT and QUERY.
    let lines = text.lines().filter(|line| !["STATEMENT:", "QUERY:", "DETAIL:"].iter().any(|word| line.contains(word)));
    let trouble = lines.filter(|line| TROUBLE.iter().any(|word| line.contains(word)));
    failures.extend(
        trouble.take(5).map(|line| format!("the server's log: {}", line.chars().take(300).collect::<String>())),
    );
}

#[test]
fn no_call_breaks_anything() {
    let seconds = setting("SQL_FUZZ_SECONDS", 5);
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_micros());
    let seed = setting("SQL_FUZZ_SEED", u64::try_from(clock).unwrap_or(1)).max(1);
    println!("SQL_FUZZ_SEED={seed}");
    let mut owner = login("fuzz_calls", "supabase_admin");
    let before = started(&mut owner);
    let begun = Instant::now();
    let mut fuzzer = Fuzzer::new(seed);
    fuzzer.run(Duration::from_secs(seconds));
    let figures =
        format!("sql_fuzz: {} s, SQL_FUZZ_SEED={seed}, {}\n", begun.elapsed().as_secs(), fuzzer.tally.figures());
    println!("{figures}");
    if let Ok(file) = env::var("SQL_FUZZ_FIGURES") {
        fs::write(file, &figures).expect("the figures are written");
    }
    let mut failures = fuzzer.tally.failures(MIN_CALLS_PER_SECOND * seconds);
    drop(fuzzer);
    let mut owner = login("fuzz_calls", "supabase_admin");
    if started(&mut owner) != before {
        failures.push("the server was restarted".to_owned());
    }
    is_whole(&mut owner, &mut failures);
    writes_have_a_where(&mut failures);
    log_is_clean(&mut failures);
    assert!(failures.is_empty(), "{} failures with SQL_FUZZ_SEED={seed}:\n{}", failures.len(), failures.join("\n"));
}
