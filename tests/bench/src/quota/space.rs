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

/// Makes calls, each with an idempotency key, and looks at the tables.
pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    let calls: u64 = options.quick_or(300, 20_000);
    let people: u64 = options.quick_or(10, 200);
    let mut owner = database("_space")?;
    people::make(&mut owner, 1, people)?;
    owner.batch_execute(&format!("VACUUM {TABLES}"))?;
    let empty = sizes(&mut owner)?;
    call(calls, people)?;
    for table in ["quota_usage", "quota_reservations"] {
        let share = updated_in_place(&mut owner, table)?;
        report.bound(format!("{table}: share of updates in place ≥ {IN_PLACE}"), Limit::AtLeast(IN_PLACE), share);
    }
    owner.batch_execute(&format!("VACUUM {TABLES}"))?;
    verify(&mut owner)?;
    let kept = sizes(&mut owner)?;
    // As expire_reservations() does after key_retention, which cannot be set below a day.
    owner.batch_execute("DELETE FROM public.quota_requests WHERE true")?;
    owner.batch_execute("DELETE FROM public.quota_reservations WHERE true")?;
    owner.batch_execute(&format!("VACUUM {TABLES}"))?;
    let left = sizes(&mut owner)?;
    verify(&mut owner)?;

    let per_call = |sizes: &[(String, i64)]| -> Vec<f64> {
        let grown = sizes.iter().zip(&empty).map(|((_, size), (_, empty))| (size - empty) as f64 / calls as f64);
        grown.collect()
    };
    let (kept, left) = (per_call(&kept), per_call(&left));
    let mut rows: Vec<Row> = empty
        .iter()
        .zip(kept.iter().zip(&left))
        .map(|((table, _), (kept, left))| Row { label: table.clone(), rounds: vec![vec![*kept, *left]] })
        .collect();
    let sum = [kept.iter().sum(), left.iter().sum()];
    rows.push(Row { label: "all".to_owned(), rounds: vec![sum.to_vec()] });
    let name = format!("bytes per call with indexes, {calls} calls of {people} users, reserved with a key and settled");
    let figures = Figures { name, columns: &["kept", "after keeping"], rows };
    let ledger = figures.median("ai_usage", "kept");
    report.bound(format!("ai_usage: ≤ {LEDGER_BYTES} bytes a row with indexes"), Limit::AtMost(LEDGER_BYTES), ledger);
    let all = figures.median("all", "after keeping");
    let promise = format!("all tables: ≤ {CALL_BYTES} bytes a call after key_retention");
    report.bound(promise, Limit::AtMost(CALL_BYTES), all);
    report.add_figures(figures);
    Ok(())
}

fn sizes(owner: &mut Client) -> Result<Vec<(String, i64)>> {
    let rows = owner.query(include_str!("../../sql/quota_sizes.sql"), &[])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

fn call(calls: u64, people: u64) -> Result<()> {
    let mut caller = Caller::connect_to("_space")?.client;
    caller.batch_execute("SET synchronous_commit = off")?;
    let (reserve, settle) = (caller.prepare(RESERVE)?, caller.prepare(SETTLE)?);
    let mut reserved: VecDeque<Uuid> = VecDeque::new();
    for number in 0..calls {
        let user = person(1 + number * 7919 % people);
        let key = Uuid::from_u128(u128::from(number)).to_string();
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
