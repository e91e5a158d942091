//! What a call costs, what calls read, and what a row takes as the tables grow: a small database against one that grows step by
//! step, by turns.

use super::consume::NATIVE;
use super::contender::{Contender, admitted, compete};
use super::people::{LIMITED, TOKENS, person};
use super::{database, pages, verify};
use crate::Result;
use crate::clients::Work;
use crate::figures::Figures;
use crate::measure::{Measure, Scenario};
use crate::options::Options;
use crate::report::Report;
use crate::server::Caller;
use postgres::Client;

/// How full a database is.
#[derive(Clone, Copy)]
struct Size {
    ledger: i64,
    people: i64,
    limits: i32,
}

/// Days over which the ledger is spread.
const DAYS: i32 = 20;
/// A call may cost so many times as much in the database that has grown.
const MOST: f64 = 1.25;
/// What is looked at, by its name in a table.
const GROWN: &str = "grown";

/// Grows the one database and measures after each step. Nothing shrinks between the steps.
pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    // As many people as make searching an index worth its while: a table of few counters is read as a whole, which costs more.
    let start = options
        .quick_or(Size { ledger: 500, people: 50, limits: 1 }, Size { ledger: 10_000, people: 10_000, limits: 1 });
    let more = options.quick_or(
        Size { ledger: 5_000, people: 500, limits: 10 },
        Size { ledger: 1_000_000, people: 100_000, limits: 50 },
    );
    let (mut small, mut grown) = (database("_small")?, database("_grown")?);
    let nothing = Size { ledger: 0, people: 0, limits: 0 };
    grow(&mut small, nothing, start)?;
    grow(&mut grown, nothing, start)?;
    let mut steps = vec![
        start,
        Size { limits: more.limits, ..start },
        Size { ledger: start.ledger, ..more },
        Size { ledger: more.ledger / 10, ..more },
        more,
    ];
    if options.growth {
        steps.push(Size { ledger: more.ledger * 10, ..more });
    }
    let mut before = start;
    let mut looks: Vec<Figures> = Vec::new();
    for size in steps {
        grow(&mut grown, before, size)?;
        before = size;
        let full = format!("ledger {}, users {}, other limits {}", size.ledger, size.people, size.limits);
        let pages = format!("pages a call and bytes a row, {full}");
        let look = pages::look("_grown", &mut grown, pages, GROWN, u64::try_from(size.people)?)?;
        look.print();
        looks.push(look);
        let calls = options.quick_or(50, 1000);
        let mut contenders = [
            Contender::on("small", Caller::connect_to("_small")?, |client| calling(client, start))?
                .without_waiting()?
                .on_one_core()?,
            Contender::on(GROWN, Caller::connect_to("_grown")?, |client| calling(client, size))?
                .without_waiting()?
                .on_one_core()?,
        ];
        let series = compete(&mut contenders, options.rounds, calls)?;
        let scenario = report.add(Scenario { name: format!("consume, {full}"), calls, references: &["small"], series });
        report.cost_goal(scenario, GROWN, "small", Measure::Cpu, MOST);
    }
    // The first look had fewer limits, which status lists; from the second on only people and rows are more.
    if let [_, before @ .., last] = &looks[..] {
        pages::promise(report, before, last, GROWN);
    }
    looks.into_iter().for_each(|look| report.keep_figures(look));
    verify(&mut small)?;
    verify(&mut grown)
}

/// Makes what is missing. People's calls of before stay in the ledger and are counted with it.
fn grow(owner: &mut Client, from: Size, to: Size) -> Result<()> {
    if to.limits > from.limits {
        owner.execute("CALL bench.make_other_limits($1, $2)", &[&(from.limits + 1), &to.limits])?;
    }
    if to.people > from.people {
        owner.execute("CALL bench.make_people($1, $2, NULL)", &[&from.people, &(to.people - 1)])?;
    }
    if from.ledger == 0 {
        pages::fill(owner, to.ledger, to.people, DAYS)?;
    } else if to.ledger > from.ledger {
        let fill = "CALL bench.fill_ledger($1, $2, 0, $3, $4)";
        owner.execute(fill, &[&from.ledger, &(to.ledger - 1), &to.people, &DAYS])?;
    }
    owner.execute("CALL bench.make_counters(0, $1)", &[&(to.people - 1)])?;
    Ok(owner.batch_execute(
        "VACUUM (ANALYZE) public.ai_usage, public.quota_usage, public.quota_limits, public.profiles, public.organizations",
    )?)
}

/// Calls of all people by turns, in an order that meets the same page seldom.
fn calling(client: &mut Client, size: Size) -> Result<Work> {
    let statement = client.prepare(NATIVE)?;
    let people = u64::try_from(size.people)?;
    let mut turn: u64 = 0;
    Ok(Box::new(move |client| {
        turn += 1;
        let user = person(turn * 7919 % people);
        admitted(&client.query_one(&statement, &[&user, &LIMITED, &TOKENS])?)
    }))
}
