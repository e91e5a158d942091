//! Forgetting a person.

use super::caller;
use crate::error::Error;
use crate::pg::Reply;
use crate::store::agents;
use crate::store::installation::Installation;
use crate::store::quota::forget;
use pgrx::JsonB;
use pgrx::prelude::*;
use serde_json::{Map, Value};

/// Replaces a person's uuid by a new random one wherever it stands, so that bills and sums stay; his chats, his activity and the
/// answers kept for his retries are deleted. Returns `{table: rows}`; zeros for somebody who is not known.
///
/// Waits for his calls in flight. Errors: 42501 unless privileged, 22004, 22023 for the nil uuid, 40001. Source:
/// docs/reference.md, "Reports".
#[pg_extern(volatile, parallel_unsafe)]
fn forget_user(p_user_id: Option<pgrx::Uuid>) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = Installation::with(&[c"ai_usage", c"user_activity_log"])?;
        caller::require_privileged(&installation)?;
        let person = p_user_id.ok_or(Error::NoArgument("p_user_id"))?;
        if *person.as_bytes() == [0; 16] {
            const RIGHT: &str = "Pass the uuid of a person; the nil uuid stands for the pools of limits.";
            return Err(Error::BadArgument("p_user_id", "the nil uuid".to_owned(), RIGHT));
        }
        let of_agents = agents::forget::forget(&installation, person)?.into_iter();
        let counts = of_agents.chain(forget::forget(&installation, person)?);
        let rows: Map<String, Value> =
            counts.map(|(table, rows)| (table.to_string_lossy().into_owned(), Value::from(rows))).collect();
        Ok(JsonB(Value::Object(rows)))
    })
}
