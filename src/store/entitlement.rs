//! Who may call what: tiers of people and the list of models open to them.

use super::installation::Installation;
use crate::pg::spi::{Snapshot, arg};
use crate::pg::tuplestore::Sink;
use crate::statement;
use model_access_domain::tier;
use pgrx::Uuid;

statement!(
    TIER,
    "SELECT p.subscription_tier::pg_catalog.text FROM public.profiles AS p WHERE p.id OPERATOR(pg_catalog.=) $1"
);
statement!(ALLOWED_MODELS, include_str!("../../sql/queries/allowed_models.sql"));
statement!(CAN_USE_MODEL, include_str!("../../sql/queries/can_use_model.sql"));

/// The stored tier of a user; `None` without a profile or with a NULL tier.
fn stored_tier(user: Uuid) -> Option<String> {
    TIER.with(|query| query.first(Snapshot::Callers, &[arg(user)], |row| row.get::<String>(1))).flatten()
}

/// Sends the models open to a user into the result of the running function.
pub fn allowed_models(installation: &Installation, user: Uuid, sink: &Sink) {
    installation.as_owner(|| {
        let flags = tier::opening_flags(stored_tier(user).as_deref());
        let args = [arg(flags.free), arg(flags.pro), arg(flags.enterprise)];
        ALLOWED_MODELS.with(|query| sink.append(query, Snapshot::Callers, &args));
    });
}

/// Whether one model is open to a user.
pub fn can_use_model(installation: &Installation, user: Uuid, model_id: &str) -> bool {
    installation.as_owner(|| {
        let flags = tier::opening_flags(stored_tier(user).as_deref());
        let args = [arg(flags.free), arg(flags.pro), arg(flags.enterprise), arg(model_id)];
        CAN_USE_MODEL.with(|query| query.first(Snapshot::Callers, &args, |_| ())).is_some()
    })
}
