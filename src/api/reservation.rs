//! Reservations: an estimate is held before a call, the actual usage is stored after it.

use super::quota_answer;
use super::quota_arguments::{self, Ask, model, privileged, tokens};
use crate::error::Error;
use crate::pg::composite::Composite;
use crate::pg::jsonb::Jsonb;
use crate::pg::{Reply, session};
use crate::store::quota::admission::{self, Admit};
use crate::store::quota::{operators, reservations};
use model_access_domain::decision::Decision;
use model_access_domain::usage::Usage;
use pgrx::datum::Interval;
use pgrx::prelude::*;
use serde_json::json;

/// The answer to [`reserve_model_quota`] and [`require_model_quota`].
fn reserve(
    user: Option<pgrx::Uuid>,
    model_id: Option<&str>,
    prompt: Option<i64>,
    completion: Option<i64>,
    key: Option<&str>,
    ttl: Option<Interval>,
) -> Result<Decision, Error> {
    let installation = privileged()?;
    let ttl = quota_arguments::ttl(ttl)?;
    let prompt = tokens("p_prompt_tokens", prompt)?;
    let completion = tokens("p_max_completion_tokens", completion)?;
    let too_many =
        || Error::BadArgument("p_max_completion_tokens", completion.to_string(), "Pass what a model can answer.");
    let ask = Ask {
        user: user.ok_or(Error::NoArgument("user_uuid"))?,
        model: model(model_id)?,
        usage: Usage {
            prompt_tokens: prompt,
            completion_tokens: completion,
            total_tokens: prompt.checked_add(completion).ok_or_else(too_many)?,
            requests: 1,
            ..Usage::default()
        },
        key: quota_arguments::key(key)?,
    };
    let request = ask.request("reserve", json!([prompt, completion, ttl]));
    Ok(quota_arguments::only(admission::admit(&installation, &[request], Admit::Reserve(ttl), session::clock())?))
}

/// Holds an estimate on every limit that concerns the call, all or nothing, until it is settled, released or expires.
///
/// Errors: 42501 unless privileged, 22004, 22023 (negative tokens, a ttl outside 1 s to 24 h), PT409 for a key of another
/// call. Source: docs/design.md, "Quota engine".
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.reserve_model_quota(
    user_uuid uuid, p_model_id text, p_prompt_tokens bigint, p_max_completion_tokens bigint,
    p_idempotency_key text DEFAULT NULL, p_ttl interval DEFAULT '10 minutes'
) RETURNS model_access.quota_decision
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn reserve_model_quota(
    user_uuid: Option<pgrx::Uuid>,
    p_model_id: Option<&str>,
    p_prompt_tokens: Option<i64>,
    p_max_completion_tokens: Option<i64>,
    p_idempotency_key: Option<&str>,
    p_ttl: Option<Interval>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<Composite> {
    Reply::of(|| {
        let decision =
            reserve(user_uuid, p_model_id, p_prompt_tokens, p_max_completion_tokens, p_idempotency_key, p_ttl)?;
        quota_answer::decision(fcinfo, &decision)
    })
}

/// As [`reserve_model_quota`], with a refusal raised as PostgREST reads it: 403, 402, or 429 with Retry-After.
///
/// Errors: as there, and PGRST.
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.require_model_quota(
    user_uuid uuid, p_model_id text, p_prompt_tokens bigint, p_max_completion_tokens bigint,
    p_idempotency_key text DEFAULT NULL, p_ttl interval DEFAULT '10 minutes'
) RETURNS model_access.quota_decision
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn require_model_quota(
    user_uuid: Option<pgrx::Uuid>,
    p_model_id: Option<&str>,
    p_prompt_tokens: Option<i64>,
    p_max_completion_tokens: Option<i64>,
    p_idempotency_key: Option<&str>,
    p_ttl: Option<Interval>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<Composite> {
    Reply::of(|| {
        let decision =
            reserve(user_uuid, p_model_id, p_prompt_tokens, p_max_completion_tokens, p_idempotency_key, p_ttl)?;
        if !decision.is_allowed() {
            return Err(quota_answer::refusal(&decision).into());
        }
        quota_answer::decision(fcinfo, &decision)
    })
}

/// Stores the actual usage of a reserved call, in full, once; also after it expired or was released.
///
/// Errors: 42501 unless privileged, 22004, 22023 for usage that makes no sense, PT404 for an unknown reservation, PT409 when
/// other usage settled it. Source: docs/design.md, "Quota engine".
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.settle_model_quota(p_reservation_id uuid, p_usage jsonb)
RETURNS model_access.usage_receipt
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn settle_model_quota(
    p_reservation_id: Option<pgrx::Uuid>,
    p_usage: Option<Jsonb>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<Composite> {
    Reply::of(|| {
        let installation = privileged()?;
        let id = p_reservation_id.ok_or(Error::NoArgument("p_reservation_id"))?;
        let (used, fingerprint) = quota_arguments::usage(p_usage)?;
        let receipt = reservations::settle(&installation, id, &used, fingerprint, session::clock())?;
        quota_answer::receipt(fcinfo, receipt)
    })
}

/// Gives a reservation back without usage; does nothing to one that is settled, released or expired.
///
/// Errors: 42501 unless privileged, 22004, PT404.
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.release_model_quota(p_reservation_id uuid)
RETURNS model_access.quota_decision
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn release_model_quota(p_reservation_id: Option<pgrx::Uuid>, fcinfo: pg_sys::FunctionCallInfo) -> Reply<Composite> {
    Reply::of(|| {
        let installation = privileged()?;
        let id = p_reservation_id.ok_or(Error::NoArgument("p_reservation_id"))?;
        let decision = reservations::release(&installation, id, session::clock())?;
        quota_answer::decision(fcinfo, &decision)
    })
}

/// Lets a live reservation live until `p_ttl` from now; never makes its life shorter.
///
/// Errors: 42501 unless privileged, 22004, 22023 for a ttl outside 1 s to 24 h, PT404, PT410 when it no longer lives.
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.extend_model_quota(p_reservation_id uuid, p_ttl interval)
RETURNS model_access.quota_decision
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn extend_model_quota(
    p_reservation_id: Option<pgrx::Uuid>,
    p_ttl: Option<Interval>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<Composite> {
    Reply::of(|| {
        let installation = privileged()?;
        let id = p_reservation_id.ok_or(Error::NoArgument("p_reservation_id"))?;
        let decision = reservations::extend(&installation, id, quota_arguments::ttl(p_ttl)?, session::clock)?;
        quota_answer::decision(fcinfo, &decision)
    })
}

/// Takes back what expired reservations hold, of at most `p_batch`; deletes answers and reservations that are kept no longer.
///
/// Returns how many expired. Nothing depends on it: an expired hold does not count. Errors: 42501, 22023.
#[pg_extern(volatile, parallel_unsafe)]
fn expire_reservations(p_batch: default!(Option<i32>, 1000)) -> Reply<i32> {
    Reply::of(|| {
        let installation = privileged()?;
        let batch = p_batch.ok_or(Error::NoArgument("p_batch"))?;
        if !(1..=100_000).contains(&batch) {
            return Err(Error::BadArgument("p_batch", batch.to_string(), "Pass 1 to 100000."));
        }
        let now = session::clock();
        let expired = reservations::expire(&installation, batch, now)?;
        operators::purge(&installation, batch, now);
        Ok(i32::try_from(expired).unwrap_or(i32::MAX))
    })
}
