//! What a call costs, line by line, exactly.
//!
//! Cached and written tokens are inside the prompt, reasoning is inside the completion and never charged again. So are
//! audio and images: what of a prompt is audio, is not charged as text too. Where a usage object leaves open which tokens
//! of a prompt came from a cache, as many as possible of audio and images count as sent anew.
//! Source: docs/design.md, "Usage and cost".

use crate::limit::Amount;
use crate::pricing::{Origin, PriceUnknown, Pricing, Rates};
use crate::usage::Usage;
use crate::window::Instant;

/// One line of a bill.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is charged, by the name of its price, or `discount`.
    pub item: &'static str,
    /// How many tokens or things.
    pub units: i64,
    /// USD for each.
    pub unit_price_usd: Amount,
    /// USD for all.
    pub amount_usd: Amount,
    /// The key that gave the price: another one than the item where that has no price of its own.
    pub priced_as: &'static str,
    /// Where the price stands.
    pub origin: Origin,
}

/// The lines of a call and their sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Bill {
    /// The lines.
    pub lines: Vec<Line>,
    /// USD.
    pub total: Amount,
}

/// An item: its name, how many, and the keys that may price it, first found first. Without a price it costs nothing.
type Item = (&'static str, i64, &'static [&'static str]);

/// Splits a usage into what is charged. All counts are at least zero and those of tokens sum up to prompt + completion,
/// whatever the parts of a usage claim to be.
fn items(usage: &Usage) -> [Item; 12] {
    let part = |count: i64, whole: i64| count.max(0).min(whole);
    let other = &usage.other;
    let (prompt, completion) = (usage.prompt_tokens.max(0), usage.completion_tokens.max(0));
    let cached = part(usage.cached_tokens, prompt);
    let written = part(usage.cache_write_tokens, prompt - cached);
    let written_1h = part(other.cache_write_1h_tokens, written);
    let fresh = prompt - cached - written;
    let audio = part(other.audio_tokens, fresh);
    let image = part(other.image_tokens, fresh - audio);
    let cached_audio = part(other.audio_tokens.saturating_sub(audio), cached);
    let audio_output = part(other.audio_output_tokens, completion);
    let image_output = part(other.image_output_tokens, completion - audio_output);
    [
        ("prompt", fresh - audio - image, &["prompt"]),
        ("audio", audio, &["audio", "prompt"]),
        ("image_token", image, &["image_token", "prompt"]),
        ("input_cache_read", cached - cached_audio, &["input_cache_read", "prompt"]),
        ("input_audio_cache", cached_audio, &["input_audio_cache", "input_cache_read", "audio", "prompt"]),
        ("input_cache_write", written - written_1h, &["input_cache_write", "prompt"]),
        ("input_cache_write_1h", written_1h, &["input_cache_write_1h", "input_cache_write", "prompt"]),
        ("completion", completion - audio_output - image_output, &["completion"]),
        ("audio_output", audio_output, &["audio_output", "completion"]),
        ("image_output", image_output, &["image_output", "completion"]),
        ("image", other.images, &["image"]),
        ("web_search", other.web_searches, &["web_search"]),
    ]
}

/// The bill of a usage at some prices.
fn bill(rates: &Rates, usage: &Usage) -> Result<Bill, PriceUnknown> {
    let requests: Item = ("request", usage.requests.into(), &["request"]);
    let mut lines = Vec::new();
    for (item, units, keys) in items(usage).into_iter().chain([requests]).filter(|(_, units, _)| *units > 0) {
        // Without a price, or at zero, tokens are shown all the same; requests and things that cost nothing are not.
        let (priced_as, unit_price_usd, origin) = match rates.first_of(keys)? {
            Some((key, rate)) => (key, rate.amount.clone(), rate.origin),
            None => (item, Amount::default(), Origin::Base),
        };
        let is_thing = keys.len() == 1 && !["prompt", "completion"].contains(&item);
        if is_thing && unit_price_usd == Amount::default() {
            continue;
        }
        let amount_usd = &unit_price_usd * Amount::from(units);
        lines.push(Line { item, units, unit_price_usd, amount_usd, priced_as, origin });
    }
    let sum: Amount = lines.iter().map(|line| &line.amount_usd).sum();
    let off = &sum * &rates.discount;
    let total = &sum - &off;
    if off != Amount::default() {
        lines.push(Line {
            item: "discount",
            units: 1,
            unit_price_usd: -off.clone(),
            amount_usd: -off,
            priced_as: "discount",
            origin: Origin::Base,
        });
    }
    Ok(Bill { lines, total })
}

impl Pricing {
    /// What a call costs that was made at an instant.
    pub fn bill(&self, usage: &Usage, at: Instant) -> Result<Bill, PriceUnknown> {
        bill(&self.rates(at, usage.prompt_tokens.max(0)), usage)
    }

    /// The most that a call of a prompt and an answer up to those lengths costs, with nothing written to a cache.
    ///
    /// Of text: audio and images, sent or made, may have dearer prices, and searches come on top.
    pub fn highest_cost(
        &self,
        prompt: i64,
        completion: i64,
        requests: i32,
        at: Instant,
    ) -> Result<Amount, PriceUnknown> {
        self.highest(&[(prompt, completion)], requests, at)
    }

    /// The most that a call of so many tokens costs, of which nobody knows how many are prompt; else as before.
    pub fn highest_cost_of_tokens(&self, tokens: i64, requests: i32, at: Instant) -> Result<Amount, PriceUnknown> {
        self.highest(&[(tokens, 0), (0, tokens)], requests, at)
    }

    /// The dearest of some calls at any of the prices that hold for prompts up to the longest of theirs.
    fn highest(&self, calls: &[(i64, i64)], requests: i32, at: Instant) -> Result<Amount, PriceUnknown> {
        let longest = calls.iter().map(|(prompt, _)| *prompt).max().unwrap_or(0);
        let mut highest = Amount::default();
        for length in self.prompts_with_other_prices(longest) {
            let rates = self.rates(at, length);
            // Who asks for nothing yet must hear all the same that the price is not known.
            rates.first_of(&["prompt"])?;
            rates.first_of(&["completion"])?;
            for (prompt_tokens, completion_tokens) in calls.iter().copied() {
                // Costs are linear in what comes from a cache, so one end is the dearest; without a prompt there is one.
                let ends = if prompt_tokens == 0 { &[0][..] } else { &[0, prompt_tokens][..] };
                for cached_tokens in ends.iter().copied() {
                    let call = Usage { prompt_tokens, completion_tokens, cached_tokens, requests, ..Usage::default() };
                    highest = highest.max(bill(&rates, &call)?.total);
                }
            }
        }
        Ok(highest)
    }
}

#[cfg(test)]
#[path = "bill_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "bill_properties.rs"]
mod properties;

#[cfg(test)]
#[path = "bill_archive_tests.rs"]
mod archive;
