//! Which of several agents is called.

use super::breakers;
use super::settings;
use crate::pg::arrays::texts_arg;
use crate::pg::spi::{Row, Snapshot, timestamp_arg};
use crate::statement;
use crate::store::installation::Installation;
use model_access_domain::agent::{Candidate, pick};
use model_access_domain::window::Instant;

statement!(CANDIDATES, include_str!("../../../sql/queries/agent_candidates.sql"));

/// Calls that began earlier say nothing of how quick an agent is now: an hour, in microseconds.
const RECENT: i64 = 3_600_000_000;

/// Of enabled agents whose breakers let calls through, the one that is to be called; `None` when there is none.
pub fn picked(installation: &Installation, names: &[String], now: Instant) -> Option<String> {
    let args = [texts_arg(names.iter().map(|name| Some(name.as_str()))), timestamp_arg(now.saturating_sub(RECENT))];
    let read = |row: &Row| {
        let breaker = breakers::read(row, 3).unwrap_or_default();
        let passes = breaker.passes(&settings(row, 2), now).is_ok();
        let candidate = Candidate { latency: row.get::<i64>(8), running: row.get::<i64>(9).unwrap_or_default() };
        passes.then_some((row.get::<String>(1)?, candidate))
    };
    let found = installation.as_owner(|| CANDIDATES.with(|query| query.rows(Snapshot::Callers, &args, read)));
    let (names, candidates): (Vec<String>, Vec<Candidate>) = found.into_iter().flatten().unzip();
    pick(&candidates).and_then(|place| names.into_iter().nth(place))
}
