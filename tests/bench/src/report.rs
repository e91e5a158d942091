//! Tables and goals on standard output, raw numbers as JSON.

use crate::Result;
use crate::curve::Curve;
use crate::figures::{Figures, significant};
use crate::goal::{Goal, Limit};
use crate::measure::{Measure, Scenario, median};
use crate::options::Options;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// All that a run found.
pub struct Report {
    setting: Value,
    quick: bool,
    rounds: usize,
    scenarios: Vec<Scenario>,
    figures: Vec<Figures>,
    curves: Vec<Curve>,
    goals: Vec<Goal>,
    skipped: Vec<String>,
}

impl Report {
    /// An empty report of a run on this machine and server.
    pub fn new(options: &Options, setting: Value) -> Self {
        let (quick, rounds) = (options.quick, options.rounds);
        let (scenarios, figures, curves) = (Vec::new(), Vec::new(), Vec::new());
        Self { setting, quick, rounds, scenarios, figures, curves, goals: Vec::new(), skipped: Vec::new() }
    }

    /// First of all: numbers without their machine say nothing.
    pub fn print_setting(&self) {
        let text = |key: &str| self.setting.get(key).and_then(Value::as_str).unwrap_or("unknown");
        let [cores, huge, poll] = ["cores", "huge_pages_mb", "halt_poll_ns"].map(|key| &self.setting[key]);
        let (cpu, kernel) = (text("cpu"), text("kernel"));
        println!("machine    {cpu}, {cores} cores, Linux {kernel}, {huge} MB in huge pages, halt_poll_ns={poll}");
        println!("server     {}", text("server"));
        println!("extension  model_access {}, commit {}", text("model_access"), text("commit"));
        let settings = self.setting["settings"].as_object().into_iter().flatten();
        let settings: Vec<String> =
            settings.map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default())).collect();
        println!("settings   {}", settings.join(" "));
        println!(
            "method     {} rounds in turns; medians; × is how many times as fast, median of the rounds' ratios",
            self.rounds
        );
    }

    /// Says what cannot be measured, and why.
    pub fn skip(&mut self, what: String) {
        println!("\nskipped: {what}");
        self.skipped.push(what);
    }

    /// Prints and keeps a measured scenario.
    pub fn add(&mut self, scenario: Scenario) -> usize {
        print_table(&scenario);
        self.scenarios.push(scenario);
        self.scenarios.len() - 1
    }

    /// Prints and keeps figures of another kind.
    pub fn add_figures(&mut self, figures: Figures) {
        figures.print();
        self.keep_figures(figures);
    }

    /// Keeps figures that were printed already.
    pub fn keep_figures(&mut self, figures: Figures) {
        self.figures.push(figures);
    }

    /// Keeps a curve, whose points are figures of scenarios and tables.
    pub fn add_curve(&mut self, curve: Curve) {
        self.curves.push(curve);
    }

    /// The curves in the order in which they were measured.
    pub fn curves(&self) -> &[Curve] {
        &self.curves
    }

    /// A goal: in a scenario, `contender` is at least `least` times as fast as `reference`.
    pub fn goal(&mut self, scenario: usize, contender: &str, reference: &str, asserted: Measure, least: f64) {
        let Some(scenario) = self.scenarios.get(scenario) else { return };
        let other = if asserted == Measure::Wall { Measure::Cpu } else { Measure::Wall };
        // A contender that did not take part leaves NaN, and NaN meets no goal.
        let ratio = |measure| scenario.ratio(contender, reference, measure).unwrap_or(f64::NAN);
        let promise = format!("{}: {contender} ≥ {least} × {reference}, {}", scenario.name, asserted.word());
        let aside = Some((other, ratio(other)));
        self.goals.push(Goal { aside, ..Goal::new(promise, Limit::AtLeast(least), ratio(asserted)) });
    }

    /// A goal: in a scenario, a call of `contender` costs at most `most` times what one of `reference` does. Returns how
    /// many times it is.
    pub fn cost_goal(
        &mut self,
        scenario: usize,
        contender: &str,
        reference: &str,
        asserted: Measure,
        most: f64,
    ) -> f64 {
        let Some(scenario) = self.scenarios.get(scenario) else { return f64::NAN };
        let other = if asserted == Measure::Wall { Measure::Cpu } else { Measure::Wall };
        let cost = |measure| scenario.ratio(reference, contender, measure).unwrap_or(f64::NAN);
        let promise = format!("{}: {contender} costs ≤ {most} × {reference}, {}", scenario.name, asserted.word());
        let (aside, value) = (Some((other, cost(other))), cost(asserted));
        self.goals.push(Goal { aside, ..Goal::new(promise, Limit::AtMost(most), value) });
        value
    }

    /// A goal: in a scenario, one call of `contender` writes less WAL than `bound` bytes.
    pub fn wal_goal(&mut self, scenario: usize, contender: &str, bound: f64) {
        let Some(scenario) = self.scenarios.get(scenario) else { return };
        let promise = format!("{}: {contender} writes < {bound} bytes of WAL", scenario.name);
        let value = scenario.of(contender).map_or(f64::NAN, |series| median(series.wal_bytes()));
        self.goals.push(Goal::new(promise, Limit::Below(bound), value));
    }

    /// A goal on a figure.
    pub fn bound(&mut self, promise: String, limit: Limit, value: f64) {
        self.goals.push(Goal::new(promise, limit, value));
    }

    /// A goal that depends on the machine: it is printed, and a run that misses it does not fail.
    pub fn wish(&mut self, promise: String, limit: Limit, value: f64) {
        self.goals.push(Goal { asserted: false, ..Goal::new(promise, limit, value) });
    }

    /// Prints each goal as met or MISSED. Whether none is missed; a quick run asserts none.
    pub fn print_goals(&self) -> bool {
        println!();
        if self.quick {
            println!("goals: none asserted, this was a quick run; all contenders gave the same results");
            return true;
        }
        println!("goals: the figure asserted is named first; all contenders gave the same results");
        self.goals.iter().for_each(Goal::print);
        self.goals.iter().all(|goal| goal.met() || !goal.asserted)
    }

    /// Writes every number of every round.
    pub fn write_json(&self, path: &Path) -> Result<()> {
        let goals = if self.quick { &[] } else { &self.goals[..] };
        let document = json!({
            "setting": self.setting,
            "quick": self.quick,
            "rounds": self.rounds,
            "scenarios": self.scenarios.iter().map(scenario_json).collect::<Vec<_>>(),
            "figures": self.figures.iter().map(Figures::json).collect::<Vec<_>>(),
            "curves": self.curves.iter().map(Curve::json).collect::<Vec<_>>(),
            "goals": goals.iter().map(Goal::json).collect::<Vec<_>>(),
            "skipped": self.skipped,
        });
        let text = serde_json::to_string_pretty(&document)?;
        fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()).into())
    }
}

