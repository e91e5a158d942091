//! What the list costs by the row, and `consume` of one model, as the catalogue grows: the small database, whose catalogue does
//! not, against one of its own.

use super::size::{self, GROWN, NOTHING, SMALL, Size};
use crate::curve::{Curve, Line, Point};
use crate::goal::Limit;
use crate::measure::{Measure, Scenario, in_turns};
use crate::options::Options;
use crate::quota::{database, verify};
use crate::report::Report;
use crate::server::Caller;
use crate::{Result, list};
use postgres::{Client, Statement};

const SUFFIX: &str = "_catalogue";
/// A row of the list may cost so many times what it does in the small catalogue: the list is linear.
const MOST_OF_LIST: f64 = 1.5;
/// And so much a call that concerns one model.
const MOST_OF_CONSUME: f64 = 1.25;
/// Makes and counts the list of a person so many times.
const COUNT: &str = "CALL bench.count_lists('native', $1, 0, $2)";

/// Grows the catalogue and measures after each step.
pub fn run(options: &Options, small: &mut Client, report: &mut Report) -> Result<()> {
    let start = Size::small(options);
    size::forget_calls(small, start)?;
    let mut grown = database(SUFFIX)?;
    size::grow(&mut grown, NOTHING, start)?;
    let (first, all) = options.quick_or((20, &[20, 60][..]), (400, &[400, 4_000, 20_000, 100_000][..]));
    open(small, first)?;
    open(&mut grown, first)?;
    let (mut lists, mut consumes): (Vec<Point>, Vec<Point>) = (Vec::new(), Vec::new());
    let mut before = first;
    for &models in all {
        add_models(&mut grown, before, models)?;
        before = models;
        let scenario = report.add(compare_lists(options, first, models)?);
        lists.push((f64::from(models), report.cost_goal(scenario, GROWN, SMALL, Measure::Cpu, MOST_OF_LIST)));
        let name = format!("consume, catalogue of {models} models");
        let scenario = report.add(size::compare_consume(options, name, start, SUFFIX, start)?);
        consumes.push((f64::from(models), report.cost_goal(scenario, GROWN, SMALL, Measure::Cpu, MOST_OF_CONSUME)));
    }
    report.add_curve(Curve {
        name: "catalogue",
        title: "CPU of the list by the row, and of a consume, as the catalogue grows",
        x: "models of the catalogue, all in the list",
        y: "CPU, × that of the small catalogue",
        lines: vec![
            Line { label: "a row of the list", points: lists, promised: Limit::AtMost(MOST_OF_LIST) },
            Line { label: "consume", points: consumes, promised: Limit::AtMost(MOST_OF_CONSUME) },
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

/// CPU of as many rows as the small catalogue has, in the server. Its list is made more often, so that both list as many rows.
fn compare_lists(options: &Options, first: i32, models: i32) -> Result<Scenario> {
    let times = models / first;
    let lists = options.quick_or(6, 250).max(times);
    let connect = |suffix: &str| -> Result<(Caller, Statement)> {
        let mut caller = Caller::connect_to(suffix)?;
        let statement = caller.client.prepare(COUNT)?;
        Ok((caller, statement))
    };
    let mut callers = [(connect("_small")?, lists, 1), (connect(SUFFIX)?, lists / times, times)];
    let series = in_turns(&[SMALL, GROWN], options.rounds, |number| {
        let ((caller, statement), lists, times) = &mut callers[number];
        let total = caller.spent(|client| Ok(client.execute(&*statement, &[&list::ENTERPRISE, lists]).map(drop)?))?;
        Ok(total.divided_by(u32::try_from(*lists * *times)?))
    })?;
    let name = format!("list of {models} models, counted in the server, by {first} rows");
    Ok(Scenario { name, calls: u32::try_from(lists)?, references: &[SMALL], series })
}
