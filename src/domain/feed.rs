//! One element of OpenRouter's `GET /api/v1/models`, checked and turned into a catalogue row.
//!
//! Field map: docs/reference.md, "Catalogue". An element that cannot be stored is rejected with a reason that names
//! the field; the others are stored all the same.

use crate::expiration::{self, Day};
use crate::price::{self, PRICE_KEYS, PriceError};
use serde_json::{Map, Value};
use std::fmt;

/// The context length of an element that names none (the column's default).
pub const DEFAULT_CONTEXT_LENGTH: i32 = 8192;
/// Ids of this prefix belong to `ai_models_system` rows.
pub const RESERVED_PREFIX: &str = "system/";

/// The mapped columns of a catalogue row, as the feed gives them.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// `id`, unique.
    pub model_id: String,
    /// `canonical_slug`, shared by several ids.
    pub canonical_slug: Option<String>,
    /// `hugging_face_id`
    pub hugging_face_id: Option<String>,
    /// `name`, not unique.
    pub model_name: String,
    /// `description`
    pub model_description: Option<String>,
    /// `context_length` in tokens; 0 occurs.
    pub context_length: i32,
    /// `created` in unix seconds; `None` when the feed does not say. Only stored on insert, so never a change.
    pub created_timestamp: Option<i64>,
    /// `architecture.modality`
    pub modality: Option<String>,
    /// `architecture.input_modalities`, a JSON array.
    pub input_modalities: Value,
    /// `architecture.output_modalities`, a JSON array.
    pub output_modalities: Value,
    /// `architecture.tokenizer`
    pub tokenizer: Option<String>,
    /// `pricing.prompt`
    pub prompt_price: String,
    /// `pricing.completion`
    pub completion_price: String,
    /// `pricing.request`
    pub request_price: String,
    /// `pricing.image`
    pub image_price: String,
    /// `pricing.web_search`
    pub web_search_price: String,
    /// `pricing.internal_reasoning`
    pub internal_reasoning_price: String,
    /// `pricing.input_cache_read`; `None` means the prompt price.
    pub input_cache_read_price: Option<String>,
    /// `pricing.input_cache_write`; `None` means the prompt price.
    pub input_cache_write_price: Option<String>,
    /// `top_provider.max_completion_tokens`
    pub max_completion_tokens: Option<i32>,
    /// `top_provider.is_moderated`
    pub is_moderated: bool,
    /// `supported_parameters`, a JSON array.
    pub supported_parameters: Value,
    /// `expiration_date`; `None` where it is none, whatever it is instead.
    pub expiration_date: Option<Day>,
    /// The whole pricing object.
    pub pricing: Map<String, Value>,
}

