//! The review of models: what waits for a person, what rules suggest, and verdicts on many at once.

use super::caller;
use crate::error::Error;
use crate::pg::jsonb::{Item, Jsonb};
use crate::pg::{Reply, session};
use crate::store::audit::Author;
use crate::store::installation::Installation;
use crate::store::{review_queue, review_rules, reviews};
use pgrx::JsonB;
use pgrx::prelude::*;
use serde_json::Value;

/// Model, name, rule, its name, whether a sync applies it, open alarms, decision.
type Suggestion = (String, String, i64, String, bool, Vec<String>, JsonB);
/// Model, name, status, reasons, summary, since, users, suggestion, rule.
type Queued = (
    String,
    String,
    String,
    Vec<&'static str>,
    String,
    Option<TimestampWithTimeZone>,
    i64,
    Option<JsonB>,
    Option<String>,
);

/// The installation, for whoever may review: 42501 unless privileged or a catalogue admin.
fn as_reviewer() -> Result<Installation, Error> {
    let installation = Installation::current()?;
    caller::require_admin(&installation)?;
    installation.require_owned(&reviews::TABLES)?;
    Ok(installation)
}

/// What the rules suggest now about models of status `new`: a row for each that a rule matches, by id.
///
/// `decision` is an element of what [`review_models`] takes; `alarms` are the kinds of open review items. Errors: 42501 unless the
/// caller is privileged or a catalogue admin. Source: docs/design.md, "Review".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.preview_review_rules()
RETURNS TABLE (
    model_id text, model_name text, rule_id bigint, rule_name text, auto_apply boolean, alarms text[], decision jsonb
)
STABLE PARALLEL RESTRICTED ROWS 100 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn preview_review_rules() -> Reply<TableIterator<'static, Suggestion>> {
    Reply::of(|| {
        let suggestions = review_rules::preview(&as_reviewer()?).into_iter().map(|suggestion| {
            let (rule, decision) = (&suggestion.rule, suggestion.rule.decision(&suggestion.model_id));
            let (name, auto_apply) = (rule.name.clone(), rule.auto_apply);
            let (model, model_name, alarms) = (suggestion.model_id, suggestion.model_name, suggestion.alarms);
            (model, model_name, rule.id, name, auto_apply, alarms, JsonB(decision))
        });
        Ok::<_, Error>(TableIterator::new(suggestions.collect::<Vec<_>>()))
    })
}

/// Carries out verdicts on models, `[{model_id, status, is_free, is_pro, is_enterprise, reason}]`, and resolves their open review
/// items. Returns `[{model_id, success, error}]` in the same order.
///
/// NULL is an empty list. What is missing or null stays as it is. A row of the audit log for each that changes or resolves
/// anything. Errors: 42501 unless the caller is privileged or a catalogue admin, 22023 for no array, 54000 beyond 10,000
/// elements or 16 MiB. Source: docs/design.md, "Review".
#[pg_extern(volatile, parallel_unsafe)]
fn review_models(p_decisions: Option<Jsonb>) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = as_reviewer()?;
        // What jsonb_agg() makes of no suggestion at all.
        let Some(decisions) = p_decisions else { return Ok(JsonB(Value::Array(Vec::new()))) };
        if decisions.bytes() > reviews::MAX_BYTES {
            return Err(Error::TooLarge(decisions.bytes(), reviews::MAX_BYTES));
        }
        let Item::Array(list) = decisions.top() else {
            const RIGHT: &str = "Pass an array of {model_id, status, is_free, is_pro, is_enterprise, reason}.";
            return Err(Error::BadArgument("p_decisions", "no JSON array".to_owned(), RIGHT));
        };
        let (author, by) = (Author::of_call(None)?, caller::signed_in()?);
        reviews::review(&installation, list, &author, by, session::clock()).map(JsonB)
    })
}

/// What waits for a person: models that are new, have alarms, or are active and go away; alarms first, then by recent users.
///
/// Errors: 42501 unless the caller is privileged or a catalogue admin. Source: docs/design.md, "Review".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.get_model_review_queue()
RETURNS TABLE (
    model_id text, model_name text, status text, reasons text[], summary text, since timestamptz, users_30_days bigint,
    suggestion jsonb, suggested_by text
)
STABLE PARALLEL RESTRICTED ROWS 100 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn get_model_review_queue() -> Reply<TableIterator<'static, Queued>> {
    Reply::of(|| {
        let queue = review_queue::at(&as_reviewer()?, session::clock()).into_iter().map(|entry| {
            let since = TimestampWithTimeZone::try_from(entry.since).ok();
            let (suggestion, rule) = entry.suggestion.map(|(decision, rule)| (JsonB(decision), rule)).unzip();
            let (id, name, status) = (entry.model_id, entry.model_name, entry.status);
            (id, name, status, entry.reasons, entry.summary, since, entry.users, suggestion, rule)
        });
        Ok::<_, Error>(TableIterator::new(queue.collect::<Vec<_>>()))
    })
}
