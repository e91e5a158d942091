//! Which models a user may call.

use super::caller;
use crate::error::Error;
use crate::pg::Reply;
use crate::pg::json_text::JsonText;
use crate::pg::tuplestore::Sink;
use crate::pg::varchar::VarChar;
use crate::store::entitlement;
use crate::store::installation::Installation;
use pgrx::prelude::*;

/// Models that a user may call now, in the seed's order: free ones first, then pro, then enterprise, by name.
///
/// `user_uuid` NULL is the signed-in user. Result: the seed's twelve columns.
/// Errors: 42501 for a foreign user or without one, 22P02 for malformed claims, 55000 before `install()`.
/// Source: seed 000, `get_user_allowed_models_v2`.
#[pg_extern(
    stable,
    parallel_restricted,
    sql = r#"
CREATE FUNCTION model_access.get_user_allowed_models_v2(user_uuid uuid DEFAULT NULL)
RETURNS TABLE (
    model_id character varying, model_name character varying, model_description text, context_length integer,
    prompt_price character varying, completion_price character varying, modality character varying,
    input_modalities jsonb, output_modalities jsonb, supported_parameters jsonb,
    daily_limit integer, monthly_limit integer
)
STABLE PARALLEL RESTRICTED ROWS 100
LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"#
)]
fn get_user_allowed_models_v2(user_uuid: Option<pgrx::Uuid>, fcinfo: pg_sys::FunctionCallInfo) -> Reply<()> {
    Reply::of(|| {
        let installation = Installation::current()?;
        let user = caller::user_served(&installation, user_uuid)?;
        entitlement::allowed_models(&installation, user, &Sink::open(fcinfo))
    })
}

/// As [`get_user_allowed_models_v2`], as one JSON array of objects: one row, whatever PostgREST's `max-rows` is.
///
/// Prices are strings. Errors: as there.
#[pg_extern(stable, parallel_restricted)]
fn get_user_allowed_models_json(user_uuid: default!(Option<pgrx::Uuid>, "NULL")) -> Reply<JsonText> {
    Reply::of(|| {
        let installation = Installation::current()?;
        let user = caller::user_served(&installation, user_uuid)?;
        entitlement::allowed_models_json(&installation, user)
    })
}

/// Whether a user may call one model now. An unknown or NULL model is false.
///
/// Errors: as [`get_user_allowed_models_v2`]. Source: docs/reference.md, "Entitlement".
#[pg_extern(stable, parallel_restricted)]
fn can_user_use_model(user_uuid: Option<pgrx::Uuid>, p_model_id: Option<VarChar>) -> Reply<bool> {
    Reply::of(|| {
        let installation = Installation::current()?;
        let user = caller::user_served(&installation, user_uuid)?;
        Ok::<_, Error>(p_model_id.is_some_and(|id| entitlement::can_use_model(&installation, user, &id.0)))
    })
}
