//! What a person should look at: price moves, models that came back, contexts that shrank. The change is applied all the same;
//! the alarm is for the review.

use crate::change::{self, Stored};
use crate::feed::Model;
use crate::price::{self, PRICE_KEYS};
use bigdecimal::{BigDecimal, Zero};
use serde_json::{Map, Value, json};

/// The prices that every call pays. The others come and go with features: that a model begins to charge for web
/// search is no reason for an alarm, that it begins to charge for prompts is.
pub(crate) const PAID_BY_EVERY_CALL: [&str; 3] = ["prompt", "completion", "request"];
/// A new model without these, and without `:free` in its name, looks like a mistake.
const NEVER_ZERO_TOGETHER: [&str; 2] = ["prompt", "completion"];

/// Why a model is put before a person. The words are stored in `model_review_items.kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alarm {
    /// A price moved by more than the setting `price_alert_ratio`, either way.
    PriceRatio,
    /// A price that every call pays went to or from zero, or a new model without `:free` costs nothing.
    PriceZero,
    /// A price is `-1`: it depends on the route, so no call can be priced from it.
    PriceUnknown,
    /// The feed was read in a peak window: the top-level price is above the off-peak one.
    PeakPrice,
    /// A model that was inactive came back, and is new again.
    Returned,
    /// The context is shorter than it was.
    ContextShrunk,
}

impl Alarm {
    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::PriceRatio => "price_ratio",
            Self::PriceZero => "price_zero",
            Self::PriceUnknown => "price_unknown",
            Self::PeakPrice => "peak_price",
            Self::Returned => "returned",
            Self::ContextShrunk => "context_shrunk",
        }
    }

    /// The alarm of a stored word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alarm| alarm.word() == word)
    }

    /// All of them, in the order in which a person is told.
    pub const ALL: [Self; 6] =
        [Self::Returned, Self::PriceRatio, Self::PriceZero, Self::PriceUnknown, Self::PeakPrice, Self::ContextShrunk];

    /// Whether it is about a price.
    pub fn is_of_price(self) -> bool {
        !matches!(self, Self::Returned | Self::ContextShrunk)
    }
}

/// The alarms of a pricing that is about to be stored; `old` is the one it replaces, `None` for a new model.
pub fn alarms(
    model_id: &str,
    old: Option<&Map<String, Value>>,
    new: &Map<String, Value>,
    alert_ratio: &BigDecimal,
) -> Vec<Alarm> {
    let moved = |key: &&str| old.and_then(|old| step(key, old, new));
    let mut found = Vec::new();
    if PRICE_KEYS.iter().filter_map(moved).any(|(old, new)| moved_beyond(&old, &new, alert_ratio)) {
        found.push(Alarm::PriceRatio);
    }
    let zero = match old {
        Some(_) => PAID_BY_EVERY_CALL.iter().filter_map(moved).any(|(old, new)| old.is_zero() != new.is_zero()),
        None => !model_id.ends_with(":free") && NEVER_ZERO_TOGETHER.iter().all(|key| amount(new, key).is_zero()),
    };
    if zero {
        found.push(Alarm::PriceZero);
    }
    if PRICE_KEYS.iter().any(|key| price::is_route_dependent(new, key)) {
        found.push(Alarm::PriceUnknown);
    }
    let peak = |key: &&str| {
        let now = price::of_key(new, key).zip(price::off_peak(new, key));
        now.is_some_and(|(now, off_peak)| now > off_peak && !price::same(&now, &off_peak))
    };
    if new.contains_key("overrides") && PRICE_KEYS.iter().any(peak) {
        found.push(Alarm::PeakPrice);
    }
    found
}

/// An alarm, with what the model was and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Why.
    pub alarm: Alarm,
    /// The part that is alarming, as it was: a pricing object, `{"context_length": n}`, `{"status": "inactive"}`. `None` for the
    /// prices of a new model.
    pub old: Option<Value>,
    /// The same part as it is now.
    pub new: Value,
}

/// The alarms of an element that is about to be stored in the place of what is there.
pub fn findings(stored: Option<&Stored>, model: &Model, alert_ratio: &BigDecimal) -> Vec<Finding> {
    let mut found = Vec::new();
    if change::pricing_differs(stored, model) {
        let old = stored.and_then(|stored| stored.open_pricing.as_ref());
        found.extend(alarms(&model.model_id, old, &model.pricing, alert_ratio).into_iter().map(|alarm| Finding {
            alarm,
            old: old.cloned().map(Value::Object),
            new: Value::Object(model.pricing.clone()),
        }));
    }
    let Some(stored) = stored else { return found };
    if stored.inactive {
        let [old, new] = ["inactive", "new"].map(|status| json!({ "status": status }));
        found.push(Finding { alarm: Alarm::Returned, old: Some(old), new });
    }
    if model.context_length < stored.model.context_length {
        let [old, new] = [&stored.model, model].map(|model| json!({ "context_length": model.context_length }));
        found.push(Finding { alarm: Alarm::ContextShrunk, old: Some(old), new });
    }
    found
}

/// The amounts before and after; `None` where one of them is "as the prompt", which is no amount.
pub(crate) fn step(key: &str, old: &Map<String, Value>, new: &Map<String, Value>) -> Option<(BigDecimal, BigDecimal)> {
    let comparable = price::absent_is_zero(key) || old.contains_key(key) == new.contains_key(key);
    comparable.then(|| (amount(old, key), amount(new, key)))
}

