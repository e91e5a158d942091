//! What a model charges: OpenRouter's pricing object, and which of its prices hold for a call.
//!
//! `overrides` replace prices for calls that meet their conditions, whole calls, not the part above a threshold:
//! `min_prompt_tokens` must be exceeded, `utc_start` and `utc_end` are HHMM, half-open, and may wrap over midnight; equal
//! ones are the whole day. Of several that match, later ones win key by key. Source: docs/design.md, "Usage and cost".
//!
//! Of an override with a condition that is not known here nobody can say whether it holds. So the prices that it names are
//! unknown wherever the conditions that are known do not rule it out; all others stay known.

use crate::limit::Amount;
use crate::price;
use crate::window::Instant;
use serde_json::{Map, Value};

/// Why a call cannot be priced. Never zero by default: an unknown price is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PriceUnknown {
    /// The object has neither `prompt` nor `completion`: no prices were told.
    NoPrices,
    /// The price of this key is `-1`: it depends on the route that the provider takes.
    DependsOnRoute(&'static str),
    /// The value of this key is no price.
    Unreadable(String),
    /// The price stands in an override with a condition that is not known here, so whether it holds is not known either.
    UnknownCondition(String),
}

impl PriceUnknown {
    /// In words.
    pub fn text(&self) -> String {
        match self {
            Self::NoPrices => "the pricing object names no prices".to_owned(),
            Self::DependsOnRoute(key) => format!("the price of {key} depends on the route"),
            Self::Unreadable(key) => format!("the value of {key} is no price"),
            Self::UnknownCondition(key) => format!("an override has the unknown condition {key}"),
        }
    }
}

/// Where a price stands in the pricing object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// At its top.
    Base,
    /// In this override, counted from 0.
    Override(usize),
}

/// A price and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// USD per token, or per thing.
    pub amount: Amount,
    /// Where it stands.
    pub origin: Origin,
}

/// Prices by key.
type Prices = Vec<(&'static str, Amount)>;

/// A condition with prices that hold under it.
#[derive(Clone, Debug)]
struct Override {
    min_prompt_tokens: Option<i64>,
    hours: Option<Hours>,
    unknown_condition: Option<String>,
    prices: Prices,
}

/// A part of each UTC day, in minutes; from a later to an earlier one it wraps over midnight.
#[derive(Clone, Copy, Debug)]
struct Hours {
    start: i64,
    end: i64,
}

/// A pricing object.
#[derive(Clone, Debug)]
pub struct Pricing {
    base: Prices,
    overrides: Vec<Override>,
    discount: Amount,
}

/// The prices that hold for one call.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    rates: Vec<(&'static str, Result<Rate, PriceUnknown>)>,
    /// The part of the sum that is not charged, 0 to 1.
    pub discount: Amount,
}

/// Real objects have four. The highest cost tries each with all others, for each call of a batch.
const MAX_OVERRIDES: usize = 32;

const MICROS_PER_MINUTE: i64 = 60_000_000;
const MINUTES_PER_DAY: i64 = 1440;

impl Hours {
    fn contains(self, at: Instant) -> bool {
        let minute = at.div_euclid(MICROS_PER_MINUTE).rem_euclid(MINUTES_PER_DAY);
        if self.start < self.end {
            (self.start..self.end).contains(&minute)
        } else {
            minute >= self.start || minute < self.end
        }
    }
}

/// Minutes of a day, of an HHMM number or text; 2400 is its end.
fn hhmm(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok()?
        }
        _ => return None,
    };
    let (hours, minutes) = (number / 100, number % 100);
    let minute = hours * 60 + minutes;
    ((0..60).contains(&minutes) && (0..=MINUTES_PER_DAY).contains(&minute)).then_some(minute)
}

/// The prices of an object, overrides and what is no price aside.
fn prices(object: &Map<String, Value>) -> Result<Prices, PriceUnknown> {
    let mut prices = Vec::new();
    for key in price::PRICE_KEYS {
        if object.get(key).is_some_and(|value| !value.is_null()) {
            let amount = price::of_key(object, key).ok_or_else(|| PriceUnknown::Unreadable(key.to_owned()))?;
            prices.push((key, amount));
        }
    }
    Ok(prices)
}

impl Override {
    fn of_json(value: &Value) -> Result<Self, PriceUnknown> {
        let unreadable = |key: &str| PriceUnknown::Unreadable(format!("overrides.{key}"));
        let object = value.as_object().ok_or_else(|| PriceUnknown::Unreadable("overrides".to_owned()))?;
        let known = |key: &str| {
            price::PRICE_KEYS.contains(&key) || ["min_prompt_tokens", "utc_start", "utc_end"].contains(&key)
        };
        let unknown = object.iter().find(|(key, value)| !known(key) && !value.is_null());
        let given = |key: &str| object.get(key).filter(|value| !value.is_null());
        let time = |key: &'static str| given(key).map(|value| hhmm(value).ok_or_else(|| unreadable(key))).transpose();
        let hours = match (time("utc_start")?, time("utc_end")?) {
            (Some(start), Some(end)) => Some(Hours { start, end }),
            (None, None) => None,
            (Some(_), None) => return Err(unreadable("utc_end")),
            (None, Some(_)) => return Err(unreadable("utc_start")),
        };
        let tokens = |value: &Value| value.as_i64().ok_or_else(|| unreadable("min_prompt_tokens"));
        let min_prompt_tokens = given("min_prompt_tokens").map(tokens).transpose()?;
        let unknown_condition = unknown.map(|(key, _)| key.clone());
        Ok(Self { min_prompt_tokens, hours, unknown_condition, prices: prices(object)? })
    }

