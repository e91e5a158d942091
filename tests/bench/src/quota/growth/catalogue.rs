//! What the list costs beside plpgsql, and `consume` of one model beside the small database, as the catalogue of a database of
//! its own grows.

use super::size::{self, GROWN, MOST, NOTHING, SMALL, Size};
use crate::curve::{Curve, Line, Point};
use crate::goal::Limit;
use crate::measure::{Measure, Scenario, in_turns};
use crate::options::Options;
use crate::quota::{database, verify};
use crate::report::Report;
use crate::server::Caller;
use crate::{Result, list};
use postgres::types::ToSql;
use postgres::{Client, Statement};

const SUFFIX: &str = "_catalogue";
/// The list may cost so many times what plpgsql takes for it, however long it is: beyond what is kept both read the table.
const MOST_OF_LIST: f64 = 1.25;
const CONTENDERS: [&str; 2] = ["plpgsql", "native"];
/// Makes and counts the list of a person so many times, by one of them.
const COUNT: &str = "CALL bench.count_lists($1, $2, 0, $3)";

/// Grows the catalogue and measures after each step.
pub fn run(options: &Options, small: &mut Client, report: &mut Report) -> Result<()> {
    let start = Size::small(options);
    size::forget_calls(small, start)?;
    let mut grown = database(SUFFIX)?;
    size::grow(&mut grown, NOTHING, start)?;
    let (first, all) = options.quick_or((20, &[20, 60][..]), (400, &[400, 4_000, 20_000, 100_000][..]));
    open(small, first)?;
    open(&mut grown, first)?;
    let mut counters = [connect()?, connect()?];
    let (mut lists, mut consumes): (Vec<Point>, Vec<Point>) = (Vec::new(), Vec::new());
    let mut before = first;
    for &models in all {
        add_models(&mut grown, before, models)?;
        before = models;
        let scenario = report.add(compare_lists(options, &mut counters, models)?);
        lists.push((f64::from(models), report.cost_goal(scenario, "native", "plpgsql", Measure::Cpu, MOST_OF_LIST)));
        let name = format!("consume, catalogue of {models} models");
        let scenario = report.add(size::compare_consume(options, name, start, SUFFIX, start)?);
        consumes.push((f64::from(models), report.cost_goal(scenario, GROWN, SMALL, Measure::Cpu, MOST)));
    }
    report.add_curve(Curve {
        name: "catalogue",
        title: "CPU of the list, and of a consume, as the catalogue grows",
        x: "models of the catalogue, all in the list",
        y: "CPU, × the other's",
        lines: vec![
            Line { label: "list, × plpgsql", points: lists, promised: Limit::AtMost(MOST_OF_LIST) },
            Line { label: "consume, × a small catalogue", points: consumes, promised: Limit::AtMost(MOST) },
        ],
    });
    verify(&mut grown)
}

/// A catalogue of so many models, and besides those that are consumed.
fn open(owner: &mut Client, models: i32) -> Result<()> {
    list::fill(owner, models)?;
    owner.batch_execute(include_str!("../../../sql/catalogue.sql"))?;
    Ok(owner.batch_execute("CALL bench.make_models()")?)
}

fn add_models(owner: &mut Client, from: i32, to: i32) -> Result<()> {
    owner.execute("CALL bench.grow_catalogue($1, $2)", &[&from, &to])?;
    owner.batch_execute("VACUUM (ANALYZE) public.model_access, public.model_price_history")?;
    let query = "SELECT count(*) FROM public.get_user_allowed_models_v2($1)";
    let rows: i64 = owner.query_one(query, &[&list::ENTERPRISE])?.get(0);
    if rows >= to.into() { Ok(()) } else { Err(format!("a list of {rows} rows, of {to} models").into()) }
}

/// A connection for a contender, where it counts. The CPU that is measured is the backend's, not its workers'.
fn connect() -> Result<(Caller, Statement)> {
    let mut caller = Caller::connect_to(SUFFIX)?;
    caller.client.batch_execute("SET max_parallel_workers_per_gather = 0")?;
    let count = caller.client.prepare(COUNT)?;
    Ok((caller, count))
}

/// CPU in the server of the whole list.
fn compare_lists(options: &Options, counters: &mut [(Caller, Statement); 2], models: i32) -> Result<Scenario> {
    let lists = (options.quick_or(120, 100_000) / models).max(1);
    let calls = u32::try_from(lists)?;
    let series = in_turns(&CONTENDERS, options.rounds, |number| {
        let arguments: [&(dyn ToSql + Sync); 3] = [&CONTENDERS[number], &list::ENTERPRISE, &lists];
        let (caller, count) = &mut counters[number];
        let total = caller.spent(|client| Ok(client.execute(&*count, &arguments).map(drop)?))?;
        Ok(total.divided_by(calls))
    })?;
    let name = format!("list of {models} models in a catalogue that grows, counted in the server");
    Ok(Scenario { name, calls, references: &["plpgsql"], series })
}
