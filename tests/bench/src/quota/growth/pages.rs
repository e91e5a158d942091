//! Pages that calls read, and bytes that the ledger takes, in a database that grows.

use crate::Result;
use crate::figures::{Figures, Row};
use crate::goal::Limit;
use crate::measure::median;
use crate::quota::people::{LIMITED, TOKENS, person};
use crate::report::Report;
use crate::server;
use postgres::{Client, SimpleQueryMessage};
use serde_json::Value;

/// Whose usage is asked for. He has as many rows in the small ledger as in the large one, each among those of others.
const READER: u64 = 800_000_000;
const ROWS: i64 = 50;
/// After so many calls the plans are those that are kept.
const UNCOUNTED: u64 = 10;
const COUNTED: u64 = 21;

const COLUMNS: &[&str] = &["own usage", "status", "consume", "bytes a row"];
/// The columns that are pages.
const CALLS: usize = 3;
/// A call may read so many times the pages: an index of 10⁷ rows is a level or two higher than one of 10⁴.
const MOST: f64 = 1.5;
const LEDGER_BYTES: f64 = 480.0;

/// Fills a ledger that is empty with so many rows of so many people, the reader's among them.
pub fn fill(owner: &mut Client, rows: i64, people: i64, days: i32) -> Result<()> {
    let reader = i64::try_from(READER)?;
    owner.execute("CALL bench.make_people($1, $1, NULL)", &[&reader])?;
    let fill = "CALL bench.fill_ledger($1, $2, $3, $4, $5)";
    let part = rows / ROWS;
    for number in 0..ROWS {
        let last = if number == ROWS - 1 { rows } else { (number + 1) * part } - 1;
        owner.execute(fill, &[&(number * part), &last, &0_i64, &people, &days])?;
        owner.execute(fill, &[&number, &number, &reader, &1_i64, &days])?;
    }
    Ok(owner.execute("CALL bench.make_counters($1, $1)", &[&reader]).map(drop)?)
}

/// What a database of so many people reads and takes now.
pub fn look(suffix: &str, owner: &mut Client, name: String, label: &str, people: u64) -> Result<Figures> {
    let own = format!("SELECT * FROM public.ai_usage WHERE user_id = auth.uid() ORDER BY created_at DESC LIMIT {ROWS}");
    let status = format!("SELECT * FROM public.get_quota_status('{}')", person(READER));
    let consume = |turn: u64| {
        let user = person(turn * 7919 % people);
        format!("SELECT * FROM public.consume_model_quota('{user}', '{LIMITED}', {TOKENS})")
    };
    let round = vec![
        read(suffix, "authenticated", |_| own.clone())?,
        read(suffix, "service_role", |_| status.clone())?,
        read(suffix, "service_role", consume)?,
        owner.query_one(include_str!("../../../sql/ledger_bytes.sql"), &[])?.get(0),
    ];
    Ok(Figures { name, columns: COLUMNS, rows: vec![Row { label: label.to_owned(), rounds: vec![round] }] })
}

/// What must hold of the last look beside those before it, since which only people and rows became more.
pub fn promise(report: &mut Report, before: &[&Figures], after: &Figures, label: &str) {
    for column in &COLUMNS[..CALLS] {
        let pages = after.median(label, column);
        // Small tables may be read as a whole, which is more pages than a search: the fewest of all looks count.
        let fewest = before.iter().map(|look| look.median(label, column)).fold(f64::INFINITY, f64::min);
        let promise =
            format!("{}: {column} reads {pages} pages, ≤ {MOST} × the {fewest} of a smaller step", after.name);
        report.bound(promise, Limit::AtMost(MOST), pages / fewest);
    }
    let promise = format!("{}: ≤ {LEDGER_BYTES} bytes a row with indexes, no key", after.name);
    report.bound(promise, Limit::AtMost(LEDGER_BYTES), after.median(label, COLUMNS[CALLS]));
}

/// The pages of a query, found in memory or not: the median of some.
fn read(suffix: &str, role: &str, query: impl Fn(u64) -> String) -> Result<f64> {
    let mut client = server::owner_of(suffix)?;
    let claims = format!("{{\"sub\": \"{}\", \"role\": \"{role}\"}}", person(READER));
    client.execute(
        "SELECT set_config('request.jwt.claims', $1, false), set_config('role', $2, false)",
        &[&claims, &role],
    )?;
    let mut counts = Vec::new();
    for turn in 0..UNCOUNTED + COUNTED {
        counts.push(pages(&mut client, &query(turn))?);
    }
    Ok(median(counts.split_off(usize::try_from(UNCOUNTED)?)))
}

fn pages(client: &mut Client, query: &str) -> Result<f64> {
    let messages = client.simple_query(&format!("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {query}"))?;
    let text: Option<&str> = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let plan: Value = serde_json::from_str(text.ok_or("EXPLAIN says nothing")?)?;
    let blocks = |name: &str| plan[0]["Plan"][name].as_f64().ok_or_else(|| format!("EXPLAIN does not say {name:?}"));
    Ok(blocks("Shared Hit Blocks")? + blocks("Shared Read Blocks")?)
}