    /// Whether it holds, as far as its conditions are known.
    fn holds(&self, at: Instant, prompt_tokens: i64) -> bool {
        self.min_prompt_tokens.is_none_or(|least| prompt_tokens > least)
            && self.hours.is_none_or(|hours| hours.contains(at))
    }
}

impl Pricing {
    /// Reads a pricing object.
    pub fn of_json(value: &Value) -> Result<Self, PriceUnknown> {
        let object = value.as_object().ok_or(PriceUnknown::NoPrices)?;
        let base = prices(object)?;
        if !base.iter().any(|(key, _)| ["prompt", "completion"].contains(key)) {
            return Err(PriceUnknown::NoPrices);
        }
        let overrides = match object.get("overrides") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(entries)) if entries.len() <= MAX_OVERRIDES => {
                entries.iter().map(Override::of_json).collect::<Result<_, _>>()?
            }
            Some(_) => return Err(PriceUnknown::Unreadable("overrides".to_owned())),
        };
        Ok(Self { base, overrides, discount: discount(object)? })
    }

    /// The prices that hold for a call with so long a prompt at an instant.
    pub fn rates(&self, at: Instant, prompt_tokens: i64) -> Rates {
        let known = price::PRICE_KEYS.into_iter();
        let rates = known.filter_map(|key| Some((key, self.rate(key, at, prompt_tokens)?))).collect();
        Rates { rates, discount: self.discount.clone() }
    }

    /// The price of a key: of the last override that holds and names it, else of the base.
    fn rate(&self, key: &str, at: Instant, prompt_tokens: i64) -> Option<Result<Rate, PriceUnknown>> {
        let named = |entry: &Override| entry.holds(at, prompt_tokens).then(|| of_prices(&entry.prices, key)).flatten();
        for (index, entry) in self.overrides.iter().enumerate().rev() {
            if let Some(amount) = named(entry) {
                let rate = Rate { amount, origin: Origin::Override(index) };
                let unknown = entry.unknown_condition.clone().map(PriceUnknown::UnknownCondition);
                return Some(unknown.map_or(Ok(rate), Err));
            }
        }
        of_prices(&self.base, key).map(|amount| Ok(Rate { amount, origin: Origin::Base }))
    }

    /// The highest price of a key that any call may pay, overrides that may hold one day included; zero where none is named. `None`
    /// when one of them depends on the route.
    pub fn highest_price(&self, key: &str) -> Option<Amount> {
        let named = self.overrides.iter().map(|entry| &entry.prices).chain([&self.base]);
        let amounts: Vec<Amount> = named.filter_map(|prices| of_prices(prices, key)).collect();
        let is_known = amounts.iter().all(|amount| *amount >= Amount::default());
        is_known.then(|| amounts.into_iter().max().unwrap_or_default())
    }

    /// The lengths at which the prices of prompts up to a length change, 0 included: one beyond each threshold.
    pub fn prompts_with_other_prices(&self, prompt_tokens: i64) -> Vec<i64> {
        let thresholds = self.overrides.iter().filter_map(|entry| entry.min_prompt_tokens);
        let exceeded =
            thresholds.filter(|least| (0..prompt_tokens).contains(least)).map(|least| least.saturating_add(1));
        let mut lengths: Vec<i64> = exceeded.chain([0]).collect();
        lengths.sort_unstable();
        lengths.dedup();
        lengths
    }
}

fn of_prices(prices: &Prices, key: &str) -> Option<Amount> {
    prices.iter().find(|(known, _)| *known == key).map(|(_, amount)| amount.clone())
}

fn discount(object: &Map<String, Value>) -> Result<Amount, PriceUnknown> {
    let unreadable = || PriceUnknown::Unreadable("discount".to_owned());
    match object.get("discount") {
        None | Some(Value::Null) => Ok(Amount::default()),
        Some(_) => {
            let part = price::of_key(object, "discount").ok_or_else(unreadable)?;
            if part < Amount::default() || part > 1 { Err(unreadable()) } else { Ok(part) }
        }
    }
}

impl Rates {
    /// The price of the first of some keys that has one, with that key. Absent prices are zero, but see [`crate::bill`].
    pub fn first_of(&self, keys: &[&'static str]) -> Result<Option<(&'static str, &Rate)>, PriceUnknown> {
        let found = keys.iter().find_map(|key| self.rates.iter().find(|(known, _)| known == key));
        let Some((key, rate)) = found else { return Ok(None) };
        match rate {
            Err(unknown) => Err(unknown.clone()),
            Ok(rate) if price::depends_on_route(&rate.amount) => Err(PriceUnknown::DependsOnRoute(key)),
            Ok(rate) if rate.amount < Amount::default() => Err(PriceUnknown::Unreadable((*key).to_owned())),
            Ok(rate) => Ok(Some((key, rate))),
        }
    }
}

#[cfg(test)]
#[path = "pricing_tests.rs"]
mod tests;