fn amount(pricing: &Map<String, Value>, key: &str) -> BigDecimal {
    price::of_key(pricing, key).unwrap_or_default()
}

fn moved_beyond(old: &BigDecimal, new: &BigDecimal, ratio: &BigDecimal) -> bool {
    price::is_positive(old) && price::is_positive(new) && (*new > old * ratio || *old > new * ratio)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(id: &str, old: Option<Value>, new: Value) -> Vec<Alarm> {
        let object = |value: Value| value.as_object().cloned().unwrap_or_default();
        alarms(id, old.map(object).as_ref(), &object(new), &BigDecimal::from(10))
    }

    #[test]
    fn each_alarm_rings_for_its_reason_only() {
        let price = |prompt: &str| json!({ "prompt": prompt, "completion": "1" });
        let with = |key: &str, amount: &str| json!({ "prompt": "1", "completion": "1", key: amount });
        let cases = [
            ("a/b", Some(price("1")), price("10"), vec![]),
            ("a/b", Some(price("1")), price("10.1"), vec![Alarm::PriceRatio]),
            ("a/b", Some(price("10.1")), price("1"), vec![Alarm::PriceRatio]),
            ("a/b", Some(price("1")), price("0"), vec![Alarm::PriceZero]),
            ("a/b", Some(price("0")), price("1"), vec![Alarm::PriceZero]),
            ("a/b", Some(price("1")), price("-1"), vec![Alarm::PriceUnknown]),
            ("a/b", Some(price("-1")), price("1"), vec![]),
            ("a/b", Some(price("-1")), price("0"), vec![Alarm::PriceZero]),
            ("a/b", Some(price("0")), price("-1"), vec![Alarm::PriceZero, Alarm::PriceUnknown]),
            ("a/b", Some(with("image", "0.001")), with("image", "1"), vec![Alarm::PriceRatio]),
            ("a/b", Some(price("1")), with("image", "1"), vec![]),
            ("a/b", Some(price("1")), with("request", "5"), vec![Alarm::PriceZero]),
            ("a/b", Some(price("1")), with("input_cache_read", "0"), vec![]),
            ("a/b", None, json!({}), vec![Alarm::PriceZero]),
            ("a/b:free", None, json!({ "prompt": "0" }), vec![]),
            ("a/b", None, price("1"), vec![]),
            ("a/router", None, json!({ "prompt": "-1", "completion": "-1" }), vec![Alarm::PriceUnknown]),
        ];
        for (id, old, new, expected) in cases {
            assert_eq!(found(id, old.clone(), new.clone()), expected, "{id} {old:?} {new}");
        }
    }

    fn of_change(before: Option<(Value, bool)>, after: Value) -> Vec<(Alarm, Option<Value>, Value)> {
        let model = |element: &Value| match Model::parse(element.clone()) {
            Ok(model) => model,
            Err(error) => unreachable!("{error}"),
        };
        let stored = before.map(|(element, inactive)| {
            let model = model(&element);
            Stored { open_pricing: Some(model.pricing.clone()), model, inactive }
        });
        let found = findings(stored.as_ref(), &model(&after), &BigDecimal::from(10));
        found.into_iter().map(|finding| (finding.alarm, finding.old, finding.new)).collect()
    }

    #[test]
    fn what_came_back_or_shrank_is_found_with_its_values() {
        let element = |prompt: &str, context: i32| json!({ "id": "a/b", "name": "B", "context_length": context, "pricing": { "prompt": prompt, "completion": "1" } });
        let pricing = |prompt: &str| json!({ "prompt": prompt, "completion": "1" });
        let context = |length: i32| json!({ "context_length": length });
        let returned = (Alarm::Returned, Some(json!({ "status": "inactive" })), json!({ "status": "new" }));
        let shrunk = (Alarm::ContextShrunk, Some(context(128_000)), context(8192));
        let ratio = (Alarm::PriceRatio, Some(pricing("1")), pricing("24"));
        let rows = [
            (None, element("1", 8192), vec![]),
            (Some((element("1", 128_000), false)), element("1", 128_000), vec![]),
            (Some((element("1", 8192), false)), element("1", 128_000), vec![]),
            (Some((element("1", 0), false)), element("1", 8192), vec![]),
            (Some((element("1", 128_000), false)), element("1", 8192), vec![shrunk.clone()]),
            (Some((element("1", 8192), true)), element("1", 8192), vec![returned.clone()]),
            (Some((element("1", 128_000), true)), element("24", 8192), vec![ratio, returned, shrunk]),
            (Some((element("0.6", 1), false)), element("0.6000000000000000000001", 1), vec![]),
        ];
        for (before, after, expected) in rows {
            assert_eq!(of_change(before.clone(), after.clone()), expected, "{before:?} {after}");
        }
    }

    #[test]
    fn every_alarm_has_a_word_of_its_own() {
        for alarm in Alarm::ALL {
            assert_eq!(Alarm::of_word(alarm.word()), Some(alarm));
        }
        assert_eq!(Alarm::of_word("expiring"), None);
    }

    #[test]
    fn a_feed_read_in_a_peak_window_rings() {
        let overrides = json!([
            { "utc_start": 1000, "utc_end": 100, "prompt": "1" },
            { "utc_start": 100, "utc_end": 1000, "prompt": "2" }
        ]);
        let at = |prompt: &str| json!({ "prompt": prompt, "completion": "1", "overrides": overrides });
        assert_eq!(found("a/b", None, at("1")), vec![]);
        assert_eq!(found("a/b", None, at("2")), vec![Alarm::PeakPrice]);
    }
}
