//! Bringing the catalogue in line with OpenRouter.

use super::caller;
use crate::error::Error;
use crate::pg::jsonb::Jsonb;
use crate::pg::{Reply, session};
use crate::store::catalogue_preview::{self, Effect};
use crate::store::installation::Installation;
use crate::store::sync::Origin;
use crate::store::{catalogue, sync};
use model_access_domain::limit::Amount;
use pgrx::prelude::*;
use pgrx::{AnyNumeric, JsonB, Uuid};
use std::str::FromStr;

/// Change, model, old and new pricing, organisation, requests, tokens, cost, new cost, difference.
type EffectRow = (
    String,
    String,
    Option<JsonB>,
    Option<JsonB>,
    Option<Uuid>,
    i64,
    i64,
    AnyNumeric,
    Option<AnyNumeric>,
    Option<AnyNumeric>,
);

/// Syncs the catalogue with OpenRouter's list: the array, or the whole answer `{"data": […]}`.
///
/// Returns counts, or `{success: false, error, sync_log_id}`; writes one row of `model_sync_log` either way.
/// Errors: 42501 unless the caller is privileged or a catalogue admin; cancel, shutdown, out of memory,
/// serialization failure and deadlock are raised. Source: docs/design.md, "Catalogue".
#[pg_extern(volatile, parallel_unsafe)]
fn sync_openrouter_models(models_data: Option<Jsonb>) -> Reply<JsonB> {
    Reply::of(|| sync_as_admin(models_data, false))
}

/// As [`sync_openrouter_models`], without the guard against a feed that lacks too many models.
#[pg_extern(volatile, parallel_unsafe)]
fn force_sync_openrouter_models(models_data: Option<Jsonb>) -> Reply<JsonB> {
    Reply::of(|| sync_as_admin(models_data, true))
}

fn sync_as_admin(models_data: Option<Jsonb>, force: bool) -> Result<JsonB, Error> {
    let installation = Installation::current()?;
    caller::require_admin(&installation)?;
    installation.require_owned(&catalogue::TABLES)?;
    let origin = Origin { force, started: session::clock(), http_status: None };
    Ok(JsonB(sync::run(&installation, models_data.as_ref(), origin)))
}

/// What a sync of a payload would do, and what the usage of the last 30 days of the models concerned would cost then.
///
/// A row per change and organisation with usage. Writes nothing and locks nobody out. `new_cost_usd` is NULL where the new prices do
/// not tell. Errors: 42501 unless the caller is privileged or a catalogue admin, 22023 for what a sync refuses. Source:
/// docs/design.md, "Review".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.preview_catalogue_change(p_models jsonb)
RETURNS TABLE (
    change text, model_id text, old_pricing jsonb, new_pricing jsonb, organization_id uuid, requests bigint, tokens bigint,
    cost_usd numeric, new_cost_usd numeric, difference_usd numeric
)
STABLE PARALLEL RESTRICTED ROWS 50 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn preview_catalogue_change(p_models: Option<Jsonb>) -> Reply<TableIterator<'static, EffectRow>> {
    Reply::of(|| {
        let installation = Installation::current()?;
        caller::require_admin(&installation)?;
        installation.require_owned(&catalogue::TABLES)?;
        let effects = catalogue_preview::effects(&installation, p_models.as_ref(), session::clock());
        let effects = effects.map_err(|refusal| Error::CatalogueRefused(refusal.message))?;
        Ok::<_, Error>(TableIterator::new(effects.into_iter().map(effect_row).collect::<Vec<_>>()))
    })
}

fn effect_row(effect: Effect) -> EffectRow {
    let numeric = |amount: &Amount| AnyNumeric::from_str(&amount.normalized().to_plain_string()).unwrap_or_default();
    let sums = effect.sums;
    let difference = sums.new_cost.as_ref().map(|new_cost| new_cost - &sums.cost);
    (
        effect.kind.word().to_owned(),
        effect.model_id,
        effect.old.map(JsonB),
        effect.new.map(JsonB),
        effect.organization,
        sums.requests,
        sums.tokens,
        numeric(&sums.cost),
        sums.new_cost.as_ref().map(numeric),
        difference.as_ref().map(numeric),
    )
}
