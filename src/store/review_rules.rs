//! Rules for models that nobody has reviewed: what they suggest, and what a sync does of it.

use super::audit::Author;
use super::installation::Installation;
use super::reviews::{self, Verdict};
use crate::pg::jsonb::JsonValue;
use crate::pg::spi::{Row, Snapshot, arg};
use crate::statement;
use model_access_domain::limit::Amount;
use model_access_domain::pricing::Pricing;
use model_access_domain::review_decision::Decision;
use model_access_domain::review_rule::{self, Candidate, Rule};
use pgrx::pg_sys;
use std::str::FromStr;

statement!(RULES, include_str!("../../sql/queries/review_rules.sql"));
statement!(CANDIDATES, include_str!("../../sql/queries/review_candidates.sql"));

/// What a rule suggests about a model of status `new`.
pub struct Suggestion {
    /// The model.
    pub model_id: String,
    /// Its name.
    pub model_name: String,
    /// The kinds of its open review items.
    pub alarms: Vec<String>,
    /// The rule that decides.
    pub rule: Rule,
}

/// Every rule.
pub fn all(snapshot: Snapshot) -> Vec<Rule> {
    RULES.with(|query| query.rows(snapshot, &[], rule))
}

fn rule(row: &Row) -> Rule {
    let text = |position| row.get::<String>(position);
    let flag = |position| row.get::<bool>(position).unwrap_or_default();
    let amount = |position| text(position).and_then(|text| Amount::from_str(&text).ok());
    Rule {
        id: row.get::<i64>(1).unwrap_or_default(),
        name: text(2).unwrap_or_default(),
        priority: row.get::<i32>(3).unwrap_or_default(),
        model_pattern: text(4).unwrap_or_default(),
        modality: text(5),
        max_prompt_price: amount(6),
        max_completion_price: amount(7),
        status: text(8).unwrap_or_default(),
        is_free: flag(9),
        is_pro: flag(10),
        is_enterprise: flag(11),
        auto_apply: flag(12),
        enabled: flag(13),
    }
}

/// The prices of a pricing object in a row, where they are known.
pub fn pricing(row: &Row, position: i32) -> Option<Pricing> {
    row.get::<JsonValue>(position)?.0.and_then(|object| Pricing::of_json(&object).ok())
}

/// What rules suggest about models of status `new`: all of them, or some.
fn suggestions(snapshot: Snapshot, rules: &[Rule], ids: Option<Vec<String>>) -> Vec<Suggestion> {
    let suggestion = |row: &Row| {
        let (model_id, modality) = (row.get::<String>(1)?, row.get::<String>(3));
        let pricing = pricing(row, 4);
        let candidate = Candidate { model_id: &model_id, modality: modality.as_deref(), pricing: pricing.as_ref() };
        let rule = review_rule::first(rules, &candidate)?.clone();
        let alarms = row.get::<Vec<Option<String>>>(5).unwrap_or_default().into_iter().flatten().collect();
        Some(Suggestion { model_name: row.get::<String>(2).unwrap_or_default(), alarms, rule, model_id })
    };
    CANDIDATES.with(|query| query.rows(snapshot, &[arg(ids)], suggestion)).into_iter().flatten().collect()
}

/// What the rules suggest now, by model.
pub fn preview(installation: &Installation) -> Vec<Suggestion> {
    installation.as_owner(|| suggestions(Snapshot::Callers, &all(Snapshot::Callers), None))
}

/// Applies the rules that may be applied by themselves to models that a sync added or that came back.
pub fn apply(now: pg_sys::TimestampTz, ids: Vec<String>) {
    if ids.is_empty() {
        return;
    }
    let rules = all(Snapshot::Latest);
    if !rules.iter().any(|rule| rule.enabled && rule.auto_apply) {
        return;
    }
    let verdicts: Vec<Verdict> = suggestions(Snapshot::Latest, &rules, Some(ids))
        .into_iter()
        .filter(|suggestion| suggestion.rule.auto_apply && review_rule::may_apply(&suggestion.alarms))
        .filter_map(|Suggestion { model_id, rule, .. }| {
            let decision = Decision::of_json(&rule.decision(&model_id)).ok()?;
            Some(Verdict { author: Author::of_rule(&rule.name), decision })
        })
        .collect();
    reviews::decide(now, None, &verdicts);
}
