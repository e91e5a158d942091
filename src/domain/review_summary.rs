//! What the review queue tells a person: why a model is in it, what is more urgent, and what happened in words.

use crate::alarm::{self, Alarm, Finding};
use crate::limit::Amount;
use crate::price::{self, PRICE_KEYS};
use bigdecimal::{RoundingMode, Zero};
use serde_json::{Map, Value};
use std::num::NonZeroU64;

/// Significant digits of a ratio. Prices themselves are told exactly.
const RATIO_DIGITS: NonZeroU64 = NonZeroU64::MIN.saturating_add(2);

/// What is known of a model that may have to be reviewed.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Nobody has decided about it since it came.
    pub is_new: bool,
    /// Its open review items.
    pub findings: Vec<Finding>,
    /// The day on which it goes away, where that concerns users: of an active model, or one that may become so.
    pub expires: Option<String>,
}

/// What comes first in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Something happened that should not, or that a person was asked to look at.
    Alarm,
    /// Nobody can use the model yet.
    New,
    /// Users will have to do without it.
    Expiring,
}

impl Facts {
    /// Why the model is in the queue, in the order of the summary; nothing: it is not.
    pub fn reasons(&self) -> Vec<&'static str> {
        let new = self.is_new.then_some("new");
        let alarms = self.sorted().into_iter().map(|finding| finding.alarm.word());
        new.into_iter().chain(alarms).chain(self.expires.as_ref().map(|_| "expiring")).collect()
    }

    /// Its place in the queue.
    pub fn urgency(&self) -> Urgency {
        match (self.findings.is_empty(), self.is_new) {
            (false, _) => Urgency::Alarm,
            (true, true) => Urgency::New,
            (true, false) => Urgency::Expiring,
        }
    }

    /// What happened, each thing once.
    pub fn summary(&self) -> String {
        let mut lines: Vec<String> = self.is_new.then(|| "not reviewed yet".to_owned()).into_iter().collect();
        for line in self.sorted().into_iter().flat_map(lines_of) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines.extend(self.expires.as_ref().map(|day| format!("expires {day}")));
        lines.join("; ")
    }

    fn sorted(&self) -> Vec<&Finding> {
        Alarm::ALL.iter().flat_map(|alarm| self.findings.iter().filter(|finding| finding.alarm == *alarm)).collect()
    }
}

fn lines_of(finding: &Finding) -> Vec<String> {
    let none = Map::new();
    let new = finding.new.as_object().unwrap_or(&none);
    let old = finding.old.as_ref().and_then(Value::as_object);
    let lines = match finding.alarm {
        Alarm::Returned => vec!["came back after it was gone".to_owned()],
        Alarm::PriceRatio => old.map(|old| ratios(old, new)).unwrap_or_default(),
        Alarm::PriceZero => old.map_or_else(|| vec!["costs nothing".to_owned()], |old| zeros(old, new)),
        Alarm::PriceUnknown => of_keys(|key| {
            price::is_route_dependent(new, key).then(|| format!("{} price depends on the route", named(key)))
        }),
        Alarm::PeakPrice => of_keys(|key| peak(new, key)),
        Alarm::ContextShrunk => old.and_then(|old| context(old, new)).into_iter().collect(),
    };
    // A glitch that is over: the item stands until a person has seen it.
    if lines.is_empty() { vec!["prices are what they were before".to_owned()] } else { lines }
}

