//! What operators watch.

use super::quota_arguments::privileged;
use crate::error::Error;
use crate::pg::{Reply, session};
use crate::store::engine_stats;
use model_access_domain::metrics::{self, Sample};
use pgrx::prelude::*;
use pgrx::{AnyNumeric, JsonB};
use serde_json::{Map, Value};
use std::str::FromStr;

type Stats = TableIterator<'static, (String, JsonB, AnyNumeric, String, String, String)>;

fn samples() -> Result<Vec<Sample>, Error> {
    let installation = privileged()?;
    installation.require_owned(&engine_stats::TABLES)?;
    Ok(engine_stats::samples(&installation, session::clock()))
}

/// Figures about catalogue, limits, reservations and ledger, and what this backend counted: one row per figure and labels.
///
/// Bounded: no more than some 10000 rows of any table but the catalogue are read, and no lock but a reader's is taken.
/// Errors: 42501 unless privileged, 55000. Source: docs/operations.md, "Watching".
#[pg_extern(
    stable,
    parallel_restricted,
    sql = "
CREATE FUNCTION model_access.get_engine_stats()
RETURNS TABLE (name text, labels jsonb, value numeric, kind text, unit text, help text)
STABLE PARALLEL RESTRICTED ROWS 80 LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';
"
)]
fn get_engine_stats() -> Reply<Stats> {
    Reply::of(|| {
        let rows: Vec<_> = samples()?
            .into_iter()
            .map(|sample| {
                let family = sample.family();
                let value = AnyNumeric::from_str(&sample.plain_value()).unwrap_or_default();
                let labels: Map<String, Value> =
                    sample.labels.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
                let words = [family.kind.word(), family.unit, family.help].map(str::to_owned);
                let [kind, unit, help] = words;
                (family.name.to_owned(), JsonB(Value::Object(labels)), value, kind, unit, help)
            })
            .collect();
        Ok::<_, Error>(TableIterator::new(rows))
    })
}

/// As [`get_engine_stats`] in Prometheus's text format, without what only this backend counted.
///
/// Errors: as there. Source: docs/operations.md, "Watching".
#[pg_extern(stable, parallel_restricted)]
fn get_engine_metrics() -> Reply<String> {
    Reply::of(|| Ok::<_, Error>(metrics::exposition(&samples()?)))
}
