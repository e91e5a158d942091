//! What a call costs, what calls read, and what a row takes as the tables grow: a small database against others that grow step by
//! step, by turns. In one limits alone, in one the ledger alone; in one users alone, and then limits and ledger on top of them.

use super::pages;
use super::size::{self, GROWN, MOST, MOST_TOGETHER, NOTHING, SMALL, Size};
use crate::Result;
use crate::curve::{Curve, Line, Point};
use crate::figures::Figures;
use crate::goal::Limit;
use crate::measure::Measure;
use crate::options::Options;
use crate::quota::{database, verify};
use crate::report::Report;
use postgres::Client;

/// The database in which everything grows, and those in which only limits or only the ledger do.
const ALL: &str = "_grown";
const LIMITS: &str = "_limits";
const LEDGER: &str = "_ledger";

/// What becomes more in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Limits,
    Users,
    /// The ledger, of as few users as in the small database.
    Ledger,
    /// The ledger, of many users and beside many limits.
    Together,
}

impl Axis {
    /// How many times as much as in the small database a call may cost.
    fn most(self) -> f64 {
        if self == Self::Together { MOST_TOGETHER } else { MOST }
    }
}

/// One step, and how full the database is then.
#[derive(Clone, Copy, Debug)]
struct Step {
    axis: Axis,
    size: Size,
}

/// Grows the databases and draws the curves.
pub fn run(options: &Options, small: &mut Client, report: &mut Report) -> Result<()> {
    let start = Size::small(options);
    let mut costs = Vec::new();
    for (suffix, steps) in planned(options, start) {
        costs.extend(grow(options, small, report, suffix, steps)?);
        size::forget_calls(small, start)?;
    }
    let lines = |axes: &[Axis]| axes.iter().map(|axis| line(*axis, &costs)).collect::<Vec<_>>();
    for (name, title, x, axes) in [
        (
            "limits",
            "CPU of a consume, as limits that do not concern it become more",
            "other limits",
            &[Axis::Limits][..],
        ),
        ("users", "CPU of a consume, as users become more", "users", &[Axis::Users]),
        ("ledger", "CPU of a consume, as the ledger grows", "rows of the ledger", &[Axis::Ledger, Axis::Together]),
    ] {
        report.add_curve(Curve { name, title, x, y: "CPU, × that of the small database", lines: lines(axes) });
    }
    Ok(())
}

/// Grows a database and measures after each step. Nothing shrinks between the steps, but what was measured is forgotten.
fn grow(
    options: &Options,
    small: &mut Client,
    report: &mut Report,
    suffix: &str,
    steps: Vec<Step>,
) -> Result<Vec<(Step, f64)>> {
    let start = Size::small(options);
    let mut grown = database(suffix)?;
    let mut before = NOTHING;
    let mut looks: Vec<(Size, Figures)> = Vec::new();
    let mut costs = Vec::new();
    for step in steps {
        let size = step.size;
        if before != NOTHING {
            size::forget_calls(small, start)?;
            size::forget_calls(&mut grown, before)?;
        }
        size::grow(&mut grown, before, size)?;
        before = size;
        let full = format!("ledger {}, users {}, other limits {}", size.ledger, size.people, size.limits);
        let pages = format!("pages a call and bytes a row, {full}");
        let look = pages::look(suffix, &mut grown, pages, GROWN, u64::try_from(size.people)?)?;
        look.print();
        looks.push((size, look));
        let scenario = size::compare_consume(options, format!("consume, {full}"), start, suffix, size)?;
        let scenario = report.add(scenario);
        costs.push((step, report.cost_goal(scenario, GROWN, SMALL, Measure::Cpu, step.axis.most())));
    }
    promise_pages(report, looks);
    verify(&mut grown)?;
    Ok(costs)
}

/// Of a ledger that has grown. Status lists limits: looks with fewer of them than the last are no measure for it.
fn promise_pages(report: &mut Report, mut looks: Vec<(Size, Figures)>) {
    if let Some((size, last)) = looks.pop() {
        let as_many: Vec<_> = looks.iter().filter(|(before, _)| before.limits == size.limits).collect();
        if as_many.iter().any(|(before, _)| before.ledger < size.ledger) {
            pages::promise(report, &as_many.iter().map(|(_, look)| look).collect::<Vec<_>>(), &last, GROWN);
        }
        looks.into_iter().for_each(|(_, look)| report.keep_figures(look));
        report.keep_figures(last);
    }
}