/// Why an element cannot be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The element is no JSON object.
    NotAnObject,
    /// `id` or `name` is missing, not a string, or blank.
    Unusable(&'static str),
    /// The id begins with [`RESERVED_PREFIX`].
    ReservedId,
    /// The field has another JSON type than the column needs.
    WrongType(&'static str),
    /// The text is longer than its column.
    TooLong(&'static str, usize),
    /// Not a whole number between 0 and the column's largest.
    OutOfRange(&'static str),
    /// A price that is no price.
    Price(&'static str, PriceError),
    /// Nested deeper than anything the catalogue stores.
    TooDeep,
}

impl fmt::Display for Rejection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => write!(out, "the element is not an object"),
            Self::Unusable(field) => write!(out, "{field} is missing, blank or not a string"),
            Self::ReservedId => write!(out, "id begins with {RESERVED_PREFIX}, which is reserved"),
            Self::WrongType(field) => write!(out, "{field} has the wrong JSON type"),
            Self::TooLong(field, limit) => write!(out, "{field} is longer than {limit} characters"),
            Self::OutOfRange(field) => write!(out, "{field} is not a whole number in range"),
            Self::Price(key, PriceError::WrongType) => write!(out, "pricing.{key} is neither text nor number"),
            Self::Price(key, PriceError::TooLong) => {
                write!(out, "pricing.{key} is longer than {} characters", price::MAX_PRICE_CHARS)
            }
            Self::Price(key, PriceError::Malformed) => write!(out, "pricing.{key} is not a decimal"),
            Self::Price(key, PriceError::Negative) => write!(out, "pricing.{key} is negative and not -1"),
            Self::TooDeep => write!(out, "the element is nested too deeply, or has a number of more than 1000 digits"),
        }
    }
}

impl Model {
    /// Checks an element and maps it to columns.
    pub fn parse(element: Value) -> Result<Self, Rejection> {
        let Value::Object(mut element) = element else {
            return Err(Rejection::NotAnObject);
        };
        let mut architecture = object(&mut element, "architecture")?;
        let provider = object(&mut element, "top_provider")?;
        let pricing = object(&mut element, "pricing")?;
        check_pricing(&pricing)?;
        let price = |key| Ok(price_of(&pricing, key)?.map(str::to_owned));
        let price_or_zero = |key| Ok(price_of(&pricing, key)?.unwrap_or("0").to_owned());
        Ok(Self {
            model_id: identifier(&mut element)?,
            canonical_slug: text(&mut element, "canonical_slug", 255)?,
            hugging_face_id: text(&mut element, "hugging_face_id", 255)?,
            model_name: required_text(&mut element, "name", 255)?,
            model_description: text(&mut element, "description", usize::MAX)?,
            context_length: count(&element, "context_length")?.unwrap_or(DEFAULT_CONTEXT_LENGTH),
            created_timestamp: whole(&element, "created", i64::MAX)?,
            modality: text(&mut architecture, "modality", 50)?,
            input_modalities: list(&mut architecture, "input_modalities")?,
            output_modalities: list(&mut architecture, "output_modalities")?,
            tokenizer: text(&mut architecture, "tokenizer", 100)?,
            prompt_price: price_or_zero("prompt")?,
            completion_price: price_or_zero("completion")?,
            request_price: price_or_zero("request")?,
            image_price: price_or_zero("image")?,
            web_search_price: price_or_zero("web_search")?,
            internal_reasoning_price: price_or_zero("internal_reasoning")?,
            input_cache_read_price: price("input_cache_read")?,
            input_cache_write_price: price("input_cache_write")?,
            max_completion_tokens: count(&provider, "max_completion_tokens")?,
            is_moderated: flag(&provider, "is_moderated")?,
            supported_parameters: list(&mut element, "supported_parameters")?,
            expiration_date: element.get("expiration_date").and_then(Value::as_str).and_then(expiration::of_text),
            pricing,
        })
    }
}

/// Whether a text is an id that a catalogue row could have, whatever else is wrong with its element.
pub fn check_id(id: &str) -> Result<(), Rejection> {
    if id.trim().is_empty() {
        return Err(Rejection::Unusable("id"));
    }
    if id.chars().count() > 100 {
        return Err(Rejection::TooLong("id", 100));
    }
    if id.starts_with(RESERVED_PREFIX) {
        return Err(Rejection::ReservedId);
    }
    Ok(())
}

fn identifier(element: &mut Map<String, Value>) -> Result<String, Rejection> {
    match element.remove("id") {
        Some(Value::String(id)) => check_id(&id).map(|()| id),
        _ => Err(Rejection::Unusable("id")),
    }
}

fn present<'a>(of: &'a Map<String, Value>, field: &str) -> Option<&'a Value> {
    of.get(field).filter(|value| !value.is_null())
}

/// Takes a value out of its object: elements are large, and nobody needs what is left of them.
fn taken(of: &mut Map<String, Value>, field: &str) -> Option<Value> {
    of.remove(field).filter(|value| !value.is_null())
}

fn object(of: &mut Map<String, Value>, field: &'static str) -> Result<Map<String, Value>, Rejection> {
    match taken(of, field) {
        None => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(Rejection::WrongType(field)),
    }
}

