//! Figures that are not what one backend spends: transactions a second, latencies, bytes.

use crate::measure::median;
use serde_json::{Value, json};

/// A table of figures.
pub struct Figures {
    /// What was done; unique in a run.
    pub name: String,
    /// What is measured, with its unit.
    pub columns: &'static [&'static str],
    /// Contenders.
    pub rows: Vec<Row>,
}

/// One contender's figures.
pub struct Row {
    /// Its name.
    pub label: String,
    /// Of every round, in the order of time, one figure per column.
    pub rounds: Vec<Vec<f64>>,
}

impl Figures {
    fn column(&self, label: &str, column: &str) -> Vec<f64> {
        let Some(place) = self.columns.iter().position(|name| *name == column) else { return Vec::new() };
        let row = self.rows.iter().find(|row| row.label == label);
        row.into_iter().flat_map(|row| &row.rounds).filter_map(|round| round.get(place).copied()).collect()
    }

    /// The median over the rounds; NaN of what is not there.
    pub fn median(&self, label: &str, column: &str) -> f64 {
        median(self.column(label, column))
    }

    /// How many times a figure of `other` that of `label` is: the median over the rounds of the ratio within a round.
    pub fn ratio(&self, label: &str, other: &str, column: &str) -> f64 {
        let pairs = self.column(label, column).into_iter().zip(self.column(other, column));
        median(pairs.map(|(ours, theirs)| ours / theirs).collect())
    }

    /// Medians, and of the first column the least and the most.
    pub fn print(&self) {
        println!("\n{}", self.name);
        print!("  {:28}", "");
        for (place, column) in self.columns.iter().enumerate() {
            print!(" {column:>12}");
            if place == 0 && self.rows.iter().any(|row| row.rounds.len() > 1) {
                print!(" {:>10} {:>10}", "least", "most");
            }
        }
        println!();
        for row in &self.rows {
            print!("  {:28}", row.label);
            for (place, column) in self.columns.iter().enumerate() {
                let values = self.column(&row.label, column);
                print!(" {:>12}", significant(median(values.clone())));
                if place == 0 && values.len() > 1 {
                    let least = values.iter().copied().fold(f64::NAN, f64::min);
                    let most = values.iter().copied().fold(f64::NAN, f64::max);
                    print!(" {:>10} {:>10}", significant(least), significant(most));
                }
            }
            println!();
        }
    }

    /// As they stand in the raw numbers.
    pub fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| json!({ "contender": row.label, "rounds": row.rounds }));
        json!({ "name": self.name, "columns": self.columns, "rows": rows.collect::<Vec<_>>() })
    }
}

/// A number with about four digits that count.
pub fn significant(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        size if size >= 1.0 => 3,
        _ => 4,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_of_rounds_and_what_is_missing_is_no_number() {
        let row = |label: &str, values: [f64; 3]| Row {
            label: label.to_owned(),
            rounds: values.iter().map(|&value| vec![value, 1.0]).collect(),
        };
        let rows = vec![row("one", [1.0, 10.0, 2.0]), row("many", [3.0, 30.0, 2.0])];
        let figures = Figures { name: String::new(), columns: &["per s", "p50 ms"], rows };
        assert_eq!(figures.ratio("many", "one", "per s"), 3.0);
        assert_eq!(figures.median("one", "p50 ms"), 1.0);
        assert!(figures.median("none", "per s").is_nan() && figures.median("one", "none").is_nan());
    }
}
