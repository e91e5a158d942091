//! Prices of models through time, and which model a provider means.

use super::quota::Instant;
use crate::pg::arrays::texts_arg;
use crate::pg::keyed::Seen;
use crate::pg::shape::Kind::{Big, Instant as At, Json, Text};
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::{keyed, lookup};
use foldhash::fast::RandomState;
use model_access_domain::pricing::{PriceUnknown, Pricing};
use model_access_domain::system_model;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

lookup!(IN_FORCE, include_str!("../../sql/queries/price_in_force.sql"));
lookup!(RESOLVE, include_str!("../../sql/queries/model_resolve.sql"));
lookup!(
    OF_ID,
    "SELECT h.id, h.pricing::pg_catalog.text FROM public.model_price_history AS h WHERE h.id OPERATOR(pg_catalog.=) $1"
);

keyed!(
    BY_MODEL,
    c"model_price_history",
    [(c"model_id", Text), (c"valid_from", At)],
    [(c"id", Big), (c"pricing", Json), (c"valid_from", At), (c"valid_to", At)]
);
keyed!(BY_ID, c"model_price_history", [(c"id", Big)], [(c"id", Big), (c"pricing", Json)]);

/// Prices, or why they are not known.
type Prices = Rc<Result<Pricing, PriceUnknown>>;

/// So many pricing objects are kept as they were read.
const KEPT: usize = 256;
/// Larger ones are read anew each time: real ones have half a kilobyte.
const KEPT_BYTES: usize = 4 << 10;

thread_local! {
    /// Pricing objects by the bytes in which they are stored: what is kept is true of those bytes, whatever row has them.
    static READ: RefCell<HashMap<Vec<u8>, Prices, RandomState>> = RefCell::new(HashMap::default());
}

/// A row of `model_price_history`.
pub struct Price {
    /// Its key.
    pub id: i64,
    pricing: Prices,
}

impl Price {
    /// Its prices, or why they are not known.
    pub fn pricing(&self) -> Result<&Pricing, PriceUnknown> {
        (*self.pricing).as_ref().map_err(Clone::clone)
    }

    /// From two columns of a row, of which `position` is the first.
    pub fn read(row: &Row, position: i32) -> Option<Self> {
        let id = row.get::<i64>(position)?;
        let known = row.with_json(position + 1, |bytes| READ.with_borrow(|read| read.get(bytes).cloned())).flatten();
        if let Some(pricing) = known {
            return Some(Self { id, pricing });
        }
        let text = row.text(position + 1)?;
        let pricing = serde_json::from_str(&text).map_err(|_| PriceUnknown::NoPrices);
        let pricing = Rc::new(pricing.and_then(|object| Pricing::of_json(&object)));
        row.with_json(position + 1, |bytes| keep(bytes, &pricing));
        Some(Self { id, pricing })
    }
}

fn keep(bytes: &[u8], pricing: &Prices) {
    if bytes.len() <= KEPT_BYTES {
        READ.with_borrow_mut(|read| {
            if read.len() >= KEPT {
                read.clear();
            }
            read.insert(bytes.to_vec(), Rc::clone(pricing));
        });
    }
}

/// The prices of some models that were in force at an instant, in their order.
pub fn in_force(snapshot: Snapshot, models: &[&str], at: Instant) -> Vec<Option<Price>> {
    if let Some(found) = in_force_by_keys(snapshot, models, at) {
        return found;
    }
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

/// As the statement reads them; `None` where that has to. The index has the latest row of a model first; of those that began at
/// one instant the one with the highest key counts.
fn in_force_by_keys(snapshot: Snapshot, models: &[&str], at: Instant) -> Option<Vec<Option<Price>>> {
    let keys: Vec<_> = models.iter().map(|model| [arg(*model), timestamp_arg(at)]).collect();
    let mut found: Vec<Option<(Option<Instant>, Price)>> = models.iter().map(|_| None).collect();
    let choose = |place: usize, row: &Row| {
        let Some(chosen) = found.get_mut(place) else { return false };
        let (from, to) = (row.timestamp(3), row.timestamp(4));
        if chosen.as_ref().is_some_and(|(first, _)| *first != from) {
            return false;
        }
        let is_later = chosen.as_ref().is_none_or(|(_, price)| row.get::<i64>(1) > Some(price.id));
        if is_later && to.is_none_or(|to| to > at) {
            *chosen = Price::read(row, 1).map(|price| (from, price));
        }
        true
    };
    Seen::with(snapshot, |seen| BY_MODEL.with(|rows| rows.rows(seen, &keys, choose)))?;
    Some(found.into_iter().map(|chosen| chosen.map(|(_, price)| price)).collect())
}

/// The price of one model that was in force at an instant.
pub fn in_force_of(snapshot: Snapshot, model: &str, at: Instant) -> Option<Price> {
    in_force(snapshot, &[model], at).into_iter().next().flatten()
}

/// The price row of a key; `None` when it is gone.
pub fn of_id(snapshot: Snapshot, id: i64) -> Option<Price> {
    let by_id = |seen| BY_ID.with(|rows| rows.first(seen, [arg(id)], |row| Price::read(row, 1)));
    if let Some(found) = Seen::with(snapshot, by_id) {
        return found.flatten();
    }
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