fn text(of: &mut Map<String, Value>, field: &'static str, limit: usize) -> Result<Option<String>, Rejection> {
    match taken(of, field) {
        None => Ok(None),
        Some(Value::String(text)) if text.len() > limit && text.chars().count() > limit => {
            Err(Rejection::TooLong(field, limit))
        }
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Rejection::WrongType(field)),
    }
}

fn required_text(of: &mut Map<String, Value>, field: &'static str, limit: usize) -> Result<String, Rejection> {
    match of.get(field) {
        Some(Value::String(value)) if !value.trim().is_empty() => {
            text(of, field, limit)?.ok_or(Rejection::Unusable(field))
        }
        _ => Err(Rejection::Unusable(field)),
    }
}

fn list(of: &mut Map<String, Value>, field: &'static str) -> Result<Value, Rejection> {
    match taken(of, field) {
        None => Ok(Value::Array(Vec::new())),
        Some(list @ Value::Array(_)) => Ok(list),
        Some(_) => Err(Rejection::WrongType(field)),
    }
}

fn flag(of: &Map<String, Value>, field: &'static str) -> Result<bool, Rejection> {
    match present(of, field) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Rejection::WrongType(field)),
    }
}

/// A whole number from 0 to `largest` in any spelling: 131072, 131072.0.
fn whole(of: &Map<String, Value>, field: &'static str, largest: i64) -> Result<Option<i64>, Rejection> {
    let number = match present(of, field) {
        None => return Ok(None),
        Some(Value::Number(number)) => number.as_str(),
        Some(_) => return Err(Rejection::WrongType(field)),
    };
    let digits = number
        .split_once('.')
        .map_or(number, |(whole, fraction)| if fraction.bytes().all(|digit| digit == b'0') { whole } else { "" });
    match digits.parse::<i64>() {
        Ok(value) if (0..=largest).contains(&value) => Ok(Some(value)),
        _ => Err(Rejection::OutOfRange(field)),
    }
}

fn count(of: &Map<String, Value>, field: &'static str) -> Result<Option<i32>, Rejection> {
    let value = whole(of, field, i64::from(i32::MAX))?;
    value.map(|value| i32::try_from(value).map_err(|_| Rejection::OutOfRange(field))).transpose()
}

fn price_of<'a>(pricing: &'a Map<String, Value>, key: &'static str) -> Result<Option<&'a str>, Rejection> {
    present(pricing, key).map(|value| price::text(value).map_err(|error| Rejection::Price(key, error))).transpose()
}

