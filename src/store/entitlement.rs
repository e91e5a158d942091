//! Who may call what: tiers of people and the list of models open to them.

use super::installation::Installation;
use super::list_cache;
use crate::error::Error;
use crate::pg::json_text::JsonText;
use crate::pg::spi::{Snapshot, arg};
use crate::pg::tuplestore::Sink;
use crate::statement;
use model_access_domain::tier::{self, Tier};
use pgrx::Uuid;

statement!(
    TIER,
    "SELECT p.subscription_tier::pg_catalog.text FROM public.profiles AS p WHERE p.id OPERATOR(pg_catalog.=) $1"
);
statement!(TIER_AND_VERSION, include_str!("../../sql/queries/tier_and_version.sql"));
statement!(CAN_USE_MODEL, include_str!("../../sql/queries/can_use_model.sql"));

/// A user's tier and the version of the catalogue, both as the calling query sees them.
fn tier_and_version(user: Uuid) -> Result<(Option<Tier>, i64), Error> {
    let row = TIER_AND_VERSION
        .with(|query| query.first(Snapshot::Callers, &[arg(user)], |row| (row.get::<String>(1), row.get::<i64>(2))));
    match row {
        Some((tier, Some(version))) => Ok((Tier::of_profile(tier.as_deref()), version)),
        _ => Err(Error::NotInstalled("model_catalogue_version".to_owned())),
    }
}

/// Sends the models open to a user into the result of the running function.
pub fn allowed_models(installation: &Installation, user: Uuid, sink: &Sink) -> Result<(), Error> {
    installation.as_owner(|| {
        let catalogue = list_cache::lock_catalogue()?;
        if let (Some(tier), version) = tier_and_version(user)? {
            list_cache::rows(&catalogue, version, tier, sink);
        }
        Ok(())
    })
}

/// The models open to a user as one JSON array.
pub fn allowed_models_json(installation: &Installation, user: Uuid) -> Result<JsonText, Error> {
    installation.as_owner(|| {
        let catalogue = list_cache::lock_catalogue()?;
        Ok(match tier_and_version(user)? {
            (Some(tier), version) => list_cache::json(&catalogue, version, tier),
            (None, _) => JsonText::copied("[]"),
        })
    })
}

/// Whether one model is open to a user.
pub fn can_use_model(installation: &Installation, user: Uuid, model_id: &str) -> bool {
    installation.as_owner(|| {
        let tier = TIER.with(|query| query.first(Snapshot::Callers, &[arg(user)], |row| row.get::<String>(1)));
        let flags = tier::opening_flags(tier.flatten().as_deref());
        let args = [arg(flags.free), arg(flags.pro), arg(flags.enterprise), arg(model_id)];
        CAN_USE_MODEL.with(|query| query.first(Snapshot::Callers, &args, |_| ())).is_some()
    })
}
