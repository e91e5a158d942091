//! May this call be made now: check and consume.

use super::quota_answer;
use super::quota_arguments::{Ask, bare, model, privileged, tokens};
use super::{caller, quota_arguments};
use crate::error::Error;
use crate::pg::composite::Composite;
use crate::pg::jsonb::Jsonb;
use crate::pg::{Reply, session};
use crate::store::installation::Installation;
use crate::store::quota::TABLES;
use crate::store::quota::admission::{self, Admit};
use pgrx::JsonB;
use pgrx::prelude::*;
use serde_json::Value;

/// Whether a call may be made now, and if not, why and when. Changes nothing.
///
/// `p_tokens` is an estimate; 0 asks whether any is left. Errors: 42501 for a foreign user or without one, 22004, 22023.
/// Source: docs/design.md, "Quota engine".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.check_model_quota(user_uuid uuid, p_model_id text, p_tokens bigint DEFAULT 0)
RETURNS model_access.quota_decision
STABLE PARALLEL RESTRICTED LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn check_model_quota(
    user_uuid: Option<pgrx::Uuid>,
    p_model_id: Option<&str>,
    p_tokens: Option<i64>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<Composite> {
    Reply::of(|| {
        let installation = Installation::with(&TABLES)?;
        let user = caller::user_served(&installation, user_uuid)?;
        let usage = bare(tokens("p_tokens", p_tokens)?, 1);
        let request = Ask { user, model: model(p_model_id)?, usage, key: None }.request("check", Value::Null);
        let decision = admission::check(&installation, &request, session::clock())?;
        quota_answer::decision(fcinfo, &decision)
    })
}

/// Admits a call and stores its usage at once: for calls whose usage is known before they are made.
///
/// Errors: 42501 unless privileged, 22004, 22023, PT409 for a key of another call. Source: docs/design.md, "Quota engine".
#[pg_extern(
    volatile,
    parallel_unsafe,
    sql = "
CREATE FUNCTION model_access.consume_model_quota(
    user_uuid uuid, p_model_id text, p_tokens bigint, p_requests integer DEFAULT 1, p_idempotency_key text DEFAULT NULL
) RETURNS model_access.quota_decision
VOLATILE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn consume_model_quota(
    user_uuid: Option<pgrx::Uuid>,
    p_model_id: Option<&str>,
    p_tokens: Option<i64>,
    p_requests: Option<i32>,
    p_idempotency_key: Option<&str>,
    fcinfo: pg_sys::FunctionCallInfo,
) -> Reply<Composite> {
    Reply::of(|| {
        let installation = privileged()?;
        let ask = Ask {
            user: user_uuid.ok_or(Error::NoArgument("user_uuid"))?,
            model: model(p_model_id)?,
            usage: bare(tokens("p_tokens", p_tokens)?, quota_arguments::requests(p_requests)?),
            key: quota_arguments::key(p_idempotency_key)?,
        };
        let request = ask.request("consume", Value::Null);
        let decisions = admission::admit(&installation, &[request], Admit::Consume, session::clock())?;
        quota_answer::decision(fcinfo, &quota_arguments::only(decisions))
    })
}

/// Admits many calls in one transaction, each by itself, in their order; returns their decisions in that order.
///
/// Items are objects {user_uuid, model_id, tokens, requests, idempotency_key}, at most 1000. Errors: 42501 unless privileged,
/// 22023 for an item that makes no sense, naming its index, 54000 for too many, PT409. Nothing is admitted then.
/// Source: docs/design.md, "Quota engine".
#[pg_extern(volatile, parallel_unsafe)]
fn consume_model_quota_batch(p_items: Option<Jsonb>) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = privileged()?;
        let items = p_items.ok_or(Error::NoArgument("p_items"))?;
        let asks = quota_arguments::batch(&items)?;
        let requests: Vec<_> = asks.iter().map(|ask| ask.request("consume", Value::Null)).collect();
        let decisions = admission::admit(&installation, &requests, Admit::Consume, session::clock())?;
        Ok::<_, Error>(JsonB(Value::Array(decisions.iter().map(quota_answer::decision_json).collect())))
    })
}
