//! One element of what `review_models` takes: a person's verdict on one model.

use serde_json::{Map, Value};
use std::fmt;

/// The words of `model_access.status`.
pub const STATUSES: [&str; 4] = ["active", "inactive", "disabled", "new"];

/// A verdict; `None` leaves a value as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// About which model.
    pub model_id: String,
    /// One of [`STATUSES`].
    pub status: Option<String>,
    /// Open to every tier.
    pub is_free: Option<bool>,
    /// Open to pro and enterprise.
    pub is_pro: Option<bool>,
    /// Open to enterprise.
    pub is_enterprise: Option<bool>,
    /// Why, in the words of whoever decides.
    pub reason: Option<String>,
}

/// Why an element is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no JSON object.
    NotAnObject,
    /// It is nested deeper than any verdict.
    TooDeep,
    /// It has a key that means nothing here: a slip would otherwise go unnoticed.
    UnknownKey(String),
    /// `model_id` is missing or no text.
    NoModel,
    /// `status` is none of [`STATUSES`].
    UnknownStatus,
    /// The key has another JSON type than it should.
    WrongType(&'static str, &'static str),
    /// An earlier element is about the same model.
    Twice,
    /// There is no such model.
    UnknownModel,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => write!(out, "The element is not an object"),
            Self::TooDeep => write!(out, "The element is nested too deeply"),
            Self::UnknownKey(key) => write!(out, "Unknown key \"{key}\""),
            Self::NoModel => write!(out, "model_id is missing or not text"),
            Self::UnknownStatus => write!(out, "Invalid status. Must be: active, inactive, disabled, or new"),
            Self::WrongType(key, right) => write!(out, "{key} must be {right}"),
            Self::Twice => write!(out, "An earlier element is about the same model"),
            Self::UnknownModel => write!(out, "Model not found"),
        }
    }
}

const KEYS: [&str; 6] = ["model_id", "status", "is_free", "is_pro", "is_enterprise", "reason"];

impl Decision {
    /// Reads an element. JSON null is as good as a missing key.
    pub fn of_json(element: &Value) -> Result<Self, Refusal> {
        let element = element.as_object().ok_or(Refusal::NotAnObject)?;
        if let Some(key) = element.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(Refusal::UnknownKey(key.clone()));
        }
        let status = text(element, "status", || Refusal::UnknownStatus)?;
        if status.as_deref().is_some_and(|status| !STATUSES.contains(&status)) {
            return Err(Refusal::UnknownStatus);
        }
        Ok(Self {
            model_id: text(element, "model_id", || Refusal::NoModel)?.ok_or(Refusal::NoModel)?,
            status,
            is_free: flag(element, "is_free")?,
            is_pro: flag(element, "is_pro")?,
            is_enterprise: flag(element, "is_enterprise")?,
            reason: text(element, "reason", || Refusal::WrongType("reason", "text"))?,
        })
    }
}

fn text(of: &Map<String, Value>, key: &str, wrong: impl Fn() -> Refusal) -> Result<Option<String>, Refusal> {
    match of.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong()),
    }
}

fn flag(of: &Map<String, Value>, key: &'static str) -> Result<Option<bool>, Refusal> {
    match of.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Refusal::WrongType(key, "true or false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review_rule::Rule;
    use serde_json::json;

    #[test]
    fn what_is_given_is_decided_and_the_rest_left_as_it_is() {
        let element =
            json!({ "model_id": "a/b", "status": "active", "is_free": null, "is_pro": true, "reason": "good" });
        let expected = Decision {
            model_id: "a/b".to_owned(),
            status: Some("active".to_owned()),
            is_free: None,
            is_pro: Some(true),
            is_enterprise: None,
            reason: Some("good".to_owned()),
        };
        assert_eq!(Decision::of_json(&element), Ok(expected));
        let nothing =
            Decision::of_json(&json!({ "model_id": "a/b" })).map(|decision| (decision.status, decision.is_pro));
        assert_eq!(nothing, Ok((None, None)));
    }

    #[test]
    fn each_slip_is_told() {
        let rows = [
            (json!(null), Refusal::NotAnObject),
            (json!([]), Refusal::NotAnObject),
            (json!("a/b"), Refusal::NotAnObject),
            (json!({}), Refusal::NoModel),
            (json!({ "model_id": null }), Refusal::NoModel),
            (json!({ "model_id": 7 }), Refusal::NoModel),
            (json!({ "model_id": "a", "status": "Active" }), Refusal::UnknownStatus),
            (json!({ "model_id": "a", "status": true }), Refusal::UnknownStatus),
            (json!({ "model_id": "a", "is_free": "true" }), Refusal::WrongType("is_free", "true or false")),
            (json!({ "model_id": "a", "is_pro": 1 }), Refusal::WrongType("is_pro", "true or false")),
            (json!({ "model_id": "a", "is_enterprise": {} }), Refusal::WrongType("is_enterprise", "true or false")),
            (json!({ "model_id": "a", "reason": [] }), Refusal::WrongType("reason", "text")),
            (json!({ "model_id": "a", "is_fre": true }), Refusal::UnknownKey("is_fre".to_owned())),
        ];
        for (element, expected) in rows {
            assert_eq!(Decision::of_json(&element), Err(expected), "{element}");
        }
    }

    #[test]
    fn what_a_rule_decides_is_such_an_element() {
        let rule = Rule {
            id: 1,
            name: "cheap".to_owned(),
            priority: 1,
            model_pattern: "*".to_owned(),
            modality: None,
            max_prompt_price: None,
            max_completion_price: None,
            status: "disabled".to_owned(),
            is_free: false,
            is_pro: true,
            is_enterprise: true,
            auto_apply: true,
            enabled: true,
        };
        let decision = Decision::of_json(&rule.decision("a/b"));
        let told = decision.map(|decision| (decision.status, decision.is_free, decision.is_pro, decision.reason));
        let expected = (Some("disabled".to_owned()), Some(false), Some(true), Some("rule cheap".to_owned()));
        assert_eq!(told, Ok(expected));
    }
}
