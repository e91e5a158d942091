//! Decisions as JSON: as callers read them, and as they are kept for retries.

use crate::decision::{Decision, Figures, Reason, Warning};
use crate::limit::{Amount, Metric, Scope};
use crate::window::{Instant, Period};
use serde_json::{Map, Number, Value, json};
use std::str::FromStr;
use uuid::Uuid;

/// How an instant is written.
type Written<'a> = &'a dyn Fn(Instant) -> Value;

/// The columns of `quota_decision` as an object; instants as `written` says.
pub fn decision(decision: &Decision, written: Written) -> Value {
    let mut object = decision.figures.as_ref().map(|found| figures(found, written)).unwrap_or_default();
    object.insert("allowed".to_owned(), json!(decision.is_allowed()));
    object.insert("reason".to_owned(), json!(decision.reason.map(Reason::word)));
    object.insert("retry_after_seconds".to_owned(), json!(decision.retry_after_seconds));
    object.insert("reservation_id".to_owned(), json!(decision.reservation_id.map(|id| id.to_string())));
    object.insert("warnings".to_owned(), warnings(decision, written));
    Value::Object(object)
}

/// The warnings of a decision: an array, empty when there are none.
pub fn warnings(decision: &Decision, written: Written) -> Value {
    let warning = |warning: &Warning| {
        let mut object = figures(&warning.figures, written);
        object.insert("kind".to_owned(), json!(warning.kind));
        Value::Object(object)
    };
    Value::Array(decision.warnings.iter().map(warning).collect())
}

/// A limit as an object.
fn figures(found: &Figures, written: Written) -> Map<String, Value> {
    let amount = |amount: Option<&Amount>| amount.map_or(Value::Null, |amount| amount_json(amount, found.metric));
    let members = [
        ("limit_name", json!(found.limit_name)),
        ("scope", json!(found.scope)),
        ("metric", json!(found.metric)),
        ("period", json!(found.period)),
        ("limit_amount", amount(found.limit_amount.as_ref())),
        ("used", amount(Some(&found.used))),
        ("held", amount(Some(&found.held))),
        ("requested", amount(Some(&found.requested))),
        ("remaining", amount(found.remaining.as_ref())),
        ("resets_at", found.resets_at.map_or(Value::Null, written)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Money is a string: readers of JSON numbers round.
fn amount_json(amount: &Amount, metric: &str) -> Value {
    let text = amount.normalized().to_plain_string();
    match Number::from_str(&text) {
        Ok(number) if metric != Metric::CostUsd.word() => Value::Number(number),
        _ => Value::String(text),
    }
}

/// A decision from the object of [`decision`], with instants as numbers; `None` for another object.
pub fn of_json(value: &Value) -> Option<Decision> {
    let word = |name: &str| value.get(name).and_then(Value::as_str);
    let reason = match word("reason") {
        None => None,
        Some(word) => Some(Reason::ALL.into_iter().find(|reason| reason.word() == word)?),
    };
    let warning = |value: &Value| {
        let kinds = ["limit_exceeded", "soft_limit_exceeded", "price_unknown"];
        let kind = value.get("kind").and_then(Value::as_str);
        Some(Warning { kind: kinds.into_iter().find(|known| kind == Some(known))?, figures: figures_of(value)? })
    };
    let seconds = value.get("retry_after_seconds").and_then(Value::as_i64);
    Some(Decision {
        reason,
        figures: figures_of(value),
        retry_after_seconds: seconds.and_then(|seconds| i32::try_from(seconds).ok()),
        reservation_id: word("reservation_id").and_then(|id| Uuid::parse_str(id).ok()),
        system_usage_id: None,
        warnings: value.get("warnings")?.as_array()?.iter().filter_map(warning).collect(),
    })
}

fn figures_of(value: &Value) -> Option<Figures> {
    let word = |name: &str| value.get(name).and_then(Value::as_str);
    let amount = |name: &str| match value.get(name)? {
        Value::Number(number) => Amount::from_str(number.as_str()).ok(),
        Value::String(text) => Amount::from_str(text).ok(),
        _ => None,
    };
    Some(Figures {
        limit_name: word("limit_name")?.to_owned(),
        scope: Scope::of_word(word("scope")?)?.word(),
        metric: Metric::of_word(word("metric")?)?.word(),
        period: word("period").and_then(Period::of_word).map(Period::word),
        limit_amount: amount("limit_amount"),
        used: amount("used")?,
        held: amount("held")?,
        requested: amount("requested")?,
        remaining: amount("remaining"),
        resets_at: value.get("resets_at").and_then(Value::as_i64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_comes_back_to_the_last_digit() {
        let found = Figures {
            limit_name: "budget".to_owned(),
            scope: "tier",
            metric: "cost_usd",
            period: Some("daily"),
            limit_amount: Amount::from_str("10").ok(),
            used: Amount::from_str("0.000000000000000000000000000001").unwrap_or_default(),
            held: Amount::from(0),
            requested: Amount::from_str("12345678901234567890.5").unwrap_or_default(),
            remaining: None,
            resets_at: Some(86_400_000_000),
        };
        let whole = Figures { metric: "tokens", used: Amount::from(i64::MAX), period: None, ..found.clone() };
        let kept = Decision {
            reason: Some(Reason::QuotaExceeded),
            figures: Some(found.clone()),
            retry_after_seconds: Some(7),
            reservation_id: Some(Uuid::from_u128(7)),
            system_usage_id: None,
            warnings: vec![
                Warning { kind: "limit_exceeded", figures: found },
                Warning { kind: "soft_limit_exceeded", figures: whole },
            ],
        };
        let json = decision(&kept, &|instant| json!(instant));
        assert_eq!(json.get("used"), Some(&json!("0.000000000000000000000000000001")), "money is a string");
        assert_eq!(json.pointer("/warnings/1/used"), Some(&json!(i64::MAX)));
        assert_eq!(of_json(&json), Some(kept));
        let nothing = Decision {
            reason: None,
            figures: None,
            retry_after_seconds: None,
            reservation_id: None,
            system_usage_id: None,
            warnings: vec![],
        };
        assert_eq!(of_json(&decision(&nothing, &|instant| json!(instant))), Some(nothing));
    }
}
