//! Rules that suggest a verdict on models that nobody has reviewed.

use crate::limit::Amount;
use crate::pattern;
use crate::pricing::Pricing;
use serde_json::{Value, json};

/// The prices of what is sent, and of what comes back, by the token. A price by the call is below no ceiling of tokens.
const PROMPT_KEYS: [&str; 6] =
    ["prompt", "input_cache_read", "input_cache_write", "input_cache_write_1h", "audio", "input_audio_cache"];
const COMPLETION_KEYS: [&str; 3] = ["completion", "internal_reasoning", "audio_output"];

/// A row of `model_review_rules`.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its key.
    pub id: i64,
    /// Its name, which the audit log tells.
    pub name: String,
    /// The lowest wins; of equal ones the lowest key.
    pub priority: i32,
    /// Which models it is for, as the patterns of limits.
    pub model_pattern: String,
    /// Which modalities it is for, in the same way; `None` is any, and none.
    pub modality: Option<String>,
    /// The most that a prompt token may cost, USD; `None` is no ceiling.
    pub max_prompt_price: Option<Amount>,
    /// The most that a completion token may cost, USD; `None` is no ceiling.
    pub max_completion_price: Option<Amount>,
    /// The status that it gives.
    pub status: String,
    /// Whether it opens a model to every tier.
    pub is_free: bool,
    /// Whether it opens a model to pro and enterprise.
    pub is_pro: bool,
    /// Whether it opens a model to enterprise.
    pub is_enterprise: bool,
    /// Whether a sync applies it.
    pub auto_apply: bool,
    /// Whether it counts at all.
    pub enabled: bool,
}

/// A model of status `new`, as far as rules look at it.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its id.
    pub model_id: &'a str,
    /// Its modality; `None` when the feed tells none.
    pub modality: Option<&'a str>,
    /// The prices in force; `None` when they are not known.
    pub pricing: Option<&'a Pricing>,
}

impl Rule {
    /// Whether the rule is for a model: pattern, modality and ceilings all hold.
    fn matches(&self, model: &Candidate) -> bool {
        let highest = |key: &str| model.pricing.and_then(|pricing| pricing.highest_price(key));
        let fits = |ceiling: &Option<Amount>, keys: &[&str]| {
            ceiling.as_ref().is_none_or(|ceiling| {
                let is_below = |key: &&str| highest(key).is_some_and(|price| price <= *ceiling);
                keys.iter().all(is_below) && highest("request").is_some_and(|price| price == Amount::default())
            })
        };
        let modality = model.modality.unwrap_or_default();
        self.enabled
            && pattern::matches(&self.model_pattern, model.model_id)
            && self.modality.as_ref().is_none_or(|wanted| pattern::matches(wanted, modality))
            && fits(&self.max_prompt_price, &PROMPT_KEYS)
            && fits(&self.max_completion_price, &COMPLETION_KEYS)
    }

    /// What the rule decides about a model, as an element of what `review_models` takes.
    pub fn decision(&self, model_id: &str) -> Value {
        json!({
            "model_id": model_id,
            "status": self.status,
            "is_free": self.is_free,
            "is_pro": self.is_pro,
            "is_enterprise": self.is_enterprise,
            "reason": format!("rule {}", self.name),
        })
    }
}

/// The rule that decides about a model: the first that matches, by priority, then by key.
pub fn first<'r>(rules: &'r [Rule], model: &Candidate) -> Option<&'r Rule> {
    rules.iter().filter(|rule| rule.matches(model)).min_by_key(|rule| (rule.priority, rule.id))
}

