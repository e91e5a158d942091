//! Answers that are kept for retries: one per user and idempotency key.

use super::{Instant, places, to_server};
use crate::error::Error;
use crate::lookup;
use crate::pg::arrays::texts_arg;
use crate::pg::jsonb::JsonValue;
use crate::pg::spi::{Snapshot, arg, timestamp_arg};
use model_access_domain::answer;
use model_access_domain::decision::Decision;
use pgrx::Uuid;
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

lookup!(KNOWN, include_str!("../../../sql/queries/quota_requests_known.sql"));
lookup!(INSERT, include_str!("../../../sql/queries/quota_requests_insert.sql"));

/// A call that a retry is to be known by.
#[derive(Clone)]
pub struct Keyed {
    /// For whom.
    pub user: uuid::Uuid,
    /// The caller's key.
    pub key: String,
    /// `consume`, `reserve` or `record`.
    pub operation: &'static str,
    /// Hash of the arguments.
    pub fingerprint: i64,
}

/// The hash of some arguments.
pub fn fingerprint(arguments: &Value) -> i64 {
    i64::from_ne_bytes(xxh3_64(arguments.to_string().as_bytes()).to_ne_bytes())
}

/// The kept answers to calls, in their order. PT409 when a key was used for another call. The keys are locked, so an answer
/// is there or will not come.
pub fn known(calls: &[&Keyed]) -> Result<Vec<Option<Value>>, Error> {
    let mut answers = vec![None; calls.len()];
    if calls.is_empty() {
        return Ok(answers);
    }
    let args = [
        arg(calls.iter().map(|call| to_server(call.user)).collect::<Vec<Uuid>>()),
        texts_arg(calls.iter().map(|call| Some(call.key.as_str()))),
        places(calls.len()),
    ];
    let rows = KNOWN.with(|query| {
        query.rows(Snapshot::Fresh, &args, |row| {
            let place = row.get::<i32>(1).and_then(|place| usize::try_from(place - 1).ok()).unwrap_or_default();
            let result = row.get::<JsonValue>(4).and_then(|result| result.0);
            (place, row.get::<String>(2), row.get::<i64>(3), result)
        })
    });
    for (place, operation, fingerprint, result) in rows {
        let Some((call, answer)) = calls.get(place).zip(answers.get_mut(place)) else { continue };
        if operation.as_deref() != Some(call.operation) || fingerprint != Some(call.fingerprint) {
            return Err(Error::KeyReused(call.key.clone()));
        }
        *answer = Some(result.unwrap_or_default());
    }
    Ok(answers)
}

/// Keeps answers.
pub fn keep<'a>(answers: impl Iterator<Item = (&'a Keyed, Value)>, now: Instant) {
    let answers: Vec<(&Keyed, String)> = answers.map(|(call, value)| (call, value.to_string())).collect();
    if answers.is_empty() {
        return;
    }
    let args = [
        arg(answers.iter().map(|(call, _)| to_server(call.user)).collect::<Vec<Uuid>>()),
        texts_arg(answers.iter().map(|(call, _)| Some(call.key.as_str()))),
        texts_arg(answers.iter().map(|(call, _)| Some(call.operation))),
        arg(answers.iter().map(|(call, _)| call.fingerprint).collect::<Vec<i64>>()),
        texts_arg(answers.iter().map(|(_, result)| Some(result.as_str()))),
        timestamp_arg(now),
    ];
    INSERT.with(|query| query.execute(&args));
}

/// A decision as it is kept.
pub fn of_decision(decision: &Decision) -> Value {
    answer::decision(decision, &|instant| json!(instant))
}
