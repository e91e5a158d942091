//! What stays of calls: bytes per table, and whether counters and reservations are updated in place.

use super::people::{self, LIMITED, person};
use super::{database, verify};
use crate::Result;
use crate::figures::{Figures, Row};
use crate::goal::Limit;
use crate::options::Options;
use crate::report::Report;
use crate::server::Caller;
use postgres::Client;
use std::collections::VecDeque;
use uuid::Uuid;

const RESERVE: &str = "SELECT reservation_id FROM public.reserve_model_quota($1, $2, 500, 1000, $3)";
const SETTLE: &str =
    "SELECT usage_id FROM public.settle_model_quota($1, '{\"prompt_tokens\": 500, \"completion_tokens\": 700}')";
/// Calls that are reserved and not yet settled.
const IN_FLIGHT: usize = 32;
const TABLES: &str =
    "public.ai_usage, public.quota_usage, public.quota_holds, public.quota_reservations, public.quota_requests";
/// Of updates, the share that must stay on their page and touch no index.
const IN_PLACE: f64 = 0.95;
const LEDGER_BYTES: f64 = 480.0;
const CALL_BYTES: f64 = 1100.0;
const ALL: &str = "all";

/// Names with bytes.
type Sizes = Vec<(String, i64)>;

/// Makes calls without and with an idempotency key, and looks at the tables.
pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    let calls: u64 = options.quick_or(300, 20_000);
    let people: u64 = options.quick_or(10, 200);
    let mut owner = database("_space")?;
    people::make(&mut owner, 1, people)?;
    let empty = parts(&mut owner)?;
    call(calls, people, false)?;
    let without_key = parts(&mut owner)?;
    forget(&mut owner)?;
    let before = sizes(&mut owner)?;
    call(calls, people, true)?;
    for table in ["quota_usage", "quota_reservations"] {
        let share = updated_in_place(&mut owner, table)?;
        report.bound(format!("{table}: share of updates in place ≥ {IN_PLACE}"), Limit::AtLeast(IN_PLACE), share);
    }
    let with_key = parts(&mut owner)?;
    let kept = sizes(&mut owner)?;
    verify(&mut owner)?;

    let ledger = [growth(&empty, &without_key, calls), growth(&without_key, &with_key, calls)];
    let name = format!("bytes a row of ai_usage, {calls} calls of {people} users, reserved and settled");
    let figures = table(name, &["no key", "key"], &empty, &ledger);
    for column in figures.columns {
        let promise = format!("ai_usage, {column}: ≤ {LEDGER_BYTES} bytes a row with indexes");
        report.bound(promise, Limit::AtMost(LEDGER_BYTES), figures.median(ALL, column));
    }
    report.add_figures(figures);

    forget(&mut owner)?;
    let left = sizes(&mut owner)?;
    verify(&mut owner)?;
    let per_call = [growth(&before, &kept, calls), growth(&before, &left, calls)];
    let name = format!("bytes per call with indexes, {calls} calls of {people} users, reserved with a key and settled");
    let figures = table(name, &["kept", "after keeping"], &kept, &per_call);
    let promise = format!("all tables: ≤ {CALL_BYTES} bytes a call after key_retention");
    report.bound(promise, Limit::AtMost(CALL_BYTES), figures.median(ALL, "after keeping"));
    report.add_figures(figures);
    Ok(())
}

/// As `expire_reservations()` does after `key_retention`, which cannot be set below a day.
fn forget(owner: &mut Client) -> Result<()> {
    owner.batch_execute("DELETE FROM public.quota_requests WHERE true")?;
    Ok(owner.batch_execute("DELETE FROM public.quota_reservations WHERE true")?)
}

fn sizes(owner: &mut Client) -> Result<Sizes> {
    read(owner, include_str!("../../sql/quota_sizes.sql"))
}

fn parts(owner: &mut Client) -> Result<Sizes> {
    read(owner, include_str!("../../sql/ledger_parts.sql"))
}

/// After VACUUM.
fn read(owner: &mut Client, query: &str) -> Result<Sizes> {
    owner.batch_execute(&format!("VACUUM {TABLES}"))?;
    Ok(owner.query(query, &[])?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Bytes per call that came between two looks.
fn growth(before: &Sizes, after: &Sizes, calls: u64) -> Vec<f64> {
    before.iter().zip(after).map(|((_, before), (_, after))| (after - before) as f64 / calls as f64).collect()
}

/// A table of what each of some names has in each column, and of the sums.
fn table(name: String, columns: &'static [&'static str], names: &Sizes, figures: &[Vec<f64>]) -> Figures {
    let labels = names.iter().map(|(name, _)| name.clone());
    let mut rows: Vec<Row> = labels
        .enumerate()
        .map(|(place, label)| Row { label, rounds: vec![figures.iter().map(|column| column[place]).collect()] })
        .collect();
    let sums = figures.iter().map(|column| column.iter().sum()).collect();
    rows.push(Row { label: ALL.to_owned(), rounds: vec![sums] });
    Figures { name, columns, rows }
}

fn call(calls: u64, people: u64, with_key: bool) -> Result<()> {
    let mut caller = Caller::connect_to("_space")?.client;
    caller.batch_execute("SET synchronous_commit = off")?;
    let (reserve, settle) = (caller.prepare(RESERVE)?, caller.prepare(SETTLE)?);
    let mut reserved: VecDeque<Uuid> = VecDeque::new();
    for number in 0..calls {
        let user = person(1 + number * 7919 % people);
        let key = with_key.then(|| Uuid::from_u128(u128::from(number)).to_string());
        reserved.push_back(caller.query_one(&reserve, &[&user, &LIMITED, &key])?.try_get(0)?);
        if reserved.len() == IN_FLIGHT
            && let Some(first) = reserved.pop_front()
        {
            caller.query_one(&settle, &[&first])?;
        }
    }
    for reservation in reserved {
        caller.query_one(&settle, &[&reservation])?;
    }
    // What the backend counted goes to the server's statistics with the end of this statement.
    Ok(caller.batch_execute("SELECT pg_stat_force_next_flush()")?)
}

fn updated_in_place(owner: &mut Client, table: &str) -> Result<f64> {
    let query = "SELECT t.n_tup_hot_upd::float8 / nullif(t.n_tup_upd, 0)
                   FROM pg_stat_user_tables AS t WHERE t.relid = ('public.' || $1::text)::regclass";
    Ok(owner.query_one(query, &[&table])?.get::<_, Option<f64>>(0).unwrap_or(f64::NAN))
}
