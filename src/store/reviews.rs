//! Verdicts on models: many at once, each with its answer and its row of the audit log.

use super::audit::{self, Author, Decision as Noted};
use super::installation::Installation;
use crate::error::{Error, shown};
use crate::pg::jsonb::{Container, Item, JsonValue};
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::statement;
use model_access_domain::review_decision::{Decision, Refusal};
use pgrx::{Uuid, pg_sys};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::ffi::CStr;

statement!(DECIDE, include_str!("../../sql/queries/review_decide.sql"));

/// The tables of the review.
pub const TABLES: [&CStr; 6] = [
    c"model_access",
    c"model_price_history",
    c"model_review_items",
    c"model_access_notices",
    c"model_review_rules",
    c"model_catalogue_version",
];

/// More verdicts than this are no review: OpenRouter lists about 500 models.
pub const MAX_DECISIONS: usize = 10_000;
/// Nor is a document of this size: a verdict has some 200 bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A verdict, and whose it is.
pub struct Verdict {
    /// What is decided.
    pub decision: Decision,
    /// By whom, and why.
    pub author: Author,
}

/// What became of a verdict.
struct Outcome {
    old: Value,
    new: Value,
    resolved: Vec<String>,
}

/// Writes verdicts on different models and what the audit log says of them; returns the models that there are.
pub fn decide(now: pg_sys::TimestampTz, by: Option<Uuid>, verdicts: &[Verdict]) -> HashSet<String> {
    if verdicts.is_empty() {
        return HashSet::new();
    }
    let outcomes = written(now, by, verdicts);
    let noted = verdicts.iter().filter_map(|Verdict { decision, author }| {
        let Outcome { old, new, resolved } = outcomes.get(&decision.model_id)?;
        let mut new = new.clone();
        if let (Some(new), false) = (new.as_object_mut(), resolved.is_empty()) {
            new.insert("resolved".to_owned(), json!(resolved));
        }
        let (action, id) = ("model_reviewed", decision.model_id.as_str());
        let noted =
            Noted { action, resource_type: "model", resource_id: id, organization: None, old: old.clone(), new };
        (noted.old != noted.new).then_some((noted, author))
    });
    audit::note_models(noted.collect());
    outcomes.into_keys().collect()
}

fn written(now: pg_sys::TimestampTz, by: Option<Uuid>, verdicts: &[Verdict]) -> HashMap<String, Outcome> {
    let decisions = || verdicts.iter().map(|verdict| &verdict.decision);
    let flags = |of: fn(&Decision) -> Option<bool>| arg(decisions().map(of).collect::<Vec<_>>());
    let args = [
        timestamp_arg(now),
        arg(by),
        arg(decisions().map(|decision| decision.model_id.clone()).collect::<Vec<_>>()),
        arg(decisions().map(|decision| decision.status.clone()).collect::<Vec<_>>()),
        flags(|decision| decision.is_free),
        flags(|decision| decision.is_pro),
        flags(|decision| decision.is_enterprise),
    ];
    let json = |row: &Row, position| row.get::<JsonValue>(position).and_then(|json| json.0).unwrap_or_default();
    let read = |row: &Row| {
        let resolved = row.get::<Vec<Option<String>>>(4).unwrap_or_default().into_iter().flatten().collect();
        (row.get::<String>(1).unwrap_or_default(), Outcome { old: json(row, 2), new: json(row, 3), resolved })
    };
    DECIDE.with(|query| query.rows(Snapshot::Latest, &args, read)).into_iter().collect()
}

/// Carries out a list of verdicts and answers each in its place. What is wrong with one is no matter to the others.
pub fn review(
    installation: &Installation,
    list: Container<'_>,
    author: &Author,
    by: Option<Uuid>,
    now: pg_sys::TimestampTz,
) -> Result<Value, Error> {
    if list.len() > MAX_DECISIONS {
        return Err(Error::TooManyItems(list.len(), MAX_DECISIONS));
    }
    let mut answers = Vec::with_capacity(list.len());
    let mut seen = HashSet::new();
    let mut verdicts = Vec::new();
    for item in list.elements() {
        session::check_for_interrupts();
        let decision = item.to_value().ok_or(Refusal::TooDeep).and_then(|value| Decision::of_json(&value));
        let outcome = decision.and_then(|decision| {
            if !seen.insert(decision.model_id.clone()) {
                return Err(Refusal::Twice);
            }
            let author = author.because(decision.reason.clone());
            verdicts.push(Verdict { decision, author });
            Ok(())
        });
        answers.push((named(item), outcome));
    }
    let known = installation.as_owner(|| decide(now, by, &verdicts));
    let told = answers.into_iter().map(|(model, outcome)| {
        let outcome = outcome.and_then(|()| {
            let is_known = model.is_some_and(|model| known.contains(model));
            if is_known { Ok(()) } else { Err(Refusal::UnknownModel) }
        });
        let model = model.map(|model| shown(model.to_owned()));
        match outcome {
            Ok(()) => json!({ "model_id": model, "success": true }),
            Err(refusal) => json!({ "model_id": model, "success": false, "error": shown(refusal.to_string()) }),
        }
    });
    Ok(told.collect())
}

/// The model that an element names, if it does.
fn named(item: Item<'_>) -> Option<&str> {
    match item {
        Item::Object(object) => match object.get("model_id") {
            Some(Item::String(id)) => Some(id),
            _ => None,
        },
        _ => None,
    }
}
