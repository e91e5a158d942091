//! Token quotas of system models as seed 002 asks for them: the engine's decisions in the seed's shape.

use super::caller;
use super::quota_arguments::{Ask, bare, only, privileged, requests};
use crate::error::Error;
use crate::pg::{Reply, session};
use crate::store::installation::Installation;
use crate::store::quota::TABLES;
use crate::store::quota::admission::{self, Admit};
use crate::store::quota::organization_months;
use model_access_domain::decision::{Decision, Figures};
use model_access_domain::limit::{Scope, TOKEN_LIMIT};
use model_access_domain::system_model::PREFIX;
use pgrx::JsonB;
use pgrx::prelude::*;
use serde_json::{Map, Value, json};

/// The call that the arguments are about. 22004, 22023 for a number of tokens that is not positive.
fn ask(user: pgrx::Uuid, model: Option<i64>, tokens: Option<i32>, count: Option<i32>) -> Result<Ask, Error> {
    let model = model.ok_or(Error::NoArgument("p_model_id"))?;
    let tokens = tokens.ok_or(Error::NoArgument("p_tokens"))?;
    if tokens <= 0 {
        return Err(Error::BadArgument("p_tokens", tokens.to_string(), "Pass 1 or more tokens."));
    }
    Ok(Ask { user, model: format!("{PREFIX}{model}"), usage: bare(tokens.into(), requests(count)?), key: None })
}

/// Whose limit it is, in the seed's words: a gate is the model's, a limit of quota_limits the organisation's or the user's.
fn scope(found: Option<&Figures>) -> &'static str {
    match found {
        None => "model",
        Some(found) if found.limit_name == TOKEN_LIMIT => "user",
        Some(found) if found.scope == Scope::Organization.word() => "org",
        Some(_) => "user",
    }
}

/// A decision in the seed's shape: `current_usage` is used and held, the sum that counts.
fn in_seeds_shape(decision: &Decision) -> Map<String, Value> {
    let found = decision.figures.as_ref();
    let number = |text: String| text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number));
    let object = json!({
        "allowed": decision.is_allowed(),
        "reason": decision.reason.map(|reason| reason.word()),
        "scope": scope(found),
        "current_usage": found.map(|found| number((&found.used + &found.held).normalized().to_plain_string())),
        "limit": found.and_then(|found| found.limit_amount.as_ref()).map(|limit| number(limit.normalized().to_plain_string())),
        "resets_at": found.and_then(|found| found.resets_at).map(session::iso_8601),
    });
    if let Value::Object(object) = object { object } else { Map::new() }
}

/// Whether a call of a system model may use so many tokens now. Changes nothing.
///
/// Returns {allowed, reason, scope, current_usage, limit, resets_at}; `scope` is model, org or user. Errors: 42501 for a foreign
/// user or without one, 22004, 22023 unless `p_tokens` is positive. Source: seed 002; docs/design.md, "System models".
#[pg_extern(stable, parallel_restricted)]
fn check_token_quota(p_user_id: Option<pgrx::Uuid>, p_model_id: Option<i64>, p_tokens: Option<i32>) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = Installation::with(&TABLES)?;
        let user = caller::user_served(&installation, p_user_id)?;
        let request = ask(user, p_model_id, p_tokens, Some(1))?.request("check", Value::Null);
        let decision = admission::check(&installation, &request, session::clock())?;
        Ok::<_, Error>(JsonB(Value::Object(in_seeds_shape(&decision))))
    })
}

/// Admits a call of a system model and stores its tokens at once.
///
/// Returns {recorded, usage_id} and what `check_token_quota` returns, after the call; `usage_id` is the row of `ai_model_usage`.
/// Errors: 42501 unless privileged, 22004, 22023. Source: seed 002; docs/design.md, "System models".
#[pg_extern(volatile, parallel_unsafe)]
fn record_token_usage(
    p_user_id: Option<pgrx::Uuid>,
    p_model_id: Option<i64>,
    p_tokens: Option<i32>,
    p_requests: default!(Option<i32>, "1"),
) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = privileged()?;
        let user = p_user_id.ok_or(Error::NoArgument("p_user_id"))?;
        let request = ask(user, p_model_id, p_tokens, p_requests)?.request("consume", Value::Null);
        let decision = only(admission::admit(&installation, &[request], Admit::Consume, session::clock())?);
        let mut object = in_seeds_shape(&decision);
        object.insert("recorded".to_owned(), json!(decision.is_allowed()));
        object.insert("usage_id".to_owned(), json!(decision.system_usage_id));
        Ok::<_, Error>(JsonB(Value::Object(object)))
    })
}

/// Begins the months of organisations anew that are over, in what `organizations` shows; returns how many were.
///
/// Quotas need no such job: every call counts in the month of its instant. It also shows what organisations have used whose
/// counters are split. Errors: 42501 unless privileged, 55000 without system models. Source: seed 002; docs/design.md,
/// "System models".
#[pg_extern(volatile, parallel_unsafe)]
fn reset_monthly_quotas() -> Reply<i32> {
    Reply::of(|| {
        let installation = privileged()?;
        installation.require_owned(&[c"ai_model_usage"])?;
        let over = organization_months::roll(&installation, session::clock())?;
        Ok::<_, Error>(i32::try_from(over).unwrap_or(i32::MAX))
    })
}
