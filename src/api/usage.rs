//! Usage that happened without a reservation.

use super::quota_answer;
use super::quota_arguments::{self, privileged, used_model};
use crate::error::Error;
use crate::pg::composite::Composite;
use crate::pg::jsonb::Jsonb;
use crate::pg::{Reply, session};
use crate::store::quota::record;
use crate::store::quota::requests::{Keyed, fingerprint};
use pgrx::prelude::*;
use serde_json::json;

/// Stores usage that happened, whatever the limits say.
///
/// `p_occurred_at` names the instant that it belongs to: not before the ledger's oldest partition; up to an hour ahead counts
/// as now. Errors: 42501 unless privileged, 22004, 22023, PT409. Source: docs/design.md, "Quota engine".
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.record_model_usage(
    user_uuid uuid, p_model_id text, p_usage jsonb, p_idempotency_key text DEFAULT NULL, p_occurred_at timestamptz DEFAULT NULL
) RETURNS model_access.usage_receipt
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn record_model_usage(
    user_uuid: Option<pgrx::Uuid>,
    p_model_id: Option<&str>,
    p_usage: Option<Jsonb>,
    p_idempotency_key: Option<&str>,
    p_occurred_at: Option<TimestampWithTimeZone>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<Composite> {
    Reply::of(|| {
        let installation = privileged()?;
        let user = user_uuid.ok_or(Error::NoArgument("user_uuid"))?;
        let user = uuid::Uuid::from_bytes(*user.as_bytes());
        let model = used_model(p_model_id)?;
        let (used, usage_fingerprint) = quota_arguments::usage(p_usage)?;
        let occurred_at = p_occurred_at.map(pg_sys::TimestampTz::from);
        let arguments = json!([model, usage_fingerprint, occurred_at]);
        let keyed = quota_arguments::key(p_idempotency_key)?.map(|key| Keyed {
            user,
            key,
            operation: "record",
            fingerprint: fingerprint(&arguments),
        });
        let happened = record::Happened { user, model: &model, used, occurred_at };
        let receipt = record::record(&installation, &happened, keyed.as_ref(), session::clock())?;
        quota_answer::receipt(fcinfo, receipt)
    })
}
