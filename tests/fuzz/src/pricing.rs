//! Pricing objects and the bills that they make: exact, complete, never below zero, never above the highest cost.

use crate::{fits_numeric, json, lines};
use bigdecimal::BigDecimal;
use model_access_domain::bill::{Bill, Line};
use model_access_domain::other_usage::OtherUsage;
use model_access_domain::pricing::Pricing;
use model_access_domain::usage::Usage;

/// What is charged by the piece, not by the token.
const THINGS: [&str; 4] = ["request", "image", "web_search", "discount"];

/// A pricing object, a usage object and an instant, microseconds since 2000; the latter is 0 unless given.
pub fn check(input: &[u8]) {
    let mut lines = lines(input);
    let (Some(pricing), Some(usage)) = (json(&mut lines), json(&mut lines)) else { return };
    let at = json(&mut lines).and_then(|at| at.as_i64()).unwrap_or(0);
    let (Ok(pricing), Ok(usage)) = (Pricing::of_json(&pricing), Usage::of_json(&usage)) else { return };
    if let Ok(bill) = pricing.bill(&usage, at) {
        lines_sum_up(&bill);
        tokens_are_charged_once(&bill, &usage);
        highest_is_highest(&pricing, &usage, at, &bill);
    }
}

fn lines_sum_up(bill: &Bill) {
    let sum: BigDecimal = bill.lines.iter().map(|line| &line.amount_usd).sum();
    assert_eq!(sum, bill.total);
    assert!(bill.total >= 0 && fits_numeric(&bill.total), "{}", bill.total);
    for line in &bill.lines {
        assert_eq!(&line.unit_price_usd * BigDecimal::from(line.units), line.amount_usd, "{line:?}");
        assert!(line.units > 0, "{line:?}");
        assert!((line.amount_usd >= 0) != (line.item == "discount"), "{line:?}");
    }
}

fn tokens_are_charged_once(bill: &Bill, usage: &Usage) {
    let of_tokens = |line: &&Line| !THINGS.contains(&line.item);
    let charged: i64 = bill.lines.iter().filter(of_tokens).map(|line| line.units).sum();
    assert_eq!(charged, usage.prompt_tokens + usage.completion_tokens, "{:?}", bill.lines);
}

/// What is reserved for a call of text is enough for it, and for one that is known by its sum of tokens alone.
fn highest_is_highest(pricing: &Pricing, usage: &Usage, at: i64, bill: &Bill) {
    if usage.other != OtherUsage::default() || usage.cache_write_tokens > 0 {
        return;
    }
    let (prompt, completion, requests) = (usage.prompt_tokens, usage.completion_tokens, usage.requests);
    if let Ok(highest) = pricing.highest_cost(prompt, completion, requests, at) {
        assert!(bill.total <= highest, "{} is more than {highest}", bill.total);
    }
    if let Ok(highest) = pricing.highest_cost_of_tokens(prompt + completion, requests, at) {
        assert!(bill.total <= highest, "{} is more than {highest} of tokens", bill.total);
    }
}
