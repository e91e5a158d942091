//! Many calls in one transaction against as many single ones, with commits that wait for the disk.

use super::consume;
use super::people::{self, LIMITED, TOKENS, person, same_outcome};
use crate::Result;
use crate::clients::Work;
use crate::contender::Contender;
use crate::measure::{Measure, Scenario, in_turns};
use crate::options::Options;
use crate::report::Report;
use postgres::Client;
use serde_json::json;

/// Calls of a batch, each of another user.
const ITEMS: u64 = 100;
const SINGLES: u64 = 2001;
const BATCHED: u64 = SINGLES + ITEMS;
const BATCH: &str = "SELECT public.consume_model_quota_batch($1::text::jsonb)::text AS decisions";

/// Compares, then measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    people::make(owner, SINGLES, BATCHED + ITEMS - 1)?;
    owner.batch_execute("VACUUM (ANALYZE) public.quota_usage, public.profiles")?;
    let mut contenders = [Contender::native("single", single)?, Contender::native("batch", batch)?];
    let items = u32::try_from(ITEMS)?;
    contenders[0].sample(items)?;
    contenders[1].sample(1)?;
    for number in 0..ITEMS {
        same_outcome(owner, "batch", person(SINGLES + number), person(BATCHED + number), TOKENS)?;
    }

    let batches = options.quick_or(1, 5);
    let calls = batches * items;
    let series = in_turns(&["single", "batch"], options.rounds, |number| match number {
        0 => contenders[0].sample(calls),
        _ => Ok(contenders[1].sample(batches)?.divided_by(items)),
    })?;
    let name = format!("consume, {ITEMS} users, single or as a batch, by the item, commits wait for the disk");
    let scenario = report.add(Scenario { name, calls, references: &["single"], series });
    // Wall: what a batch saves is the waiting.
    report.goal(scenario, "batch", "single", Measure::Wall, 30.0);
    Ok(())
}

fn single(client: &mut Client) -> Result<Work> {
    let mut works = (0..ITEMS)
        .map(|number| consume::asking(client, consume::NATIVE, person(SINGLES + number), LIMITED))
        .collect::<Result<Vec<_>>>()?;
    let mut turn = 0;
    Ok(Box::new(move |client| {
        turn = (turn + 1) % works.len();
        works[turn](client)
    }))
}

fn batch(client: &mut Client) -> Result<Work> {
    let statement = client.prepare(BATCH)?;
    let item = |number: u64| json!({ "user_uuid": person(BATCHED + number).to_string(), "model_id": LIMITED, "tokens": TOKENS });
    let items = serde_json::Value::Array((0..ITEMS).map(item).collect()).to_string();
    Ok(Box::new(move |client| {
        let decisions: String = client.query_one(&statement, &[&items])?.try_get("decisions")?;
        if decisions.contains("\"allowed\": true") && !decisions.contains("\"allowed\": false") {
            return Ok(());
        }
        Err("a batch was refused that no limit forbids".into())
    }))
}
