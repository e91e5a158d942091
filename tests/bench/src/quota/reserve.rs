//! A call that is reserved and settled: the extension against the same writes as two statements.

use super::people::{self, LIMITED, ORGANIZATION, organization, person, same_outcome, today};
use crate::Result;
use crate::clients::Work;
use crate::contender::{Contender, admitted, compete};
use crate::measure::{Measure, Scenario};
use crate::options::Options;
use crate::report::Report;
use postgres::Client;
use uuid::Uuid;

const FLOOR: [&str; 2] = [include_str!("../../sql/quota_reserve.sql"), include_str!("../../sql/quota_settle.sql")];
const NATIVE: [&str; 2] = [
    "SELECT * FROM public.reserve_model_quota($1, $2, $3, $4)",
    "SELECT * FROM public.settle_model_quota($1, $2::text::jsonb)",
];
/// Transactions of a call: one reserves, one settles.
pub const STEPS: usize = 2;

const PROMPT: i64 = 500;
const LONGEST_ANSWER: i64 = 1000;
const ANSWER: i64 = 700;
const USAGE: &str = r#"{"prompt_tokens": 500, "completion_tokens": 700, "total_tokens": 1200}"#;

const FLOORS: u64 = 11;
const NATIVES: u64 = 12;
const COMPARED: u32 = 3;

/// Compares, then measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    people::make(owner, FLOORS, NATIVES)?;
    let steps = u32::try_from(STEPS)?;
    let mut contenders = [
        Contender::plain("floor", |client| plain(client, person(FLOORS)))?.without_waiting()?.on_one_core()?,
        Contender::native("native", |client| native(client, person(NATIVES)))?.without_waiting()?.on_one_core()?,
    ];
    for contender in &mut contenders {
        contender.sample(COMPARED * steps)?;
    }
    same_outcome(owner, "reserve and settle", person(FLOORS), person(NATIVES), PROMPT + ANSWER)?;

    let calls = options.quick_or(20, 500) * steps;
    let series = compete(&mut contenders, options.rounds, calls)?;
    let name = "reserve + settle, by the transaction, of which a call has two".to_owned();
    let scenario = report.add(Scenario { name, calls, references: &["floor"], series });
    report.goal(scenario, "native", "floor", Measure::Cpu, 0.8);
    Ok(())
}

/// By turns reserves and settles, by the extension.
pub fn native(client: &mut Client, user: Uuid) -> Result<Work> {
    let (reserve, settle) = (client.prepare(NATIVE[0])?, client.prepare(NATIVE[1])?);
    let mut reserved: Option<Uuid> = None;
    Ok(Box::new(move |client| {
        if let Some(reservation) = reserved.take() {
            client.query_one(&settle, &[&reservation, &USAGE])?;
        } else {
            let decision = client.query_one(&reserve, &[&user, &LIMITED, &PROMPT, &LONGEST_ANSWER])?;
            admitted(&decision)?;
            reserved = decision.try_get("reservation_id")?;
        }
        Ok(())
    }))
}

/// By turns reserves and settles, by plain statements.
pub fn plain(client: &mut Client, user: Uuid) -> Result<Work> {
    let (reserve, settle) = (client.prepare(FLOOR[0])?, client.prepare(FLOOR[1])?);
    let mut reserved: Option<Uuid> = None;
    Ok(Box::new(move |client| {
        if let Some(reservation) = reserved.take() {
            client.query_one(&settle, &[&reservation, &PROMPT, &ANSWER])?;
        } else {
            let asked = PROMPT + LONGEST_ANSWER;
            let found =
                client.query_one(&reserve, &[&user, &organization(ORGANIZATION), &LIMITED, &asked, &today()?])?;
            reserved = found.try_get("reservation_id")?;
        }
        Ok(())
    }))
}
