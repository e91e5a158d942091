//! A row of the ledger whose price may be another one: what was used, what it comes to, and what it would cost.

use super::corrections::Money;
use super::{Instant, amount, amount_or_zero, costs};
use crate::pg::spi::Row;
use model_access_domain::limit::Amount;
use model_access_domain::other_usage::OtherUsage;
use model_access_domain::pricing::Pricing;
use model_access_domain::usage::Usage;
use pgrx::Uuid;

/// A row of the ledger that is no correction.
pub struct Line {
    /// Its key.
    pub id: Uuid,
    /// When the call was made.
    pub occurred_at: Instant,
    /// What it used.
    pub usage: Usage,
    /// What is added to its cost, percent.
    pub markup_percent: Amount,
    /// Nobody has ever said what it cost.
    pub is_unknown: bool,
    /// What it comes to with its corrections.
    pub net: Money,
    /// It was taken back.
    pub is_voided: bool,
    /// Its cost was computed from its parts, whatever they are.
    is_computed: bool,
}

/// Reads the first 17 columns of `reprice_rows.sql` and `preview_rows.sql`.
pub fn read(row: &Row) -> Option<Line> {
    let count = |position| row.get::<i64>(position).unwrap_or_default();
    let other = row.get::<String>(10).and_then(|text| serde_json::from_str(&text).ok());
    let [cost, markup, total] = [13, 14, 15].map(|position| amount_or_zero(row, position));
    Some(Line {
        id: row.get::<Uuid>(1)?,
        occurred_at: row.timestamp(2)?,
        usage: Usage {
            prompt_tokens: count(3),
            completion_tokens: count(4),
            cached_tokens: count(5),
            cache_write_tokens: count(6),
            reasoning_tokens: count(7),
            total_tokens: count(8),
            requests: row.get::<i32>(9).unwrap_or_default(),
            other: other.map(|kept| OtherUsage::of_json(&kept)).unwrap_or_default(),
        },
        markup_percent: amount(row, 11).unwrap_or_default(),
        is_unknown: row.get::<bool>(12) == Some(true),
        net: Money { cost, markup, total },
        is_voided: row.get::<bool>(16) == Some(true),
        is_computed: row.get::<bool>(17) == Some(true),
    })
}

impl Line {
    /// What the usage costs at some prices; `None` when they do not tell. Where only the sum of its tokens is known, the most that
    /// it can cost, as it was when it was stored.
    pub fn cost(&self, pricing: &Pricing) -> Option<Amount> {
        if self.knows_only_the_sum() {
            return costs::highest(pricing, &self.usage, self.occurred_at);
        }
        Some(pricing.bill(&self.usage, self.occurred_at).ok()?.total)
    }

    /// Whether how the tokens divide is not known. An image or a search without any token is known as well as can be.
    fn knows_only_the_sum(&self) -> bool {
        let Usage { prompt_tokens, completion_tokens, other, .. } = self.usage;
        !self.is_computed && prompt_tokens == 0 && completion_tokens == 0 && other == OtherUsage::default()
    }
}
