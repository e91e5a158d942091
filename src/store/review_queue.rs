//! What a person has to look at, the most urgent first.

use super::installation::Installation;
use super::review_rules;
use crate::pg::jsonb::JsonValue;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::{planned_anew, statement};
use model_access_domain::alarm::{Alarm, Finding};
use model_access_domain::pricing::Pricing;
use model_access_domain::review_rule::{self, Candidate, Rule};
use model_access_domain::review_summary::Facts;
use pgrx::pg_sys::TimestampTz;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::HashMap;

statement!(QUEUE, include_str!("../../sql/queries/review_queue.sql"));
statement!(ITEMS_OPEN, include_str!("../../sql/queries/review_items_open.sql"));
planned_anew!(USERS, include_str!("../../sql/queries/review_users.sql"));

/// So long ago usage counts.
pub const RECENT_US: i64 = 30 * 24 * 60 * 60 * 1_000_000;

/// A model of the queue.
pub struct Entry {
    /// Its id.
    pub model_id: String,
    /// Its name.
    pub model_name: String,
    /// Its status.
    pub status: String,
    /// Why it is here.
    pub reasons: Vec<&'static str>,
    /// The same in words.
    pub summary: String,
    /// Since when, for the oldest reason.
    pub since: TimestampTz,
    /// How many users called it lately.
    pub users: i64,
    /// What the rules suggest, and the rule's name.
    pub suggestion: Option<(Value, String)>,
}

/// A row of the catalogue that may have to be reviewed.
struct Listed {
    model_id: String,
    model_name: String,
    status: String,
    modality: Option<String>,
    pricing: Option<Pricing>,
    expires: Option<String>,
    came_at: TimestampTz,
    expiring_since: TimestampTz,
}

fn listed(row: &Row) -> Option<Listed> {
    let text = |position| row.get::<String>(position);
    let status = text(3)?;
    // Of a model that nobody can use, it is no news.
    let concerns = ["new", "active"].contains(&status.as_str());
    Some(Listed {
        model_id: text(1)?,
        model_name: text(2).unwrap_or_default(),
        modality: text(4),
        pricing: review_rules::pricing(row, 5),
        expires: text(6).filter(|_| concerns),
        came_at: row.timestamp(7).unwrap_or_default(),
        expiring_since: row.timestamp(8).unwrap_or_default(),
        status,
    })
}

/// The open items of a model, and when each was raised.
type Items = Vec<(Finding, TimestampTz)>;

fn open_items() -> HashMap<String, Items> {
    let json = |row: &Row, position| row.get::<JsonValue>(position).and_then(|json| json.0);
    let read = |row: &Row| {
        let alarm = Alarm::of_word(&row.get::<String>(2)?)?;
        let finding = Finding { alarm, old: json(row, 3), new: json(row, 4).unwrap_or_default() };
        Some((row.get::<String>(1)?, (finding, row.timestamp(5)?)))
    };
    let mut items: HashMap<String, Items> = HashMap::new();
    for (model, item) in ITEMS_OPEN.with(|query| query.rows(Snapshot::Callers, &[], read)).into_iter().flatten() {
        items.entry(model).or_default().push(item);
    }
    items
}

/// How many users called some models since an instant; nobody where there is no ledger.
fn users(ids: Vec<String>, since: TimestampTz) -> HashMap<String, i64> {
    if ids.is_empty() || session::own_public_relation(c"ai_usage").is_none() {
        return HashMap::new();
    }
    let args = [arg(ids), timestamp_arg(since)];
    let read = |row: &Row| Some((row.get::<String>(1)?, row.get::<i64>(2)?));
    USERS.with(|query| query.rows(Snapshot::Callers, &args, read)).into_iter().flatten().collect()
}

/// The queue at an instant.
pub fn at(installation: &Installation, now: TimestampTz) -> Vec<Entry> {
    installation.as_owner(|| {
        let rules = review_rules::all(Snapshot::Callers);
        let mut items = open_items();
        let rows: Vec<Listed> =
            QUEUE.with(|query| query.rows(Snapshot::Callers, &[], listed)).into_iter().flatten().collect();
        let ids = rows.iter().map(|row| row.model_id.clone()).collect();
        let users = users(ids, now.saturating_sub(RECENT_US));
        let mut queue = Vec::with_capacity(rows.len());
        for row in rows {
            session::check_for_interrupts();
            let items = items.remove(&row.model_id).unwrap_or_default();
            let calling = users.get(&row.model_id).copied().unwrap_or_default();
            queue.push(entry(row, items, calling, &rules));
        }
        queue.sort_by(|(left_rank, left), (right_rank, right)| {
            let key = |entry: &Entry| (Reverse(entry.users), entry.model_id.clone());
            left_rank.cmp(right_rank).then_with(|| key(left).cmp(&key(right)))
        });
        queue.into_iter().map(|(_, entry)| entry).collect()
    })
}

fn entry(row: Listed, items: Items, users: i64, rules: &[Rule]) -> (impl Ord + use<>, Entry) {
    let is_new = row.status == "new";
    let since = since(&row, &items, is_new);
    let findings = items.into_iter().map(|(finding, _)| finding).collect();
    let facts = Facts { is_new, findings, expires: row.expires };
    let candidate =
        Candidate { model_id: &row.model_id, modality: row.modality.as_deref(), pricing: row.pricing.as_ref() };
    let rule = is_new.then(|| review_rule::first(rules, &candidate)).flatten();
    let suggestion = rule.map(|rule| (rule.decision(&row.model_id), rule.name.clone()));
    let entry = Entry {
        reasons: facts.reasons(),
        summary: facts.summary(),
        since,
        users,
        suggestion,
        model_id: row.model_id,
        model_name: row.model_name,
        status: row.status,
    };
    (facts.urgency(), entry)
}

/// Since when the oldest reason holds. One that came back is new since then, not since it first came.
fn since(row: &Listed, items: &Items, is_new: bool) -> TimestampTz {
    let returned = items.iter().find(|(finding, _)| finding.alarm == Alarm::Returned).map(|(_, raised)| *raised);
    let new = is_new.then(|| returned.unwrap_or(row.came_at));
    let expiring = row.expires.as_ref().map(|_| row.expiring_since);
    let raised = items.iter().map(|(_, raised)| *raised);
    raised.chain(new).chain(expiring).min().unwrap_or(row.came_at)
}
