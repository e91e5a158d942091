//! What usage of a model costs at the prices of an instant, from the catalogue alone.

use super::installation::Installation;
use super::prices;
use super::quota::Instant;
use crate::pg::spi::Snapshot;
use model_access_domain::bill::Bill;
use model_access_domain::usage::Usage;

/// A bill, or why there is none.
pub struct Estimate {
    /// The price row that was in force.
    pub price_id: Option<i64>,
    /// The bill, or in words why the price is not known.
    pub bill: Result<Bill, String>,
}

/// The bill of usage of a model, named by id or canonical slug, as a call at an instant is charged.
pub fn of_usage(installation: &Installation, model: &str, usage: &Usage, at: Instant) -> Estimate {
    let price = installation.as_owner(|| {
        let model = prices::resolve(Snapshot::Callers, model);
        prices::in_force_of(Snapshot::Callers, &model, at)
    });
    let Some(price) = price else {
        let why = "the catalogue knows no price of the model at that instant".to_owned();
        return Estimate { price_id: None, bill: Err(why) };
    };
    let bill = price.pricing().and_then(|pricing| pricing.bill(usage, at));
    Estimate { price_id: Some(price.id), bill: bill.map_err(|unknown| unknown.text()) }
}