/// Whether a sync may apply a rule to a model with such open alarms: with none. At any alarm a person must look, also at a model
/// that came back, of which he may have said no.
pub fn may_apply(open_alarms: &[String]) -> bool {
    open_alarms.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn rule(id: i64, priority: i32, model_pattern: &str) -> Rule {
        Rule {
            id,
            name: format!("rule {id}"),
            priority,
            model_pattern: model_pattern.to_owned(),
            modality: None,
            max_prompt_price: None,
            max_completion_price: None,
            status: "active".to_owned(),
            is_free: false,
            is_pro: true,
            is_enterprise: true,
            auto_apply: false,
            enabled: true,
        }
    }

    fn chosen(rules: &[Rule], model_id: &str, modality: Option<&str>, pricing: &Value) -> Option<i64> {
        let pricing = Pricing::of_json(pricing).ok();
        first(rules, &Candidate { model_id, modality, pricing: pricing.as_ref() }).map(|rule| rule.id)
    }

    #[test]
    fn the_first_that_matches_wins_by_priority_then_key() {
        let off = Rule { enabled: false, ..rule(9, 0, "*") };
        let rules = [rule(4, 20, "*"), rule(3, 10, "a/*"), rule(2, 10, "a/*"), rule(5, 1, "a/b"), off];
        let rows = [("a/b", 5), ("a/c", 2), ("ab/c", 4), ("a", 4)];
        for (model, expected) in rows {
            assert_eq!(chosen(&rules, model, None, &json!({ "prompt": "1" })), Some(expected), "{model}");
        }
        assert_eq!(chosen(&rules[1..], "c/d", None, &json!({})), None);
    }

    #[test]
    fn a_ceiling_holds_for_every_price_that_a_call_may_pay() {
        let amount = |text: &str| Amount::from_str(text).ok();
        let both = Rule { max_prompt_price: amount("0.5"), max_completion_price: amount("2"), ..rule(1, 0, "*") };
        let prompt = Rule { max_completion_price: None, ..both.clone() };
        let zero = Rule { max_prompt_price: amount("0"), max_completion_price: amount("0"), ..both.clone() };
        let long = |price: &str| json!({ "prompt": "0.1", "completion": "1", "overrides": [{ "min_prompt_tokens": 5, "prompt": price }] });
        let rows = [
            (&both, json!({ "prompt": "0.5", "completion": "2" }), true),
            (&both, json!({ "prompt": "0.50", "completion": "2.000" }), true),
            (&both, json!({ "prompt": "0.5000000000000000000000001", "completion": "2" }), false),
            (&both, json!({ "prompt": "0.5", "completion": "2.1" }), false),
            (&both, json!({ "prompt": "-1", "completion": "1" }), false),
            (&both, json!({ "prompt": "0.1", "completion": "-1" }), false),
            (&both, json!({ "prompt": "0.1" }), true), // a missing completion price is zero
            (&both, json!({}), false),                 // no price was told
            (&both, json!({ "prompt": "cheap" }), false),
            (&both, long("0.4"), true),
            (&both, long("0.6"), false),
            (&both, long("-1"), false),
            (&prompt, json!({ "prompt": "0.1", "completion": "-1" }), true),
            (&zero, json!({ "prompt": "0", "completion": "0" }), true),
            (&zero, json!({ "prompt": "0", "completion": "0.0000000000000000000000000001" }), false),
            (&rule(1, 0, "*"), json!({ "prompt": "-1" }), true),
            (&rule(1, 0, "*"), json!({}), true),
        ];
        for (rule, pricing, expected) in rows {
            let found = chosen(std::slice::from_ref(rule), "a/b", None, &pricing).is_some();
            assert_eq!(found, expected, "{:?} {:?} {pricing}", rule.max_prompt_price, rule.max_completion_price);
        }
    }

    #[test]
    fn a_modality_is_matched_whole() {
        let of = |modality: Option<&str>| Rule { modality: modality.map(str::to_owned), ..rule(1, 0, "*") };
        let rows = [
            (None, None, true),
            (None, Some("text->text"), true),
            (Some("text->text"), Some("text->text"), true),
            (Some("text->text"), Some("text+image->text"), false),
            (Some("text->text"), None, false),
            (Some("text->*"), Some("text->text"), false),
            (Some("*"), Some("text->text"), true),
            (Some("*"), None, true),
        ];
        for (wanted, modality, expected) in rows {
            let found = chosen(&[of(wanted)], "a/b", modality, &json!({ "prompt": "1" })).is_some();
            assert_eq!(found, expected, "{wanted:?} {modality:?}");
        }
    }

    #[test]
    fn a_ceiling_is_of_every_price_by_the_token_and_of_none_by_the_call() {
        let cheap = Rule {
            max_prompt_price: Amount::from_str("0.000001").ok(),
            max_completion_price: Amount::from_str("0.000002").ok(),
            ..rule(1, 1, "*")
        };
        for (key, amount, expected) in [
            ("internal_reasoning", "0.000002", true),
            ("internal_reasoning", "0.06", false),
            ("input_cache_write", "0.06", false),
            ("audio", "0.06", false),
            ("request", "5", false),
            ("request", "0", true),
            ("request", "-1", false),
            ("web_search", "0.01", true),
        ] {
            let pricing = json!({ "prompt": "0.000001", "completion": "0.000002", key: amount });
            assert_eq!(
                chosen(std::slice::from_ref(&cheap), "a/b", None, &pricing).is_some(),
                expected,
                "{key} {amount}"
            );
        }
    }

    #[test]
    fn a_sync_applies_nothing_where_a_person_must_look() {
        let rows: [(&[&str], bool); 5] = [
            (&[], true),
            (&["returned"], false),
            (&["price_zero"], false),
            (&["returned", "context_shrunk"], false),
            (&["something_of_tomorrow"], false),
        ];
        for (alarms, expected) in rows {
            let alarms: Vec<String> = alarms.iter().map(|alarm| (*alarm).to_owned()).collect();
            assert_eq!(may_apply(&alarms), expected, "{alarms:?}");
        }
    }
}
