//! What a call costs, what calls read, and what a row takes as the tables grow: a small database against one that grows step by
//! step, by turns.

use super::pages;
use super::size::{self, GROWN, MOST, NOTHING, SMALL, Size};
use crate::Result;
use crate::curve::{Curve, Line, Point};
use crate::figures::Figures;
use crate::goal::Limit;
use crate::measure::Measure;
use crate::options::Options;
use crate::quota::{database, verify};
use crate::report::Report;
use postgres::Client;

const SUFFIX: &str = "_grown";

/// What becomes more in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Limits,
    Users,
    Ledger,
}

/// One step, and how full the database is then.
#[derive(Clone, Copy, Debug)]
struct Step {
    axis: Axis,
    size: Size,
}

/// Grows the one database and measures after each step. Nothing shrinks between the steps, but what was measured is forgotten.
pub fn run(options: &Options, small: &mut Client, report: &mut Report) -> Result<()> {
    let start = Size::small(options);
    let mut grown = database(SUFFIX)?;
    let mut before = NOTHING;
    let mut looks: Vec<(Size, Figures)> = Vec::new();
    let mut costs: Vec<(Step, f64)> = Vec::new();
    for step in planned(options, start) {
        let size = step.size;
        if before != NOTHING {
            size::forget_calls(small, start)?;
            size::forget_calls(&mut grown, before)?;
        }
        size::grow(&mut grown, before, size)?;
        before = size;
        let full = format!("ledger {}, users {}, other limits {}", size.ledger, size.people, size.limits);
        let pages = format!("pages a call and bytes a row, {full}");
        let look = pages::look(SUFFIX, &mut grown, pages, GROWN, u64::try_from(size.people)?)?;
        look.print();
        looks.push((size, look));
        let scenario = size::compare_consume(options, format!("consume, {full}"), start, SUFFIX, size)?;
        let scenario = report.add(scenario);
        costs.push((step, report.cost_goal(scenario, GROWN, SMALL, Measure::Cpu, MOST)));
    }
    promise_pages(report, looks);
    [Axis::Limits, Axis::Users, Axis::Ledger].into_iter().for_each(|axis| report.add_curve(curve(axis, &costs)));
    verify(&mut grown)
}

/// Status lists limits: looks with fewer of them than the last are no measure for it.
fn promise_pages(report: &mut Report, mut looks: Vec<(Size, Figures)>) {
    if let Some((size, last)) = looks.pop() {
        let as_many = looks.iter().filter(|(before, _)| before.limits == size.limits);
        pages::promise(report, &as_many.map(|(_, look)| look).collect::<Vec<_>>(), &last, GROWN);
        looks.into_iter().for_each(|(_, look)| report.keep_figures(look));
        report.keep_figures(last);
    }
}

fn planned(options: &Options, start: Size) -> Vec<Step> {
    if options.quick {
        return steps(start, &[5, 10], &[200, 500], &[2_000, 5_000]);
    }
    let shorter = usize::from(!options.growth);
    let [users, ledger] = [[10_000, 100_000, 1_000_000], [100_000, 1_000_000, 10_000_000]];
    steps(start, &[5, 20, 50], &users[..users.len() - shorter], &ledger[..ledger.len() - shorter])
}

/// From a start: first limits, then users, then the ledger become more.
fn steps(start: Size, limits: &[i32], users: &[i64], ledger: &[i64]) -> Vec<Step> {
    let mut steps = vec![Step { axis: Axis::Limits, size: start }];
    let mut size = start;
    let mut add = |axis, size| steps.push(Step { axis, size });
    for &limits in limits {
        size.limits = limits;
        add(Axis::Limits, size);
    }
    for &people in users {
        size.people = people;
        add(Axis::Users, size);
    }
    for &ledger in ledger {
        size.ledger = ledger;
        add(Axis::Ledger, size);
    }
    steps
}

/// Along an axis: from the step before its first one, where it has not grown yet, to its last.
fn points(axis: Axis, costs: &[(Step, f64)]) -> Vec<Point> {
    let place = |size: Size| match axis {
        Axis::Limits => f64::from(size.limits),
        Axis::Users => size.people as f64,
        Axis::Ledger => size.ledger as f64,
    };
    let of_axis = |(step, _): &(Step, f64)| step.axis == axis;
    let (Some(first), Some(last)) = (costs.iter().position(of_axis), costs.iter().rposition(of_axis)) else {
        return Vec::new();
    };
    costs[first.saturating_sub(1)..=last].iter().map(|(step, cost)| (place(step.size), *cost)).collect()
}

fn curve(axis: Axis, costs: &[(Step, f64)]) -> Curve {
    let (name, title, x) = match axis {
        Axis::Limits => ("limits", "CPU of a consume, as limits that do not concern it become more", "other limits"),
        Axis::Users => ("users", "CPU of a consume, as users become more", "users"),
        Axis::Ledger => ("ledger", "CPU of a consume, as the ledger grows", "rows of the ledger"),
    };
    let line = Line { label: "consume", points: points(axis, costs), promised: Limit::AtMost(MOST) };
    Curve { name, title, x, y: "CPU, × that of the small database", lines: vec![line] }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Size = Size { ledger: 10, people: 100, limits: 1 };

    fn measured() -> Vec<(Step, f64)> {
        steps(START, &[5, 20], &[1_000], &[50, 60]).into_iter().zip((0..).map(f64::from)).collect()
    }

    #[test]
    fn an_axis_begins_where_it_has_not_grown() {
        let costs = measured();
        assert_eq!(points(Axis::Limits, &costs), [(1.0, 0.0), (5.0, 1.0), (20.0, 2.0)]);
        assert_eq!(points(Axis::Users, &costs), [(100.0, 2.0), (1_000.0, 3.0)]);
        assert_eq!(points(Axis::Ledger, &costs), [(10.0, 3.0), (50.0, 4.0), (60.0, 5.0)]);
        assert!(points(Axis::Ledger, &costs[..3]).is_empty() && points(Axis::Limits, &[]).is_empty());
    }

    #[test]
    fn nothing_shrinks_between_the_steps() {
        for pair in measured().windows(2) {
            let (before, after) = (pair[0].0.size, pair[1].0.size);
            assert!(
                before.limits <= after.limits && before.people <= after.people && before.ledger <= after.ledger,
                "{before:?} {after:?}"
            );
        }
    }
}