/// Which database grows by which steps. The first one has not grown at its first step.
fn planned(options: &Options, start: Size) -> [(&'static str, Vec<Step>); 3] {
    let shorter = usize::from(!options.growth);
    let [users, ledger] = [[10_000, 100_000, 1_000_000], [100_000, 1_000_000, 10_000_000]];
    let (limits, users, ledger): (&[i32], &[i64], &[i64]) = match options.quick {
        true => (&[5, 10], &[200, 500], &[2_000, 5_000]),
        false => (&[5, 20, 50], &users[..users.len() - shorter], &ledger[..ledger.len() - shorter]),
    };
    [
        (LIMITS, of_limits(start, limits)),
        (ALL, of_all(start, limits, users, ledger)),
        (LEDGER, of_ledger(start, ledger)),
    ]
}

fn of_limits(start: Size, limits: &[i32]) -> Vec<Step> {
    let sizes = [start.limits].into_iter().chain(limits.iter().copied());
    sizes.map(|limits| Step { axis: Axis::Limits, size: Size { limits, ..start } }).collect()
}

fn of_ledger(start: Size, ledger: &[i64]) -> Vec<Step> {
    ledger.iter().map(|&ledger| Step { axis: Axis::Ledger, size: Size { ledger, ..start } }).collect()
}

/// Users become more, then limits at once, then the ledger.
fn of_all(start: Size, limits: &[i32], users: &[i64], ledger: &[i64]) -> Vec<Step> {
    let mut steps: Vec<Step> =
        users.iter().map(|&people| Step { axis: Axis::Users, size: Size { people, ..start } }).collect();
    let mut size = steps.last().map_or(start, |step| step.size);
    size.limits = limits.last().copied().unwrap_or(size.limits);
    let sizes = [size.ledger].into_iter().chain(ledger.iter().copied());
    steps.extend(sizes.map(|ledger| Step { axis: Axis::Together, size: Size { ledger, ..size } }));
    steps
}

/// Along an axis: from the step where it has not grown yet and all else is the same, to its last.
fn points(axis: Axis, costs: &[(Step, f64)]) -> Vec<Point> {
    let place = |size: Size| match axis {
        Axis::Limits => f64::from(size.limits),
        Axis::Users => size.people as f64,
        Axis::Ledger | Axis::Together => size.ledger as f64,
    };
    let Some(first) = costs.iter().position(|(step, _)| step.axis == axis) else { return Vec::new() };
    let size = costs[first].0.size;
    let is_base = |(step, _): &&(Step, f64)| match axis {
        Axis::Limits => Size { limits: size.limits, ..step.size } == size,
        Axis::Users => Size { people: size.people, ..step.size } == size,
        Axis::Ledger | Axis::Together => Size { ledger: size.ledger, ..step.size } == size,
    };
    let base = costs[..first].iter().rev().find(is_base);
    let grown = costs.iter().filter(|(step, _)| step.axis == axis);
    base.into_iter().chain(grown).map(|(step, cost)| (place(step.size), *cost)).collect()
}

fn line(axis: Axis, costs: &[(Step, f64)]) -> Line {
    let label = match axis {
        Axis::Limits | Axis::Users => "consume",
        Axis::Ledger => "few users",
        Axis::Together => "many users and limits",
    };
    Line { label, points: points(axis, costs), promised: Limit::AtMost(axis.most()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Size = Size { ledger: 10, people: 100, limits: 1 };

    fn planned() -> [Vec<Step>; 3] {
        [of_limits(START, &[5, 20]), of_all(START, &[5, 20], &[1_000], &[50, 60]), of_ledger(START, &[70, 80])]
    }

    #[test]
    fn an_axis_begins_where_it_has_not_grown() {
        let costs: Vec<(Step, f64)> = planned().into_iter().flatten().zip((0..).map(f64::from)).collect();
        assert_eq!(points(Axis::Limits, &costs), [(1.0, 0.0), (5.0, 1.0), (20.0, 2.0)]);
        assert_eq!(points(Axis::Users, &costs), [(100.0, 0.0), (1_000.0, 3.0)]);
        assert_eq!(points(Axis::Together, &costs), [(10.0, 4.0), (50.0, 5.0), (60.0, 6.0)]);
        assert_eq!(points(Axis::Ledger, &costs), [(10.0, 0.0), (70.0, 7.0), (80.0, 8.0)]);
        assert!(points(Axis::Ledger, &costs[..3]).is_empty() && points(Axis::Limits, &[]).is_empty());
    }

    #[test]
    fn nothing_shrinks_between_the_steps() {
        for steps in planned() {
            for pair in steps.windows(2) {
                let (before, after) = (pair[0].size, pair[1].size);
                assert!(
                    before.limits <= after.limits && before.people <= after.people && before.ledger <= after.ledger,
                    "{before:?} {after:?}"
                );
            }
        }
    }

    #[test]
    fn only_the_ledger_of_many_users_may_cost_more() {
        assert_eq!([Axis::Limits, Axis::Users, Axis::Ledger].map(Axis::most), [MOST; 3]);
        assert!(Axis::Together.most() > MOST);
    }
}
