//! What is written to the ledger as the cost of a call: the provider's word, else our computation, else unknown.

use crate::bill::Bill;
use crate::limit::Amount;
use crate::usage::UsageError;
use serde_json::{Map, Value};
use std::str::FromStr;

/// More characters than any cost has.
const MAX_COST_CHARS: usize = 64;
/// Exponents beyond are no money.
const MAX_EXPONENT: i64 = 40;

/// Where a cost comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostSource {
    /// The provider said it.
    Provider,
    /// The provider said what the call cost at the key that the caller brought.
    ProviderByok,
    /// Our prices and the actual usage give it.
    Computed,
    /// Our prices give the most that it can be: only the sum of tokens is known.
    Estimated,
    /// Nothing gives it.
    Unknown,
}

impl CostSource {
    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::ProviderByok => "provider_byok",
            Self::Computed => "computed",
            Self::Estimated => "estimated",
            Self::Unknown => "unknown",
        }
    }
}

/// What the provider says of the cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderCost {
    /// USD; `None` when it says nothing.
    pub cost_usd: Option<Amount>,
    /// Whether the call was made with a key that the caller brought.
    pub is_byok: bool,
}

impl ProviderCost {
    /// Reads `cost`, `is_byok` and `cost_details` of a usage object.
    ///
    /// With a key that the caller brought, `cost` is only the fee of the router: the inference itself is
    /// `cost_details.upstream_inference_cost`, and the call costs both. Without that part the cost is not known.
    pub fn of_json(value: &Value) -> Result<Self, UsageError> {
        let Some(usage) = value.as_object() else { return Ok(Self::default()) };
        let cost = amount(usage, "cost")?;
        let is_byok = usage.get("is_byok") == Some(&Value::Bool(true));
        let upstream = match usage.get("cost_details") {
            Some(Value::Object(details)) => amount(details, "upstream_inference_cost")?,
            _ => None,
        };
        let cost_usd = match (is_byok, cost, upstream) {
            (true, fee, Some(upstream)) => Some(upstream + fee.unwrap_or_default()),
            (true, _, None) => None,
            (false, Some(cost), _) => Some(cost),
            (false, None, upstream) => upstream,
        };
        Ok(Self { cost_usd, is_byok })
    }
}

/// An amount of money: a JSON number, or a string of one.
fn amount(object: &Map<String, Value>, key: &'static str) -> Result<Option<Amount>, UsageError> {
    let text = match object.get(key) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text.clone(),
        Some(_) => return Err(UsageError::NotAnAmount(key)),
    };
    let amount = decimal(&text).ok_or(UsageError::NotAnAmount(key))?;
    if amount < Amount::default() { Err(UsageError::NegativeAmount(key)) } else { Ok(Some(amount)) }
}

/// A decimal, perhaps with a small exponent (`4.01e-05`).
fn decimal(text: &str) -> Option<Amount> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let digits = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let small = exponent.parse::<i64>().is_ok_and(|exponent| exponent.abs() <= MAX_EXPONENT);
    if text.len() > MAX_COST_CHARS || !plain(whole) || !plain(fraction) || !small {
        return None;
    }
    Amount::from_str(text).ok()
}

/// The cost of a call as the ledger keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Charge {
    /// USD; `None` when not known.
    pub cost_usd: Option<Amount>,
    /// Where it comes from.
    pub source: CostSource,
    /// What our prices give, where the provider says otherwise.
    pub computed_usd: Option<Amount>,
    /// What is added, percent.
    pub markup_percent: Amount,
}

impl Charge {
    /// The charge of a call with what the provider says and what our prices give.
    pub fn of(provider: ProviderCost, computed: Option<Bill>, markup_percent: Amount) -> Self {
        let computed = computed.map(|bill| bill.total);
        let (cost_usd, source, computed_usd) = match (provider.cost_usd, computed) {
            (Some(cost), computed) => {
                let source = if provider.is_byok { CostSource::ProviderByok } else { CostSource::Provider };
                let other = computed.filter(|computed| *computed != cost);
                (Some(cost), source, other)
            }
            (None, Some(computed)) => (Some(computed), CostSource::Computed, None),
            (None, None) => (None, CostSource::Unknown, None),
        };
        Self { cost_usd, source, computed_usd, markup_percent }
    }

    /// The charge of a call of which only the most that it can cost is known.
    pub fn estimated(most: Option<Amount>, markup_percent: Amount) -> Self {
        let source = if most.is_some() { CostSource::Estimated } else { CostSource::Unknown };
        Self { cost_usd: most, source, computed_usd: None, markup_percent }
    }

    /// The same, with an estimate where nothing gives the cost: what was held for the call. Else a call that used something whose
    /// price is not known would give back what it held, and pass a limit on cost again and again.
    pub fn or_estimated(self, held: &Option<Amount>) -> Self {
        match (&self.cost_usd, held) {
            (None, Some(held)) => Self::estimated(Some(held.clone()), self.markup_percent),
            _ => self,
        }
    }

    /// What is added, USD.
    pub fn markup_usd(&self) -> Option<Amount> {
        self.cost_usd.as_ref().map(|cost| markup(cost, &self.markup_percent))
    }

    /// Both, USD.
    pub fn total_usd(&self) -> Option<Amount> {
        self.cost_usd.as_ref().map(|cost| cost + markup(cost, &self.markup_percent))
    }
}

/// The markup on a cost: exact, without rounding.
pub fn markup(cost: &Amount, percent: &Amount) -> Amount {
    cost * percent * Amount::new(1.into(), 2)
}

#[cfg(test)]
#[path = "charge_tests.rs"]
mod tests;
