//! What calls cost: at most before they are made, exactly afterwards.

use super::callers::Call;
use super::{Instant, admission::Request};
use crate::pg::session;
use crate::pg::spi::Snapshot;
use crate::store::prices::{self, Price};
use model_access_domain::charge::{Charge, ProviderCost};
use model_access_domain::limit::{Amount, Limit, Metric};
use model_access_domain::pricing::Pricing;
use model_access_domain::usage::Usage;

/// What was used, and what the provider says of the cost.
#[derive(Clone)]
pub struct Used {
    /// How much.
    pub usage: Usage,
    /// The provider's word.
    pub provider: ProviderCost,
}

/// Whether any of some limits is on cost.
pub fn matter(limits: &[Limit]) -> bool {
    limits.iter().any(|limit| limit.metric == Metric::CostUsd)
}

/// Pins the price rows that are in force, and says what each call costs at most.
pub fn pin(snapshot: Snapshot, calls: &mut [Call], requests: &[Request], now: Instant) {
    let mut models: Vec<&str> = calls.iter().map(|call| call.model.as_str()).collect();
    models.sort_unstable();
    models.dedup();
    let found = prices::in_force(snapshot, &models, now);
    let places: Vec<_> = calls.iter().map(|call| models.binary_search(&call.model.as_str()).ok()).collect();
    for ((call, request), place) in calls.iter_mut().zip(requests).zip(places) {
        session::check_for_interrupts();
        let Some(price) = place.and_then(|place| found.get(place)?.as_ref()) else { continue };
        call.price_id = Some(price.id);
        call.demand.cost_usd = most(price, &request.usage, now);
    }
}

/// The most that a call costs: of one whose sides are known the prompt without a cache, and the longest answer; else all of
/// its tokens at the dearer side's price.
pub fn most(price: &Price, usage: &Usage, at: Instant) -> Option<Amount> {
    highest(price.pricing().ok()?, usage, at)
}

/// As [`most`], at prices that are known.
pub fn highest(pricing: &Pricing, usage: &Usage, at: Instant) -> Option<Amount> {
    let Usage { prompt_tokens: prompt, completion_tokens: completion, total_tokens, requests, .. } = *usage;
    let most = if prompt + completion == 0 {
        pricing.highest_cost_of_tokens(total_tokens, requests, at)
    } else {
        pricing.highest_cost(prompt, completion, requests, at)
    };
    most.ok()
}

/// The charge of usage at the prices of its instant.
pub fn charge(used: &Used, price: Option<&Price>, at: Instant, markup_percent: Amount) -> Charge {
    let bill = price.and_then(|price| price.pricing().ok()?.bill(&used.usage, at).ok());
    Charge::of(used.provider.clone(), bill, markup_percent)
}
