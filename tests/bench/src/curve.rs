//! What becomes of a figure as something grows, and what is promised of it.

use crate::goal::Limit;
use serde_json::{Value, json};

/// How far something has grown, and the figure that was measured there.
pub type Point = (f64, f64);

/// One picture.
pub struct Curve {
    /// Unique in a run; the name of its file, too.
    pub name: &'static str,
    /// What is shown.
    pub title: &'static str,
    /// What grows, with its unit.
    pub x: &'static str,
    /// What is measured, with its unit.
    pub y: &'static str,
    /// What was measured.
    pub lines: Vec<Line>,
}

/// One line of a picture.
pub struct Line {
    /// Its name.
    pub label: &'static str,
    /// In the order of growth.
    pub points: Vec<Point>,
    /// What is promised of its figures.
    pub promised: Limit,
}

impl Curve {
    /// How far it goes, from the least to the most.
    pub fn places(&self) -> Vec<f64> {
        let mut places: Vec<f64> =
            self.lines.iter().flat_map(|line| line.points.iter().map(|(place, _)| *place)).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        places
    }

    /// As it stands in the raw numbers.
    pub fn json(&self) -> Value {
        let lines = self.lines.iter().map(|line| {
            let (relation, limit) = line.promised.relation();
            json!({ "label": line.label, "points": line.points, "relation": relation, "limit": limit })
        });
        json!({ "name": self.name, "title": self.title, "x": self.x, "y": self.y, "lines": lines.collect::<Vec<_>>() })
    }
}

/// The highest figure of all places but the last; NaN where there is none, which meets no goal.
pub fn best_before_last(points: &[Point]) -> f64 {
    points.split_last().map_or(f64::NAN, |(_, before)| before.iter().map(|(_, value)| *value).fold(f64::NAN, f64::max))
}

/// What is left, at the last place, of the best before it.
pub fn kept(points: &[Point]) -> f64 {
    points.last().map_or(f64::NAN, |(_, value)| value / best_before_last(points))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_of_the_best_wherever_it_was() {
        assert_eq!(kept(&[(1.0, 100.0), (2.0, 400.0), (4.0, 200.0), (8.0, 300.0)]), 0.75);
        assert_eq!(kept(&[(1.0, 100.0), (2.0, 150.0)]), 1.5);
        assert!(kept(&[(1.0, 100.0)]).is_nan() && kept(&[]).is_nan());
    }

    #[test]
    fn places_are_those_of_all_lines_once_each() {
        let line = |points| Line { label: "", points, promised: Limit::AtMost(1.0) };
        let lines = vec![line(vec![(1.0, 5.0), (20.0, 5.0)]), line(vec![(3.0, 5.0), (20.0, 5.0)])];
        let curve = Curve { name: "users", title: "", x: "", y: "", lines };
        assert_eq!(curve.places(), [1.0, 3.0, 20.0]);
        assert_eq!(curve.json()["lines"][1]["points"][0][0], 3.0);
        assert_eq!(curve.json()["lines"][0]["relation"], "<=");
    }
}
