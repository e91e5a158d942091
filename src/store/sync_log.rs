//! The record of a sync: its row in `model_sync_log` and its answer to the caller.

use super::feed::Rejected;
use crate::pg::session;
use crate::pg::spi::{arg, timestamp_arg};
use crate::statement;
use model_access_domain::change::Change;
use pgrx::Uuid;
use serde_json::{Map, Value, json};

statement!(SYNC_LOG_INSERT, include_str!("../../sql/queries/sync_log_insert.sql"));

/// As many rejected elements are listed in the log and in the answer.
const LISTED_REJECTIONS: usize = 20;

/// Counts of a run. The first six are disjoint and sum to `total`.
#[derive(Default)]
pub struct Counts {
    /// New ids.
    pub added: usize,
    /// Known models of which something stored changed.
    pub updated: usize,
    /// Known models of which nothing changed.
    pub unchanged: usize,
    /// Inactive models that came back.
    pub reactivated: usize,
    /// Elements that cannot be stored.
    pub rejected: usize,
    /// Elements whose id comes again later.
    pub duplicate: usize,
    /// Elements in the feed.
    pub total: usize,
    /// Models that the feed no longer has.
    pub marked_inactive: usize,
}

impl Counts {
    /// Counts one accepted element.
    pub fn count(&mut self, change: Change) {
        *match change {
            Change::Added => &mut self.added,
            Change::Updated => &mut self.updated,
            Change::Unchanged => &mut self.unchanged,
            Change::Reactivated => &mut self.reactivated,
        } += 1;
    }
}

/// A run and its outcome.
pub struct Run {
    /// Key of its log row.
    pub id: Uuid,
    /// Wall clock at the start.
    pub started: i64,
    /// What it did.
    pub counts: Counts,
    /// Why it failed; `None` when it completed.
    pub error: Option<String>,
    /// What the log keeps beside the message.
    pub details: Option<Value>,
    /// What the server answered, of a run that asked one.
    pub http_status: Option<u16>,
}

impl Run {
    /// A run that has only begun.
    pub fn began(id: Uuid, started: i64) -> Self {
        Self { id, started, counts: Counts::default(), error: None, details: None, http_status: None }
    }
}

/// The first rejected elements as JSON; `None` when there are none.
pub fn rejected_details(rejected: &[Rejected]) -> Option<Value> {
    let listed = rejected.iter().take(LISTED_REJECTIONS).map(
        |rejection| json!({ "index": rejection.index, "id": rejection.id, "reason": rejection.reason.to_string() }),
    );
    (!rejected.is_empty()).then(|| json!({ "rejected": listed.collect::<Vec<_>>() }))
}

/// Writes the log row and returns the answer.
pub fn write(run: &Run) -> Value {
    let completed = session::clock();
    let duration_ms = (completed.saturating_sub(run.started).max(0) + 999) / 1000;
    let number = |count: usize| arg(i32::try_from(count).unwrap_or(i32::MAX));
    let counts = &run.counts;
    SYNC_LOG_INSERT.with(|query| {
        query.execute(&[
            arg(run.id),
            timestamp_arg(run.started),
            timestamp_arg(completed),
            arg(if run.error.is_none() { "completed" } else { "failed" }),
            number(counts.total),
            number(counts.added),
            number(counts.updated),
            number(counts.unchanged),
            number(counts.reactivated),
            number(counts.rejected),
            number(counts.duplicate),
            number(counts.marked_inactive),
            arg(i32::try_from(duration_ms).unwrap_or(i32::MAX)),
            arg(run.error.clone()),
            arg(run.details.as_ref().map(Value::to_string)),
            arg(run.http_status.map(i32::from)),
        ])
    });
    answer(run, duration_ms)
}

fn answer(run: &Run, duration_ms: i64) -> Value {
    let mut answer = Map::new();
    let mut put = |key: &str, value: Value| answer.insert(key.to_owned(), value);
    put("success", json!(run.error.is_none()));
    put("sync_log_id", json!(run.id.to_string()));
    if let Some(error) = &run.error {
        put("error", json!(error));
    } else {
        let counts = &run.counts;
        put("total_processed", json!(counts.total));
        put("models_added", json!(counts.added));
        put("models_updated", json!(counts.updated));
        put("models_unchanged", json!(counts.unchanged));
        put("models_reactivated", json!(counts.reactivated));
        put("models_rejected", json!(counts.rejected));
        put("models_duplicate", json!(counts.duplicate));
        put("models_marked_inactive", json!(counts.marked_inactive));
        put("duration_ms", json!(duration_ms));
    }
    if let Some(rejected) = run.details.as_ref().and_then(|details| details.get("rejected")) {
        put("rejected", rejected.clone());
    }
    Value::Object(answer)
}
