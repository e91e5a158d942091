//! Corrections of the ledger.

use super::quota_answer;
use super::quota_arguments::privileged;
use crate::error::Error;
use crate::pg::composite::Composite;
use crate::pg::{Reply, session};
use crate::store::quota::corrections;
use pgrx::prelude::*;

/// A reason is a sentence, kept with every row that it is given for.
const MAX_REASON_CHARS: usize = 500;

fn reason(given: Option<&str>) -> Result<&str, Error> {
    let reason = given.ok_or(Error::NoArgument("p_reason"))?.trim();
    let length = reason.chars().count();
    if length == 0 || length > MAX_REASON_CHARS {
        let got = if length == 0 { "blank".to_owned() } else { format!("{length} characters long") };
        return Err(Error::BadArgument("p_reason", got, "Say why, in 1 to 500 characters."));
    }
    Ok(reason)
}

/// Takes back what a ledger row costs, with its corrections so far, by a correction; returns that one's receipt. Quotas stay.
///
/// Again: the first receipt, `repeated`. Errors: 42501 unless privileged, 22004, 22023 for a row that is a correction itself
/// and for a reason that is blank or longer than 500 characters, PT404 for an unknown row. Source: docs/design.md, "Usage and
/// cost".
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.void_usage(p_usage_id uuid, p_reason text)
RETURNS model_access.usage_receipt
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn void_usage(
    p_usage_id: Option<pgrx::Uuid>,
    p_reason: Option<&str>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<Composite> {
    Reply::of(|| {
        let installation = privileged()?;
        let id = p_usage_id.ok_or(Error::NoArgument("p_usage_id"))?;
        let receipt = corrections::void(&installation, id, reason(p_reason)?, session::clock())?;
        quota_answer::receipt(fcinfo, receipt)
    })
}