/// Every price of the object and of its overrides, mapped to a column or not: the cost of a call is made of them.
fn check_pricing(pricing: &Map<String, Value>) -> Result<(), Rejection> {
    for key in PRICE_KEYS {
        price_of(pricing, key)?;
    }
    match present(pricing, "overrides") {
        None => Ok(()),
        Some(Value::Array(entries)) => entries.iter().try_for_each(|entry| match entry {
            Value::Object(entry) => PRICE_KEYS.iter().try_for_each(|key| price_of(entry, key).map(|_| ())),
            _ => Err(Rejection::WrongType("pricing.overrides")),
        }),
        Some(_) => Err(Rejection::WrongType("pricing.overrides")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn with(field: &str, value: Value) -> Value {
        let mut element = json!({ "id": "acme/one", "name": "One" });
        if let Some(map) = element.as_object_mut() {
            map.insert(field.to_owned(), value);
        }
        element
    }

    #[test]
    fn id_and_name_are_enough() {
        let model = Model::parse(json!({ "id": "test-model", "name": "Test Model" }));
        let Ok(model) = model else { unreachable!("{model:?}") };
        assert_eq!(model.context_length, DEFAULT_CONTEXT_LENGTH);
        assert_eq!((model.prompt_price.as_str(), model.input_cache_read_price), ("0", None));
        assert_eq!((model.input_modalities, model.is_moderated), (json!([]), false));
    }

    #[test]
    fn json_null_is_the_default() {
        for field in ["context_length", "architecture", "pricing", "top_provider", "supported_parameters", "created"] {
            assert!(Model::parse(with(field, Value::Null)).is_ok(), "{field}");
        }
    }

    #[test]
    fn a_malformed_date_is_no_reason_to_reject_the_model() {
        let date = |value: Value| {
            let model = Model::parse(with("expiration_date", value)).map(|model| model.expiration_date);
            model.map(|date| date.map(|date| date.to_string()))
        };
        assert_eq!(date(json!("2026-12-01")), Ok(Some("2026-12-01".to_owned())));
        for nothing in [json!(null), json!(""), json!("soon"), json!(20261201), json!({}), json!(["2026-12-01"])] {
            assert_eq!(date(nothing.clone()), Ok(None), "{nothing}");
        }
    }

    #[test]
    fn numbers_are_whole_and_in_range_in_any_spelling() {
        let number = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let length = |text: &str| Model::parse(with("context_length", number(text))).map(|model| model.context_length);
        assert_eq!(length("131072.0"), Ok(131_072));
        assert_eq!(length("0"), Ok(0));
        assert_eq!(length("2147483647"), Ok(i32::MAX));
        for wrong in ["2147483648", "-1", "1.5", "99999999999999999999999999", "1e400"] {
            assert_eq!(length(wrong), Err(Rejection::OutOfRange("context_length")), "{wrong}");
        }
        assert_eq!(Model::parse(with("context_length", json!("8192"))), Err(Rejection::WrongType("context_length")));
    }

    #[test]
    fn what_cannot_be_stored_is_rejected_by_field() {
        let cases = [
            (json!(1), Rejection::NotAnObject),
            (json!(null), Rejection::NotAnObject),
            (json!({}), Rejection::Unusable("id")),
            (json!({ "id": "  ", "name": "x" }), Rejection::Unusable("id")),
            (json!({ "id": "x" }), Rejection::Unusable("name")),
            (json!({ "id": 7, "name": "x" }), Rejection::Unusable("id")),
            (json!({ "id": "system/1", "name": "x" }), Rejection::ReservedId),
            (json!({ "id": "é".repeat(101), "name": "x" }), Rejection::TooLong("id", 100)),
            (with("name", json!("n".repeat(256))), Rejection::TooLong("name", 255)),
            (with("architecture", json!([])), Rejection::WrongType("architecture")),
            (with("architecture", json!({ "modality": "m".repeat(51) })), Rejection::TooLong("modality", 50)),
            (with("supported_parameters", json!({})), Rejection::WrongType("supported_parameters")),
            (with("pricing", json!("free")), Rejection::WrongType("pricing")),
            (with("pricing", json!({ "prompt": "-2" })), Rejection::Price("prompt", PriceError::Negative)),
            (with("pricing", json!({ "audio": "abc" })), Rejection::Price("audio", PriceError::Malformed)),
            (with("pricing", json!({ "overrides": {} })), Rejection::WrongType("pricing.overrides")),
            (
                with("pricing", json!({ "overrides": [{ "prompt": "-5" }] })),
                Rejection::Price("prompt", PriceError::Negative),
            ),
        ];
        for (element, expected) in cases {
            assert_eq!(Model::parse(element.clone()), Err(expected), "{element}");
        }
    }

    #[test]
    fn limits_count_characters_not_bytes() {
        assert!(Model::parse(json!({ "id": "é".repeat(100), "name": "é".repeat(255) })).is_ok());
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|number| json!(number)),
            "\\PC{0,12}".prop_map(Value::String),
        ];
        leaf.prop_recursive(3, 24, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                prop::collection::vec(
                    ("(id|name|pricing|prompt|overrides|architecture|modality|created)", inner),
                    0..6
                )
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_element_is_stored_or_rejected_without_a_panic(element in any_json()) {
            if let Ok(model) = Model::parse(element) {
                prop_assert!(!model.model_id.trim().is_empty());
                prop_assert!(model.context_length >= 0);
            }
        }
    }
}
