//! Corrections of the ledger.

use super::quota_answer;
use super::quota_arguments::{privileged, used_model};
use crate::error::Error;
use crate::pg::composite::{Composite, numeric};
use crate::pg::spi::arg;
use crate::pg::{Reply, session};
use crate::store::audit::Author;
use crate::store::quota::reprice::{Repricing, reprice};
use crate::store::quota::{Instant, corrections};
use model_access_domain::limit::{Amount, shortest};
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
        let author = Author::of_call(Some(reason(p_reason)?))?;
        let receipt = corrections::void(&installation, id, &author, session::clock())?;
        quota_answer::receipt(fcinfo, receipt)
    })
}

fn instant(name: &'static str, given: Option<TimestampWithTimeZone>) -> Result<Instant, Error> {
    given.map(Instant::from).ok_or(Error::NoArgument(name))
}

/// Corrects what calls of a model cost, from `p_from` until before `p_to`, to what the prices of their instants give now. Quotas
/// stay.
///
/// Only rows whose cost is computed, estimated or unknown, and not voided. Again: nothing is left to correct. Errors: 42501
/// unless privileged, 22004, 22023, 40001. Source: docs/design.md, "Usage and cost".
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.reprice_usage(p_model_id text, p_from timestamptz, p_to timestamptz, p_reason text)
RETURNS model_access.usage_repricing
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn reprice_usage(
    p_model_id: Option<&str>,
    p_from: Option<TimestampWithTimeZone>,
    p_to: Option<TimestampWithTimeZone>,
    p_reason: Option<&str>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<Composite> {
    Reply::of(|| {
        let installation = privileged()?;
        let model = used_model(p_model_id)?;
        let (from, to) = (instant("p_from", p_from)?, instant("p_to", p_to)?);
        if to <= from {
            return Err(Error::BadArgument("p_to", "not after p_from".to_owned(), "Pass a later instant.").into());
        }
        let author = Author::of_call(Some(reason(p_reason)?))?;
        let repricing = Repricing { model: &model, from, to, author: &author };
        let done = reprice(&installation, &repricing, session::clock())?;
        let money = |amount: &Amount| numeric(Some(&shortest(amount)));
        Composite::of(
            fcinfo,
            &[
                arg(done.seen),
                arg(done.corrected),
                arg(done.unknown),
                money(&done.change.cost),
                money(&done.change.total),
            ],
        )
    })
}
