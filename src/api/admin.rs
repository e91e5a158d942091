//! The admin's verdict on a model.

use super::caller;
use crate::error::Error;
use crate::pg::varchar::VarChar;
use crate::pg::{Reply, session};
use crate::store::admin::{self, TierAccess};
use crate::store::audit::Author;
use crate::store::installation::Installation;
use pgrx::JsonB;
use pgrx::prelude::*;
use serde_json::json;

const STATUSES: [&str; 4] = ["active", "inactive", "disabled", "new"];

/// Whether the signed-in user administers the catalogue: `profiles.role` superadmin or `account_type` admin.
///
/// False without a signed-in user. Errors: 22P02 for malformed claims, 55000 before `install()`.
/// Policies call it. Source: docs/security.md.
#[pg_extern(stable, parallel_restricted)]
fn model_access_is_admin() -> Reply<bool> {
    Reply::of(|| caller::is_admin(&Installation::current()?))
}

/// Sets tiers and status of one model; NULL leaves a value as it is.
///
/// Returns `{success, model_id, updated_at}`, or `{success: false, error}` for an unknown status or model.
/// Errors: 42501 unless the caller is privileged or a catalogue admin. Source: seed 000, `update_model_tier_access`.
#[pg_extern(volatile, parallel_unsafe)]
fn update_model_tier_access(
    p_model_id: Option<VarChar>,
    p_is_free: default!(Option<bool>, "NULL"),
    p_is_pro: default!(Option<bool>, "NULL"),
    p_is_enterprise: default!(Option<bool>, "NULL"),
    p_status: default!(Option<VarChar>, "NULL"),
) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = Installation::current()?;
        caller::require_admin(&installation)?;
        let refused = |error: &str| Ok::<_, Error>(JsonB(json!({ "success": false, "error": error })));
        let status = p_status.as_ref().map(|status| status.0.as_str());
        if status.is_some_and(|status| !STATUSES.contains(&status)) {
            return refused("Invalid status. Must be: active, inactive, disabled, or new");
        }
        let access = TierAccess { is_free: p_is_free, is_pro: p_is_pro, is_enterprise: p_is_enterprise, status };
        let (author, now) = (Author::of_call(None)?, session::clock());
        match p_model_id {
            Some(id) if admin::update_tier_access(&installation, &id.0, &access, &author, now) => {
                Ok(JsonB(json!({ "success": true, "model_id": id.0, "updated_at": session::iso_8601(now) })))
            }
            _ => refused("Model not found"),
        }
    })
}
