//! Figures about the engine: what there is to tell, and how Prometheus reads it.

use crate::limit::Amount;
use std::fmt::Write;

/// Whether a figure may fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It rises and falls.
    Gauge,
    /// It only rises, until it begins anew.
    Counter,
}

impl Kind {
    /// Prometheus's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Counter => "counter",
        }
    }
}

/// Whose figure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The database's: every backend tells the same.
    Database,
    /// The backend's that is asked. Behind a pooler that is any one of many, so it is no metric.
    Backend,
}

/// A figure, perhaps one per value of its labels.
#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// Whether it may fall.
    pub kind: Kind,
    /// What is counted.
    pub unit: &'static str,
    /// Whose it is.
    pub whose: Whose,
    /// What it means.
    pub help: &'static str,
}

const fn gauge(name: &'static str, unit: &'static str, help: &'static str) -> Family {
    Family { name, kind: Kind::Gauge, unit, whose: Whose::Database, help }
}

const fn of_backend(name: &'static str, unit: &'static str, help: &'static str) -> Family {
    Family { name, kind: Kind::Counter, unit, whose: Whose::Backend, help }
}

/// All figures, in the order in which they are told.
pub static FAMILIES: [Family; 21] = [
    gauge("model_access_models", "models", "Models of the catalogue, by status."),
    gauge("model_access_catalogue_version", "versions", "Rises with every write of the catalogue."),
    gauge("model_access_review_items_open", "items", "Price moves that nobody has looked at, by kind; of 10000."),
    gauge(
        "model_access_last_sync_age_seconds",
        "seconds",
        "Since the last sync of that outcome began. None while there was none.",
    ),
    gauge("model_access_limits", "limits", "Rows of quota_limits, by metric and enforcement; of the first 10000."),
    gauge("model_access_counters", "rows", "Counters of quota_usage, as VACUUM and ANALYZE last estimated them."),
    gauge(
        "model_access_alerts_last_day",
        "alerts",
        "Alerts of the last 24 hours, below the limit (approaching) or from it on (reached); of the latest 10000.",
    ),
    gauge(
        "model_access_recent_reservations",
        "reservations",
        "The 10000 reservations that expire last, by what became of them; overdue ones are active and expired.",
    ),
    gauge("model_access_holds", "holds", "What reservations hold, by metric, live or expired; of 2000 each."),
    gauge("model_access_held_amount", "units of the metric", "How much those holds hold, in units of the metric."),
    gauge(
        "model_access_oldest_expired_hold_age_seconds",
        "seconds",
        "Since the oldest hold expired that was not taken back; 0 without any.",
    ),
    gauge(
        "model_access_kept_answers",
        "rows",
        "Answers to idempotency keys, as VACUUM and ANALYZE last estimated them.",
    ),
    gauge("model_access_oldest_kept_answer_age_seconds", "seconds", "Since the oldest kept answer; 0 without any."),
    gauge("model_access_ledger_rows", "rows", "Rows of ai_usage, as VACUUM and ANALYZE last estimated them."),
    gauge(
        "model_access_ledger_partitions_ahead",
        "partitions",
        "Partitions of ai_usage for months that have not begun. None where it is not partitioned.",
    ),
    gauge(
        "model_access_ledger_default_partition_used",
        "partitions",
        "1 while rows lie in ai_usage_other because their month has no partition.",
    ),
    gauge(
        "model_access_recent_ledger_rows",
        "rows",
        "The 1000 rows of ai_usage that were written last, corrections left out, by whether their cost is known.",
    ),
    gauge("model_access_dead_rows", "rows", "Dead rows, by table, as the server counts them."),
    Family {
        name: "model_access_rows_inserted_total",
        kind: Kind::Counter,
        unit: "rows",
        whose: Whose::Database,
        help: "Rows inserted since the server's statistics were reset, rolled-back ones too, by table or partition.",
    },
    of_backend(
        "model_access_backend_decisions_total",
        "decisions",
        "Decisions that this backend gave: admitted, or the reason of the refusal.",
    ),
    of_backend(
        "model_access_backend_lists_total",
        "lists",
        "Lists of allowed models that this backend gave out: kept from before (hit), or read and kept (build).",
    ),
];

/// A figure's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Its place in [`FAMILIES`].
    place: usize,
    /// Names and values of its labels.
    pub labels: Vec<(String, String)>,
    /// The value.
    pub value: Amount,
}

impl Sample {
    /// A value of the figure of that name; `None` for a name that is none.
    pub fn of(name: &str, labels: Vec<(String, String)>, value: Amount) -> Option<Self> {
        let place = FAMILIES.iter().position(|family| family.name == name)?;
        Some(Self { place, labels, value })
    }

