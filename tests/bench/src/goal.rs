//! Promises about speed and space, and what became of them.

use crate::measure::Measure;
use serde_json::{Value, json};

/// A limit that a figure has to keep.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// No less.
    AtLeast(f64),
    /// No more.
    AtMost(f64),
    /// Less.
    Below(f64),
}

impl Limit {
    /// How a figure has to compare with what.
    pub fn relation(self) -> (&'static str, f64) {
        match self {
            Self::AtLeast(limit) => (">=", limit),
            Self::AtMost(limit) => ("<=", limit),
            Self::Below(limit) => ("<", limit),
        }
    }
}

/// One promise.
#[derive(Debug)]
pub struct Goal {
    /// What is promised, with the figure that is asserted.
    pub promise: String,
    /// The limit.
    pub limit: Limit,
    /// The figure.
    pub value: f64,
    /// The same ratio by the other measure, which is not asserted.
    pub aside: Option<(Measure, f64)>,
    /// Whether a run that misses it fails.
    pub asserted: bool,
}

impl Goal {
    /// A goal that is asserted.
    pub fn new(promise: String, limit: Limit, value: f64) -> Self {
        Self { promise, limit, value, aside: None, asserted: true }
    }

    /// Whether the limit is kept; by NaN never.
    pub fn met(&self) -> bool {
        match self.limit {
            Limit::AtLeast(least) => self.value >= least,
            Limit::AtMost(most) => self.value <= most,
            Limit::Below(bound) => self.value < bound,
        }
    }

    /// One line.
    pub fn print(&self) {
        let verdict = match (self.met(), self.asserted) {
            (true, _) => "met",
            (false, true) => "MISSED",
            (false, false) => "short",
        };
        let aside = self.aside.map(|(measure, ratio)| format!(" ({} {ratio:.2})", measure.word()));
        let printed = if self.asserted { "" } else { "; depends on the machine, not asserted" };
        println!("  {verdict:6} {:8.2}{}  {}{printed}", self.value, aside.unwrap_or_default(), self.promise);
    }

    /// As it stands in the raw numbers.
    pub fn json(&self) -> Value {
        let (relation, limit) = self.limit.relation();
        let aside = self.aside.map(|(measure, ratio)| json!({ measure.word(): ratio }));
        json!({ "promise": self.promise, "value": self.value, "relation": relation, "limit": limit,
                "met": self.met(), "asserted": self.asserted, "not_asserted": aside })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_kept_at_the_edge_and_never_by_nothing() {
        let met = |limit, value| Goal::new(String::new(), limit, value).met();
        assert!(met(Limit::AtLeast(2.0), 2.0) && !met(Limit::AtLeast(2.0), 1.9));
        assert!(met(Limit::AtMost(2.0), 2.0) && !met(Limit::AtMost(2.0), 2.1));
        assert!(!met(Limit::Below(2.0), 2.0));
        for limit in [Limit::AtLeast(0.0), Limit::AtMost(9.0), Limit::Below(9.0)] {
            assert!(!met(limit, f64::NAN));
        }
    }
}
