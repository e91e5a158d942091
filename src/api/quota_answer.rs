//! Decisions and receipts as SQL values.

use crate::error::Error;
use crate::pg::composite::{Composite, jsonb, numeric};
use crate::pg::spi::{Arg, arg, optional_timestamp_arg};
use crate::pg::{Report, session};
use crate::store::quota::Instant;
use crate::store::quota::record::Receipt;
use model_access_domain::answer;
use model_access_domain::decision::{Decision, Figures, Reason};
use model_access_domain::limit::{Amount, shortest};
use pgrx::{Uuid, pg_sys};
use serde_json::{Value, json};

fn iso_8601(instant: Instant) -> Value {
    json!(session::iso_8601(instant))
}

fn amount(amount: Option<&Amount>) -> Arg {
    numeric(amount.map(shortest).as_ref())
}

/// A decision as a row of `quota_decision`.
pub fn decision(fcinfo: pg_sys::FunctionCallInfo, decision: &Decision) -> Result<Composite, Report> {
    let found = decision.figures.as_ref();
    let word = |of: fn(&Figures) -> Option<&str>| arg(found.and_then(of).map(str::to_owned));
    let reservation = decision.reservation_id.map(|id| Uuid::from_bytes(id.into_bytes()));
    Composite::of(
        fcinfo,
        &[
            arg(decision.is_allowed()),
            arg(decision.reason.map(Reason::word)),
            word(|found| Some(&found.limit_name)),
            word(|found| Some(found.scope)),
            word(|found| Some(found.metric)),
            word(|found| found.period),
            amount(found.and_then(|found| found.limit_amount.as_ref())),
            amount(found.map(|found| &found.used)),
            amount(found.map(|found| &found.held)),
            amount(found.map(|found| &found.requested)),
            amount(found.and_then(|found| found.remaining.as_ref())),
            optional_timestamp_arg(found.and_then(|found| found.resets_at)),
            arg(decision.retry_after_seconds),
            arg(reservation),
            jsonb(answer::warnings(decision, &iso_8601)),
        ],
    )
}

/// A decision as an object with the columns of `quota_decision`.
pub fn decision_json(decision: &Decision) -> Value {
    answer::decision(decision, &iso_8601)
}

/// A receipt as a row of `usage_receipt`.
pub fn receipt(fcinfo: pg_sys::FunctionCallInfo, receipt: Receipt) -> Result<Composite, Report> {
    let refused = Decision { warnings: receipt.warnings, ..Decision::refused(Reason::QuotaExceeded) };
    Composite::of(
        fcinfo,
        &[
            arg(receipt.usage_id),
            arg(receipt.reservation_id),
            arg(receipt.model),
            arg(receipt.tokens),
            numeric(receipt.cost_usd.as_ref()),
            numeric(receipt.markup_usd.as_ref()),
            numeric(receipt.total_usd.as_ref()),
            arg(receipt.cost_source),
            arg(receipt.repeated),
            jsonb(answer::warnings(&refused, &iso_8601)),
        ],
    )
}

/// A refusal as the error that PostgREST turns into a response: 403 when the model is not open to the user, 402 when waiting
/// does not help, 429 with Retry-After when it does.
pub fn refusal(decision: &Decision) -> Error {
    let word = decision.reason.map_or("", Reason::word);
    let found = decision.figures.as_ref();
    let (status, text, hint) = match (decision.reason, decision.retry_after_seconds) {
        (Some(Reason::QuotaExceeded), Some(_)) => (429, "Too Many Requests", "Wait until resets_at."),
        (Some(Reason::QuotaExceeded), None) => {
            (402, "Payment Required", "Waiting does not help; the limit must be raised.")
        }
        (Some(Reason::PriceUnknown), _) => (403, "Forbidden", "Its cost is limited; use a model whose price is known."),
        (Some(reason), _) if reason.is_of_system_models() => {
            (403, "Forbidden", "get_available_system_models() lists the models that are open to the user.")
        }
        _ => (403, "Forbidden", "get_user_allowed_models_v2() lists the models that are open to the user."),
    };
    let message = found.map_or_else(
        || format!("the model may not be used: {word}"),
        |found| format!("the limit {} refuses: {word}", found.limit_name),
    );
    let body = json!({
        "code": format!("PT{status}"), "message": message, "details": decision_json(decision).to_string(), "hint": hint,
    });
    let headers = match decision.retry_after_seconds {
        Some(seconds) if status == 429 => json!({ "Retry-After": seconds.to_string() }),
        _ => json!({}),
    };
    let line = json!({ "status": status, "status_text": text, "headers": headers });
    Error::Refusal(body.to_string(), line.to_string())
}
