//! What must hold for any input at all. A check panics where a promise is broken; `targets/` hands inputs to it.
//!
//! Inputs are text, one document a line, so that a file of the corpus can be read and written by hand.

pub mod feed;
pub mod merge;
pub mod pattern;
pub mod pricing;
pub mod usage;
pub mod window;

use bigdecimal::BigDecimal;
use serde_json::Value;

/// The lines of an input; what is no text has none.
fn lines(input: &[u8]) -> std::str::Lines<'_> {
    std::str::from_utf8(input).unwrap_or_default().lines()
}

/// The next line as JSON. The parser's own limit of depth is the one of the server's side.
fn json(lines: &mut std::str::Lines<'_>) -> Option<Value> {
    serde_json::from_str(lines.next()?).ok()
}

/// Whether PostgreSQL can store an amount as numeric: 131072 digits before the point, 16383 after it.
fn fits_numeric(amount: &BigDecimal) -> bool {
    let (digits, scale) = amount.as_bigint_and_exponent();
    let length = i64::try_from(digits.to_string().len()).unwrap_or(i64::MAX);
    scale <= 16_383 && length.saturating_sub(scale) <= 131_072
}