fn scenario_json(scenario: &Scenario) -> Value {
    let series = scenario.series.iter().map(|series| {
        json!({
            "contender": series.contender,
            "wall_ms": series.values(Measure::Wall),
            "cpu_ms": series.values(Measure::Cpu),
            "wal_bytes": series.wal_bytes(),
        })
    });
    json!({ "name": scenario.name, "calls_per_round": scenario.calls, "series": series.collect::<Vec<_>>() })
}

fn print_table(scenario: &Scenario) {
    println!("\n{}, {} calls a round", scenario.name, scenario.calls);
    print!("  {:12} {:>10} {:>10} {:>10} {:>10}", "", "wall ms", "least", "most", "CPU ms");
    let wal = scenario.series.iter().any(|series| !series.wal_bytes().is_empty());
    if wal {
        print!(" {:>10}", "WAL kB");
    }
    for reference in scenario.references {
        print!("  {:>17} {:>6}", format!("× {reference}: wall"), "CPU");
    }
    println!();
    for series in &scenario.series {
        let walls = series.values(Measure::Wall);
        let least = walls.iter().copied().fold(f64::NAN, f64::min);
        let most = walls.iter().copied().fold(f64::NAN, f64::max);
        let cpu = median(series.values(Measure::Cpu));
        let [wall, least, most, cpu] = [median(walls), least, most, cpu].map(significant);
        print!("  {:12} {wall:>10} {least:>10} {most:>10} {cpu:>10}", series.contender);
        if wal {
            print!(" {:10.1}", median(series.wal_bytes()) / 1000.0);
        }
        for reference in scenario.references {
            let ratio = |measure| scenario.ratio(series.contender, reference, measure).unwrap_or(f64::NAN);
            print!("  {:17.2} {:6.2}", ratio(Measure::Wall), ratio(Measure::Cpu));
        }
        println!();
    }
}
