//! A call that is admitted and stored at once: the extension against one statement that writes the same, against plpgsql,
//! and against counting the ledger.

use super::people::{self, LIMITED, ORGANIZATION, TOKENS, organization, outcome, person, same_outcome, today};
use crate::Result;
use crate::clients::Work;
use crate::compare::same;
use crate::contender::{Contender, admitted, compete};
use crate::measure::{Measure, Scenario};
use crate::options::Options;
use crate::report::Report;
use postgres::Client;
use postgres::types::ToSql;
use uuid::Uuid;

const FLOOR: &str = include_str!("../../sql/quota_consume.sql");
const COUNTING: &str = include_str!("../../sql/quota_count.sql");
const PLPGSQL: &str = "SELECT * FROM bench.consume($1, $2, $3)";
/// As an application calls it that shows what is left.
pub const NATIVE: &str = "SELECT * FROM public.consume_model_quota($1, $2, $3)";
/// As one calls it that only wants to know what the floor answers.
const ALLOWED: &str = "SELECT f.allowed FROM public.consume_model_quota($1, $2, $3) AS f";

/// People whose ledger is filled; the first four are the contenders'.
const FIRST: u64 = 101;
const PEOPLE: u64 = 100;
const FLOORS: Uuid = person(FIRST);
const PLPGSQLS: Uuid = person(FIRST + 1);
const COUNTINGS: Uuid = person(FIRST + 2);
const NATIVES: Uuid = person(FIRST + 3);
/// Calls of each before anything is timed, to compare what they leave behind.
const COMPARED: u32 = 3;
/// The first contenders keep a counter. The last of them is the extension, and after it comes who counts the ledger.
const KEEPING_COUNTERS: usize = 3;
/// Calls of a round that count the ledger, each of which takes as long as some twenty others.
const COUNTED: u32 = 100;

/// Compares, then measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    let rows = options.quick_or(2_000, 100_000);
    owner.batch_execute(include_str!("../../sql/quota_plpgsql.sql"))?;
    fill(owner, rows)?;
    let mut contenders = [
        Contender::plain("floor", |client| told(client, FLOOR, FLOORS, true))?.without_waiting()?.on_one_core()?,
        Contender::plain("plpgsql", |client| asking(client, PLPGSQL, PLPGSQLS, LIMITED))?
            .without_waiting()?
            .on_one_core()?,
        Contender::native("native", |client| asking(client, ALLOWED, NATIVES, LIMITED))?
            .without_waiting()?
            .on_one_core()?,
        Contender::plain("counting", |client| told(client, COUNTING, COUNTINGS, false))?
            .without_waiting()?
            .on_one_core()?,
    ];
    for contender in &mut contenders {
        contender.sample(COMPARED)?;
    }
    same_outcome(owner, "consume, native", FLOORS, NATIVES, TOKENS)?;
    same_outcome(owner, "consume, plpgsql", FLOORS, PLPGSQLS, TOKENS)?;
    let ledger = |rows: Vec<String>| rows.into_iter().filter(|row| !row.starts_with("counter")).collect::<Vec<_>>();
    let (expected, found) = (outcome(owner, FLOORS, TOKENS)?, outcome(owner, COUNTINGS, TOKENS)?);
    same("consume, counting", &ledger(expected), &ledger(found))?;

    let calls = options.quick_or(20, 1_000);
    let each = i64::from(rows) / i64::try_from(PEOPLE)?;
    let name = format!("consume, one limit, ledger of {rows} rows, {each} of them the user's of today");
    let series = compete(&mut contenders[..KEEPING_COUNTERS], options.rounds, calls)?;
    let scenario = report.add(Scenario { name: name.clone(), calls, references: &["floor", "plpgsql"], series });
    report.cost_goal(scenario, "native", "floor", Measure::Cpu, 1.25);
    // Apart from the others: it empties the caches, and the next one would pay for it.
    let calls = options.quick_or(20, COUNTED);
    let series = compete(&mut contenders[KEEPING_COUNTERS - 1..], options.rounds, calls)?;
    report.add(Scenario { name: format!("{name}, by counting them"), calls, references: &["counting"], series });
    Ok(())
}

/// The ledger of today for everybody, and the counters that belong to it; none for the one that counts the ledger.
fn fill(owner: &mut Client, rows: i32) -> Result<()> {
    people::make(owner, FIRST, FIRST + PEOPLE - 1)?;
    let (first, people) = (i64::try_from(FIRST)?, i64::try_from(PEOPLE)?);
    let fill = "CALL bench.fill_ledger(1, $1, $2, $3, 1)";
    owner.execute(fill, &[&i64::from(rows), &first, &people])?;
    owner.execute("CALL bench.make_counters($1, $2)", &[&first, &(first + people - 1)])?;
    owner.execute("DELETE FROM public.quota_usage WHERE subject = $1", &[&COUNTINGS])?;
    Ok(owner.batch_execute("VACUUM (ANALYZE) public.ai_usage, public.quota_usage")?)
}

/// A function that is asked with user, model and tokens.
pub fn asking(client: &mut Client, query: &str, user: Uuid, model: &'static str) -> Result<Work> {
    let statement = client.prepare(query)?;
    Ok(Box::new(move |client| admitted(&client.query_one(&statement, &[&user, &model, &TOKENS])?)))
}

/// A statement that is told what it need not look up.
fn told(client: &mut Client, query: &str, user: Uuid, day: bool) -> Result<Work> {
    let statement = client.prepare(query)?;
    Ok(Box::new(move |client| {
        let (organization, today) = (organization(ORGANIZATION), today()?);
        let mut arguments: Vec<&(dyn ToSql + Sync)> = vec![&user, &organization, &LIMITED, &TOKENS];
        if day {
            arguments.push(&today);
        }
        admitted(&client.query_one(&statement, &arguments)?)
    }))
}
