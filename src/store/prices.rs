//! Prices of models through time, and which model a provider means.

use super::quota::Instant;
use crate::lookup;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::pg::text_array::texts_arg;
use model_access_domain::pricing::{PriceUnknown, Pricing};
use model_access_domain::system_model;

lookup!(IN_FORCE, include_str!("../../sql/queries/price_in_force.sql"));
lookup!(RESOLVE, include_str!("../../sql/queries/model_resolve.sql"));
lookup!(
    OF_ID,
    "SELECT h.id, h.pricing::pg_catalog.text FROM public.model_price_history AS h WHERE h.id OPERATOR(pg_catalog.=) $1"
);

/// A row of `model_price_history`.
pub struct Price {
    /// Its key.
    pub id: i64,
    /// Its prices, or why they are not known.
    pub pricing: Result<Pricing, PriceUnknown>,
}

impl Price {
    /// From two columns of a row, of which `position` is the first.
    pub fn read(row: &Row, position: i32) -> Option<Self> {
        let text = row.get::<String>(position + 1)?;
        let pricing = serde_json::from_str(&text).map_err(|_| PriceUnknown::NoPrices);
        Some(Self { id: row.get::<i64>(position)?, pricing: pricing.and_then(|object| Pricing::of_json(&object)) })
    }
}

/// The prices of some models that were in force at an instant, in their order.
pub fn in_force(snapshot: Snapshot, models: &[&str], at: Instant) -> Vec<Option<Price>> {
    let args =
        [texts_arg(models.iter().map(|model| Some(*model))), timestamp_arg(at), super::quota::places(models.len())];
    let rows = IN_FORCE.with(|query| query.rows(snapshot, &args, |row| (row.get::<i32>(1), Price::read(row, 2))));
    let mut prices: Vec<Option<Price>> = models.iter().map(|_| None).collect();
    for (place, price) in rows {
        let place = place.and_then(|place| usize::try_from(place - 1).ok());
        if let Some(found) = place.and_then(|place| prices.get_mut(place)) {
            *found = price;
        }
    }
    prices
}

/// The price of one model that was in force at an instant.
pub fn in_force_of(snapshot: Snapshot, model: &str, at: Instant) -> Option<Price> {
    in_force(snapshot, &[model], at).into_iter().next().flatten()
}

/// The price row of a key; `None` when it is gone.
pub fn of_id(snapshot: Snapshot, id: i64) -> Option<Price> {
    OF_ID.with(|query| query.first(snapshot, &[arg(id)], |row| Price::read(row, 1))).flatten()
}

/// The catalogue's id of a model that a provider names, perhaps by its canonical slug; the name itself when it is not known, or
/// when it is a system model's, which no slug takes.
pub fn resolve(snapshot: Snapshot, model: &str) -> String {
    if system_model::is_system(model) {
        return model.to_owned();
    }
    let known = RESOLVE.with(|query| query.first(snapshot, &[arg(model)], |row| row.get::<String>(1))).flatten();
    known.unwrap_or_else(|| model.to_owned())
}
