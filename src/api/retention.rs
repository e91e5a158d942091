//! What the ledger keeps, and for how long.

use super::caller::require_privileged;
use crate::error::Error;
use crate::pg::{Reply, session};
use crate::store::installation::Installation;
use crate::store::usage_retention;
use pgrx::JsonB;
use pgrx::datum::Interval;
use pgrx::prelude::*;
use serde_json::{Value, json};

/// Makes the ledger's partitions ahead, and drops those that are older than `p_keep` and that no open window needs. Their sums
/// are kept in `ai_usage_folded`.
///
/// An array of `{partition, action, rows}`. NULL drops nothing. Errors: 42501 unless privileged, 22023 for less than a month,
/// 55000 under REPEATABLE READ and SERIALIZABLE, 55P03. Source: docs/operations.md, "Retention".
#[pg_extern(volatile, parallel_unsafe)]
fn maintain_usage_partitions(p_keep: default!(Option<Interval>, "NULL")) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = Installation::with(&[c"ai_usage", c"ai_usage_folded"])?;
        require_privileged(&installation)?;
        if session::public_relation(c"quota_limits").is_some() {
            installation.require_owned(&[c"quota_limits", c"quota_usage"])?;
        }
        let lines = usage_retention::maintain(&installation, p_keep, session::clock())?;
        let line = |line: usage_retention::Line| json!({ "partition": line.partition, "action": line.action, "rows": line.rows });
        Ok::<_, Error>(JsonB(Value::Array(lines.into_iter().map(line).collect())))
    })
}
