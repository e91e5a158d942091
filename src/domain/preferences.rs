//! Preferences that people set for themselves.

use serde_json::Value;

/// Whether a value can be stored as sampling temperature: a number from 0 to 2, or its text. Null means "not given".
///
/// Told before the table's CHECK would, whose message shows the whole row.
pub fn is_temperature(value: &Value) -> bool {
    let text = match value {
        Value::Null => return true,
        Value::Number(number) => number.to_string(),
        Value::String(text) if fits_a_numeric(text) => text.clone(),
        _ => return false,
    };
    // Precision does not matter here: two digits after the point are stored.
    text.parse::<f64>().is_ok_and(|number| (0.0..=2.0).contains(&number))
}

/// A text may say what no `numeric` holds, such as `1e-20000`: of its digits and of its exponent so many are enough.
const MAX_TEXT_CHARS: usize = 40;
const MAX_EXPONENT: i32 = 40;

fn fits_a_numeric(text: &str) -> bool {
    let exponent = text.split_once(['e', 'E']).map_or(Ok(0), |(_, exponent)| exponent.parse::<i32>());
    text.len() <= MAX_TEXT_CHARS && exponent.is_ok_and(|exponent| (-MAX_EXPONENT..=MAX_EXPONENT).contains(&exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_temperature_is_a_number_from_0_to_2() {
        for good in [json!(null), json!(0), json!(2), json!(0.7), json!("1.5"), json!("2.0"), json!("15e-1")] {
            assert!(is_temperature(&good), "{good}");
        }
        let bad = [
            json!(-0.1),
            json!(2.1),
            json!("warm"),
            json!(""),
            json!("NaN"),
            json!("inf"),
            json!([1]),
            json!(true),
            json!("1e-20000"),
            json!("1e-2147483648"),
            json!(format!("0.{}1", "0".repeat(20000))),
        ];
        for bad in bad {
            assert!(!is_temperature(&bad), "{bad}");
        }
    }
}
