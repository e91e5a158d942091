//! Prices as OpenRouter sends them: decimal strings in USD per token or request.
//!
//! Source of the rules: docs/design.md, "Catalogue"; the shapes were read from 527 archived answers of the API.

use bigdecimal::num_bigint::Sign;
use bigdecimal::{BigDecimal, Zero};
use serde_json::{Map, Value};
use std::str::FromStr;

/// The most characters a price may have: the width of the catalogue's price columns. Real ones reach 25.
pub const MAX_PRICE_CHARS: usize = 32;

/// Longer texts are not read as amounts: twice the longest price.
const MAX_DECIMAL_CHARS: usize = 2 * MAX_PRICE_CHARS;

/// Keys of a pricing object, and of its overrides, whose values are prices.
pub const PRICE_KEYS: [&str; 14] = [
    "prompt",
    "completion",
    "request",
    "image",
    "web_search",
    "internal_reasoning",
    "input_cache_read",
    "input_cache_write",
    "input_cache_write_1h",
    "audio",
    "audio_output",
    "input_audio_cache",
    "image_output",
    "image_token",
];

/// A missing key of these does not mean "free": cached tokens then cost what the prompt costs.
const CACHE_KEYS: [&str; 3] = ["input_cache_read", "input_cache_write", "input_cache_write_1h"];

/// Whether a missing key means a price of zero.
pub fn absent_is_zero(key: &str) -> bool {
    !CACHE_KEYS.contains(&key)
}

/// Why a price cannot be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceError {
    /// Neither a JSON string nor a JSON number.
    WrongType,
    /// Longer than [`MAX_PRICE_CHARS`].
    TooLong,
    /// Not a plain decimal: `NaN`, `0x1`, an exponent, blanks.
    Malformed,
    /// Below zero and not `-1`.
    Negative,
}

/// The text to store for a price: a string as it came, a number written plainly.
pub fn text(value: &Value) -> Result<&str, PriceError> {
    let text = match value {
        Value::String(text) => text,
        Value::Number(number) => number.as_str(),
        _ => return Err(PriceError::WrongType),
    };
    if text.chars().count() > MAX_PRICE_CHARS {
        return Err(PriceError::TooLong);
    }
    if !is_plain_decimal(text) {
        return Err(PriceError::Malformed);
    }
    // The amount is made only where it decides: of a feed of 20,000 models that is a tenth of the time to read it.
    let is_negative = |amount: BigDecimal| amount.sign() == Sign::Minus && !depends_on_route(&amount);
    if text.starts_with('-') && decimal(text).is_some_and(is_negative) {
        return Err(PriceError::Negative);
    }
    Ok(text)
}

/// Digits, perhaps with a sign before and a point among them.
fn is_plain_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && plain(fraction)
}

/// A plain decimal (`-1`, `0`, `0.0000025`), exact; `None` for anything else.
///
/// Exponents are refused: `1e999999999` would be exact too, and as long as the universe. So are longer texts than any
/// price: the arithmetic is quadratic in the digits, and three million of them took minutes.
pub fn decimal(text: &str) -> Option<BigDecimal> {
    if text.len() > MAX_DECIMAL_CHARS || !is_plain_decimal(text) {
        return None;
    }
    BigDecimal::from_str(text).ok()
}

/// The price under `key` of a pricing object. `None` when it is missing or not a decimal.
pub fn of_key(pricing: &Map<String, Value>, key: &str) -> Option<BigDecimal> {
    match pricing.get(key)? {
        Value::String(text) => decimal(text),
        Value::Number(number) => decimal(&number.to_string()),
        _ => None,
    }
}

/// Whether two amounts are the same price: a relative difference of at most 10⁻⁹ is float noise of the sender.
pub fn same(left: &BigDecimal, right: &BigDecimal) -> bool {
    let difference = (left - right).abs();
    let larger = left.abs().max(right.abs());
    difference * BigDecimal::from(1_000_000_000_u32) <= larger
}

/// Whether `-1` stands for the price: it depends on the route that a router model takes, and is no amount.
pub fn depends_on_route(amount: &BigDecimal) -> bool {
    *amount == -1
}

/// Whether the price under `key` is there and below zero, `-1` that is: told by its sign, without the amount.
pub fn is_route_dependent(pricing: &Map<String, Value>, key: &str) -> bool {
    let negative = match pricing.get(key) {
        Some(Value::String(text)) => text.starts_with('-'),
        Some(Value::Number(number)) => number.to_string().starts_with('-'),
        _ => false,
    };
    negative && of_key(pricing, key).is_some_and(|amount| depends_on_route(&amount))
}

/// Whether an amount can be charged: zero is a price, `-1` is none.
pub fn is_positive(amount: &BigDecimal) -> bool {
    amount.sign() == Sign::Plus
}

/// Whether two pricing objects charge the same.
pub fn same_pricing(left: &Map<String, Value>, right: &Map<String, Value>) -> bool {
    left.keys().chain(right.keys()).all(|key| same_entry(key, left.get(key), right.get(key)))
}

fn same_entry(key: &str, left: Option<&Value>, right: Option<&Value>) -> bool {
    let present = |value: Option<&Value>| value.filter(|value| !value.is_null()).cloned();
    match (present(left), present(right)) {
        (Some(left), Some(right)) => same_value(&left, &right),
        (None, None) => true,
        (Some(only), None) | (None, Some(only)) => match &only {
            Value::Array(list) => list.is_empty(),
            Value::String(_) | Value::Number(_) => {
                absent_is_zero(key) && scalar(&only).is_some_and(|amount| amount.is_zero())
            }
            _ => false,
        },
    }
}

fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_value(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| same_value(left, right)))
        }
        _ => match (scalar(left), scalar(right)) {
            (Some(left), Some(right)) => same(&left, &right),
            _ => left == right,
        },
    }
}

fn scalar(value: &Value) -> Option<BigDecimal> {
    match value {
        Value::String(text) => decimal(text),
        Value::Number(number) => decimal(&number.to_string()),
        _ => None,
    }
}

/// The lowest price of `key` among the time-of-day overrides, which is the price outside the peak.
pub fn off_peak(pricing: &Map<String, Value>, key: &str) -> Option<BigDecimal> {
    pricing
        .get("overrides")?
        .as_array()?
        .iter()
        .filter_map(Value::as_object)
        .filter(|entry| entry.contains_key("utc_start") && entry.contains_key("utc_end"))
        .filter_map(|entry| of_key(entry, key))
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn prices_are_kept_as_they_came_or_refused_by_name() {
        let kept = ["0", "-1", "0.00000008333333333333334", "0.0000006000000000000000001", "12", "00.5"];
        for price in kept {
            assert_eq!(text(&json!(price)), Ok(price.to_string().as_str()));
        }
        let refused = [
            (json!("abc"), PriceError::Malformed),
            (json!("NaN"), PriceError::Malformed),
            (json!("Infinity"), PriceError::Malformed),
            (json!(""), PriceError::Malformed),
            (json!(" 1"), PriceError::Malformed),
            (json!("1e5"), PriceError::Malformed),
            (json!("1_0"), PriceError::Malformed),
            (json!(".5"), PriceError::Malformed),
            (json!("--1"), PriceError::Malformed),
            (json!("-2"), PriceError::Negative),
            (json!("-0.5"), PriceError::Negative),
            (json!("0.0000000000000000000000000000001"), PriceError::TooLong),
            (json!(true), PriceError::WrongType),
            (json!({}), PriceError::WrongType),
        ];
        for (value, error) in refused {
            assert_eq!(text(&value), Err(error), "{value}");
        }
    }

    #[test]
    fn float_noise_is_no_change_and_a_real_step_is() {
        let pricing = |price: &str| object(json!({ "prompt": price }));
        assert!(same_pricing(&pricing("0.0000006"), &pricing("0.0000006000000000000001")));
        assert!(same_pricing(&pricing("0.50"), &pricing("0.5")));
        assert!(!same_pricing(&pricing("0.0000006"), &pricing("0.00000060001")));
        assert!(!same_pricing(&pricing("0"), &pricing("0.0000000000000001")));
        assert!(!same_pricing(&pricing("-1"), &pricing("0")));
    }

    #[test]
    fn an_absent_price_is_zero_but_an_absent_cache_price_is_the_prompt_price() {
        let base = object(json!({ "prompt": "1" }));
        assert!(same_pricing(&base, &object(json!({ "prompt": "1", "image": "0", "overrides": [] }))));
        assert!(same_pricing(&base, &object(json!({ "prompt": "1", "image": null }))));
        assert!(!same_pricing(&base, &object(json!({ "prompt": "1", "input_cache_read": "0" }))));
        assert!(!same_pricing(&base, &object(json!({ "prompt": "1", "overrides": [{ "prompt": "2" }] }))));
    }

    #[test]
    fn overrides_compare_entry_by_entry() {
        let entry = |price: &str| object(json!({ "overrides": [{ "min_prompt_tokens": 200000, "prompt": price }] }));
        assert!(same_pricing(&entry("0.000002"), &entry("0.0000020")));
        assert!(!same_pricing(&entry("0.000002"), &entry("0.000003")));
        assert!(!same_pricing(&entry("0"), &object(json!({ "overrides": [{ "min_prompt_tokens": 200000 }] }))));
    }

    #[test]
    fn a_number_of_millions_of_digits_is_compared_as_text() {
        let pricing = |digit: &str| object(json!({ "x": digit.repeat(3_000_000) }));
        let started = std::time::Instant::now();
        assert!(same_pricing(&pricing("9"), &pricing("9")));
        assert!(!same_pricing(&pricing("9"), &pricing("8")));
        assert!(started.elapsed() < std::time::Duration::from_secs(5));
    }

    #[test]
    fn off_peak_is_the_lowest_time_of_day_price() {
        let pricing = object(json!({ "prompt": "2", "overrides": [
            { "utc_start": 1000, "utc_end": 100, "prompt": "1" },
            { "utc_start": 100, "utc_end": 1000, "prompt": "2" },
            { "min_prompt_tokens": 5, "prompt": "0.1" }
        ] }));
        assert_eq!(off_peak(&pricing, "prompt"), Some(BigDecimal::from(1)));
        assert_eq!(off_peak(&pricing, "completion"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text_in in "\\PC{0,40}") {
            let _ = text(&Value::String(text_in));
        }

        #[test]
        fn same_is_reflexive_and_symmetric(left in "[0-9]{1,9}\\.[0-9]{1,18}", right in "[0-9]{1,9}\\.[0-9]{1,18}") {
            let (left, right) = (decimal(&left), decimal(&right));
            prop_assert!(left.is_some() && right.is_some());
            if let (Some(left), Some(right)) = (left, right) {
                prop_assert!(same(&left, &left));
                prop_assert_eq!(same(&left, &right), same(&right, &left));
            }
        }
    }
}
