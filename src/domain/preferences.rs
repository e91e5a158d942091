//! Preferences that people set for themselves.

use serde_json::Value;

/// Whether a value can be stored as sampling temperature: a number from 0 to 2, or its text. Null means "not given".
///
/// Told before the table's CHECK would, whose message shows the whole row.
pub fn is_temperature(value: &Value) -> bool {
    let text = match value {
        Value::Null => return true,
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return false,
    };
    // Precision does not matter here: two digits after the point are stored.
    text.parse::<f64>().is_ok_and(|number| (0.0..=2.0).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_temperature_is_a_number_from_0_to_2() {
        for good in [json!(null), json!(0), json!(2), json!(0.7), json!("1.5"), json!("2.0")] {
            assert!(is_temperature(&good), "{good}");
        }
        let bad =
            [json!(-0.1), json!(2.1), json!("warm"), json!(""), json!("NaN"), json!("inf"), json!([1]), json!(true)];
        for bad in bad {
            assert!(!is_temperature(&bad), "{bad}");
        }
    }
}
