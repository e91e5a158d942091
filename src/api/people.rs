//! Preferences of people, and what they did.

use super::caller;
use crate::error::Error;
use crate::pg::jsonb::{Item, Jsonb};
use crate::pg::varchar::VarChar;
use crate::pg::{Reply, session};
use crate::store::installation::Installation;
use crate::store::people::{self, Activity, Preferences};
use model_access_domain::merge;
use model_access_domain::preferences::is_temperature;
use pgrx::JsonB;
use pgrx::prelude::*;
use serde_json::{Value, json};

/// Documents nested deeper than this are refused: the merge recurses, and no preference needs it.
const MAX_DEPTH: usize = 100;

/// Larger preferences are refused, in a call and as they are stored: whoever is signed in may send them, and each call is
/// logged.
const MAX_PREFERENCES_BYTES: usize = 1 << 20;

/// Merges `b` into `a`: objects key by key at every level, anything else is replaced; nothing is deleted.
///
/// NULL `a` counts as `{}`, NULL `b` leaves `a` as it is. Errors: 22023 when `b` is no object, 54000 for documents nested
/// deeper than 100 levels. Source: spec 1.3.
#[pg_extern(immutable, parallel_safe)]
fn jsonb_deep_merge(a: Option<Jsonb>, b: Option<Jsonb>) -> Reply<JsonB> {
    Reply::of(|| {
        let a = a.map_or(Ok(json!({})), |a| copied(&a))?;
        match b {
            None => Ok(JsonB(a)),
            Some(b) if !matches!(b.top(), Item::Object(_)) => Err(Error::NotAnObject("b")),
            Some(b) => Ok(JsonB(merge::deep_merge(a, copied(&b)?))),
        }
    })
}

fn copied(document: &Jsonb) -> Result<Value, Error> {
    document.top().to_exact_value(MAX_DEPTH).ok_or(Error::TooDeep(MAX_DEPTH))
}

/// Changes preferences of a person: `ui` and `session` are merged, of `model` those present are set.
///
/// Returns `{success, preference_type, updated_at}`, or `{success: false, error}` for an unknown type, preferences that
/// are no object, a temperature that is no number from 0 to 2, or a user without a profile. `user_uuid` NULL is the
/// signed-in user; only privileged callers and catalogue admins may name another. Errors: 42501, 22P02 for malformed
/// claims, 54000 beyond 1 MiB, given or stored, or 100 levels, 22001 for a default_model of more than 100 characters. Source: seed 000,
/// `update_user_preferences`.
#[pg_extern(volatile, parallel_unsafe)]
fn update_user_preferences(
    user_uuid: Option<pgrx::Uuid>,
    preference_type: Option<VarChar>,
    preferences: Option<Jsonb>,
) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = Installation::with(&people::TABLES)?;
        let user = caller::user_served_by_admins(&installation, user_uuid)?;
        let refused = |error: &str| Ok(JsonB(json!({ "success": false, "error": error })));
        let word = preference_type.map_or(String::new(), |word| word.0);
        let Some(kind) = Preferences::of_word(&word) else {
            return refused("Invalid preference type. Must be: ui, session, or model");
        };
        let Some(preferences) = preferences.filter(|given| matches!(given.top(), Item::Object(_))) else {
            return refused("Preferences must be a JSON object");
        };
        if preferences.bytes() > MAX_PREFERENCES_BYTES {
            return Err(Error::TooLarge(preferences.bytes(), MAX_PREFERENCES_BYTES));
        }
        let preferences = copied(&preferences)?;
        if kind == Preferences::Model && preferences.get("temperature").is_some_and(|given| !is_temperature(given)) {
            return refused("temperature must be a number between 0 and 2");
        }
        let now = session::clock();
        match people::update_preferences(&installation, user, kind, &preferences.to_string(), now) {
            None => return refused("User not found"),
            Some(bytes) if bytes > MAX_PREFERENCES_BYTES => return Err(Error::TooLarge(bytes, MAX_PREFERENCES_BYTES)),
            Some(_) => {}
        }
        let details = json!({ "preference_type": word, "updated_fields": preferences });
        let activity = Activity {
            user,
            action: "preferences_updated",
            resource_type: Some("profile"),
            resource_id: Some(&user.to_string()),
            details: Some(details.to_string()),
        };
        people::log_activity(&installation, &activity, now);
        Ok(JsonB(json!({ "success": true, "preference_type": word, "updated_at": session::iso_8601(now) })))
    })
}

/// Writes a row of `user_activity_log` and returns its key.
///
/// Errors: 42501 unless the caller is privileged, 22004 without user or action, 23503 for a user without a profile, 22001
/// for words of more than 50 characters, 54000 for details nested deeper than 100 levels. Source: spec 1.3.
#[pg_extern(volatile, parallel_unsafe)]
fn log_user_activity(
    p_user_id: Option<pgrx::Uuid>,
    p_action: Option<VarChar>,
    p_resource_type: default!(Option<VarChar>, "NULL"),
    p_resource_id: default!(Option<String>, "NULL"),
    p_details: default!(Option<Jsonb>, "'{}'"),
) -> Reply<Option<pgrx::Uuid>> {
    Reply::of(|| {
        let installation = Installation::with(&people::TABLES)?;
        caller::require_privileged(&installation)?;
        let user = p_user_id.ok_or(Error::NoArgument("p_user_id"))?;
        let action = p_action.ok_or(Error::NoArgument("p_action"))?;
        let details = p_details.map(|details| copied(&details)).transpose()?;
        let activity = Activity {
            user,
            action: &action.0,
            resource_type: p_resource_type.as_ref().map(|word| word.0.as_str()),
            resource_id: p_resource_id.as_deref(),
            details: details.map(|details| details.to_string()),
        };
        Ok::<_, Error>(people::log_activity(&installation, &activity, session::clock()))
    })
}