    /// What it is a value of.
    pub fn family(&self) -> &'static Family {
        FAMILIES.get(self.place).unwrap_or(&FAMILIES[0])
    }

    /// The value, without an exponent.
    pub fn plain_value(&self) -> String {
        self.value.normalized().to_plain_string()
    }
}

/// Puts samples into the order in which they are told: that of the figures, then of the labels.
pub fn sort(samples: &mut [Sample]) {
    samples.sort_by(|one, other| (one.place, &one.labels).cmp(&(other.place, &other.labels)));
}

/// The samples as Prometheus's text format, version 0.0.4, those of a backend left out.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
pub fn exposition(samples: &[Sample]) -> String {
    let mut text = String::new();
    let mut last = None;
    for sample in samples.iter().filter(|sample| sample.family().whose == Whose::Database) {
        let family = sample.family();
        if last.replace(sample.place) != Some(sample.place) {
            let help = family.help.replace('\\', "\\\\").replace('\n', "\\n");
            let _ = writeln!(text, "# HELP {} {help}\n# TYPE {} {}", family.name, family.name, family.kind.word());
        }
        let _ = writeln!(text, "{}{} {}", family.name, labels(&sample.labels), sample.plain_value());
    }
    text
}

fn labels(labels: &[(String, String)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", pairs.join(","))
}

/// A label's value between quotes.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::str::FromStr;

    fn sample(name: &str, labels: &[(&str, &str)], value: &str) -> Sample {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Sample::of(name, labels, Amount::from_str(value).unwrap()).unwrap()
    }

    #[test]
    fn every_name_is_one_that_prometheus_takes() {
        for (place, family) in FAMILIES.iter().enumerate() {
            let plain = |letter: char| letter.is_ascii_lowercase() || letter == '_';
            assert!(family.name.starts_with("model_access_") && family.name.chars().all(plain), "{}", family.name);
            assert_eq!(family.kind == Kind::Counter, family.name.ends_with("_total"), "{}", family.name);
            assert_eq!(family.whose == Whose::Backend, family.name.starts_with("model_access_backend_"));
            assert_eq!(family.unit == "seconds", family.name.ends_with("_seconds"), "{}", family.name);
            assert!(family.help.ends_with('.') && !family.help.contains('\n'), "{}", family.name);
            assert!(FAMILIES.iter().skip(place + 1).all(|other| other.name != family.name), "{} twice", family.name);
        }
        assert_eq!(Sample::of("model_access_nothing", Vec::new(), Amount::from(1)), None);
    }

    #[test]
    fn each_figure_is_described_once_and_told_in_one_order() {
        let mut samples = vec![
            sample("model_access_catalogue_version", &[], "7"),
            sample("model_access_models", &[("status", "new")], "2"),
            sample("model_access_backend_lists_total", &[("pid", "1"), ("what", "hit")], "9"),
            sample("model_access_models", &[("status", "active")], "1e1"),
        ];
        sort(&mut samples);
        assert_eq!(
            exposition(&samples),
            "# HELP model_access_models Models of the catalogue, by status.\n\
             # TYPE model_access_models gauge\n\
             model_access_models{status=\"active\"} 10\n\
             model_access_models{status=\"new\"} 2\n\
             # HELP model_access_catalogue_version Rises with every write of the catalogue.\n\
             # TYPE model_access_catalogue_version gauge\n\
             model_access_catalogue_version 7\n"
        );
    }

    #[test]
    fn labels_are_escaped() {
        let text = exposition(&[sample("model_access_rows_inserted_total", &[("table", "a\"b\\c\nd")], "1")]);
        assert!(text.ends_with("model_access_rows_inserted_total{table=\"a\\\"b\\\\c\\nd\"} 1\n"), "{text}");
    }

    proptest! {
        /// Whatever a label holds, its line stays one line and its value can be read back.
        #[test]
        fn a_label_is_read_back(value in any::<String>()) {
            let text = exposition(&[sample("model_access_models", &[("status", &value)], "1")]);
            let line = text.split('\n').nth(2).unwrap();
            let quoted = line.strip_prefix("model_access_models{status=\"").unwrap().strip_suffix("\"} 1").unwrap();
            let mut read = String::new();
            let mut letters = quoted.chars();
            while let Some(letter) = letters.next() {
                prop_assert!(letter != '"');
                read.push(match letter {
                    '\\' => match letters.next().unwrap() { 'n' => '\n', other => other },
                    other => other,
                });
            }
            prop_assert_eq!(read, value);
        }
    }
}