fn of_keys(line: impl Fn(&'static str) -> Option<String>) -> Vec<String> {
    PRICE_KEYS.into_iter().filter_map(line).collect()
}

fn ratios(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<String> {
    of_keys(|key| {
        let (old, new) = alarm::step(key, old, new)?;
        let moved = price::is_positive(&old) && price::is_positive(&new) && !price::same(&old, &new);
        moved.then(|| format!("{} price ×{}: {} → {}", named(key), ratio(&old, &new), plain(&old), plain(&new)))
    })
}

fn zeros(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<String> {
    let line = |key: &&str| {
        let (old, new) = alarm::step(key, old, new)?;
        match (old.is_zero(), new.is_zero()) {
            (false, true) => Some(format!("{} price to zero", named(key))),
            (true, false) => Some(format!("{} price from zero to {}", named(key), plain(&new))),
            _ => None,
        }
    };
    alarm::PAID_BY_EVERY_CALL.iter().filter_map(line).collect()
}

fn peak(new: &Map<String, Value>, key: &str) -> Option<String> {
    let (now, off_peak) = price::of_key(new, key).zip(price::off_peak(new, key))?;
    let is_peak = now > off_peak && !price::same(&now, &off_peak);
    is_peak.then(|| format!("{} price {} of the peak, else {}", named(key), plain(&now), plain(&off_peak)))
}

fn context(old: &Map<String, Value>, new: &Map<String, Value>) -> Option<String> {
    let length = |of: &Map<String, Value>| of.get("context_length").and_then(Value::as_i64);
    Some(format!("context {} → {}", length(old)?, length(new)?))
}

fn named(key: &str) -> String {
    key.replace('_', " ")
}

fn plain(amount: &Amount) -> String {
    amount.normalized().to_plain_string()
}

fn ratio(old: &Amount, new: &Amount) -> String {
    plain(&(new / old).with_precision_round(RATIO_DIGITS, RoundingMode::HalfUp))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn finding(alarm: Alarm, old: Value, new: Value) -> Finding {
        Finding { alarm, old: Some(old).filter(|old| !old.is_null()), new }
    }

    fn told(findings: Vec<Finding>) -> String {
        Facts { is_new: false, findings, expires: None }.summary()
    }

    #[test]
    fn every_reason_has_its_words() {
        let prices = |prompt: &str, completion: &str| json!({ "prompt": prompt, "completion": completion });
        let context = |length: i32| json!({ "context_length": length });
        let peak = json!({ "prompt": "2", "completion": "3", "overrides": [{ "utc_start": 1, "utc_end": 2, "prompt": "1", "completion": "3" }] });
        let rows = [
            (
                Alarm::PriceRatio,
                prices("0.0000001", "1"),
                prices("0.0000024", "1"),
                "prompt price ×24: 0.0000001 → 0.0000024",
            ),
            (
                Alarm::PriceRatio,
                prices("3", "10"),
                prices("0.2", "1.0"),
                "prompt price ×0.0667: 3 → 0.2; completion price ×0.1: 10 → 1",
            ),
            (
                Alarm::PriceRatio,
                prices("0.00000008333333333333334", "1"),
                prices("1", "1"),
                "prompt price ×12000000: 0.00000008333333333333334 → 1",
            ),
            (
                Alarm::PriceRatio,
                prices("1", "1"),
                prices("1.0000000000000000001", "0"),
                "prices are what they were before",
            ),
            (Alarm::PriceZero, prices("1", "0.5"), prices("1", "0"), "completion price to zero"),
            (
                Alarm::PriceZero,
                prices("0", "0"),
                prices("0.1", "0.2"),
                "prompt price from zero to 0.1; completion price from zero to 0.2",
            ),
            (Alarm::PriceZero, prices("0", "0"), prices("-1", "0"), "prompt price from zero to -1"),
            (Alarm::PriceZero, prices("1", "1"), prices("1", "1"), "prices are what they were before"),
            (Alarm::PriceZero, Value::Null, json!({}), "costs nothing"),
            (
                Alarm::PriceUnknown,
                Value::Null,
                prices("-1", "-1"),
                "prompt price depends on the route; completion price depends on the route",
            ),
            (Alarm::PeakPrice, Value::Null, peak, "prompt price 2 of the peak, else 1"),
            (
                Alarm::Returned,
                json!({ "status": "inactive" }),
                json!({ "status": "new" }),
                "came back after it was gone",
            ),
            (Alarm::ContextShrunk, context(128_000), context(8192), "context 128000 → 8192"),
        ];
        for (alarm, old, new, expected) in rows {
            assert_eq!(told(vec![finding(alarm, old.clone(), new.clone())]), expected, "{alarm:?} {old} {new}");
        }
    }

    #[test]
    fn reasons_and_words_come_in_one_order_and_once() {
        let prices = |prompt: &str, completion: &str| json!({ "prompt": prompt, "completion": completion });
        let facts = Facts {
            is_new: true,
            findings: vec![
                finding(Alarm::ContextShrunk, json!({ "context_length": 128_000 }), json!({ "context_length": 8192 })),
                finding(Alarm::PriceZero, prices("0.0000001", "1"), prices("0.0000024", "0")),
                finding(Alarm::Returned, json!({}), json!({})),
                finding(Alarm::PriceRatio, prices("0.0000001", "1"), prices("0.0000024", "0")),
            ],
            expires: Some("2026-12-01".to_owned()),
        };
        assert_eq!(facts.reasons(), ["new", "returned", "price_ratio", "price_zero", "context_shrunk", "expiring"]);
        assert_eq!(
            facts.summary(),
            "not reviewed yet; came back after it was gone; prompt price ×24: 0.0000001 → 0.0000024; completion price to zero; \
             context 128000 → 8192; expires 2026-12-01"
        );
        let same = |alarm| finding(alarm, prices("1", "1"), prices("1", "1"));
        assert_eq!(told(vec![same(Alarm::PriceRatio), same(Alarm::PriceZero)]), "prices are what they were before");
    }

    #[test]
    fn alarms_come_before_what_is_new_and_that_before_what_expires() {
        let facts = |is_new, alarm: bool| {
            let findings = alarm.then(|| finding(Alarm::Returned, json!({}), json!({}))).into_iter().collect();
            Facts { is_new, findings, expires: Some("2026-12-01".to_owned()) }.urgency()
        };
        assert_eq!([facts(true, true), facts(false, true)], [Urgency::Alarm, Urgency::Alarm]);
        assert_eq!([facts(true, false), facts(false, false)], [Urgency::New, Urgency::Expiring]);
        assert!(Urgency::Alarm < Urgency::New && Urgency::New < Urgency::Expiring);
    }
}
