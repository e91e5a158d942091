//! Breakers as the table has them.

use super::{Agent, Clock, named, to_server};
use crate::error::Error;
use crate::lookup;
use crate::pg::spi::{Row, Snapshot, arg, optional_timestamp_arg, timestamps_arg};
use crate::store::installation::Installation;
use model_access_domain::breaker::{Breaker, Pass, Probe, Settings, State};
use model_access_domain::window::Instant;
use pgrx::Uuid;
use std::ffi::c_int;

lookup!(READ, include_str!("../../../sql/queries/agent_breaker.sql"));
lookup!(LOCK, include_str!("../../../sql/queries/agent_breaker_lock.sql"));
lookup!(WRITE, include_str!("../../../sql/queries/agent_breaker_write.sql"));
lookup!(
    MAKE,
    "INSERT INTO public.circuit_breaker_state (agent_id, state) VALUES ($1, 'closed') ON CONFLICT (agent_id) DO NOTHING"
);

/// Reads a breaker from the columns of a row, from `first` on; `None` without a state.
pub fn read(row: &Row, first: c_int) -> Option<Breaker> {
    let texts = |position| row.get::<Vec<Option<String>>>(position).unwrap_or_default();
    let probe = |(at, execution): (Option<String>, Option<String>)| {
        let execution = execution.and_then(|text| uuid::Uuid::parse_str(&text).ok());
        Some(Probe { at: at?.parse().ok()?, execution })
    };
    Some(Breaker {
        state: State::of_word(&row.get::<String>(first)?),
        failures: row.get::<i64>(first + 1).unwrap_or_default(),
        successes: row.get::<i64>(first + 2).unwrap_or_default(),
        opened_at: row.timestamp(first + 3),
        probes: texts(first + 4).into_iter().zip(texts(first + 5)).filter_map(probe).collect(),
    })
}

/// The breaker of an agent as it is now, unlocked; a closed one where there is no row.
pub fn current(agent: Uuid) -> Breaker {
    READ.with(|query| query.first(Snapshot::Fresh, &[arg(agent)], |row| read(row, 1))).flatten().unwrap_or_default()
}

/// Locks the breaker of an agent, which is made where there is none.
pub fn lock(agent: Uuid) -> Breaker {
    let locked = || LOCK.with(|query| query.first(Snapshot::Latest, &[arg(agent)], |row| read(row, 1))).flatten();
    locked()
        .or_else(|| {
            MAKE.with(|query| query.execute(&[arg(agent)]));
            locked()
        })
        .unwrap_or_default()
}

/// When calls of an agent last ended, of those that are told now.
#[derive(Clone, Copy, Default)]
pub struct Ends {
    /// With a failure.
    pub failed: Option<Instant>,
    /// With success.
    pub succeeded: Option<Instant>,
}

/// Writes the breaker of an agent, which is locked.
pub fn write(agent: Uuid, breaker: &Breaker, ends: Ends) {
    let count = |count: i64| arg(i32::try_from(count).unwrap_or(i32::MAX));
    let args = [
        arg(agent),
        arg(breaker.state.word()),
        count(breaker.failures),
        count(breaker.successes),
        optional_timestamp_arg(breaker.opened_at),
        timestamps_arg(breaker.probes.iter().map(|probe| probe.at).collect()),
        arg(breaker.probes.iter().map(|probe| probe.execution.map(to_server)).collect::<Vec<Option<Uuid>>>()),
        optional_timestamp_arg(ends.failed),
        optional_timestamp_arg(ends.succeeded),
    ];
    WRITE.with(|query| query.execute(&args));
}

/// Whether a call of an agent passes, and where its breaker stands then; `None` for a disabled agent.
///
/// A closed breaker is only looked at: it hands nothing out, and calls of an agent that works do not wait for one another.
pub fn acquire(installation: &Installation, name: &str, clock: Clock) -> Result<(Option<Pass>, State), Error> {
    installation.as_owner(|| {
        let Agent { id, enabled, settings } = named(name)?;
        let seen = current(id);
        if !enabled || seen.state == State::Closed {
            return Ok((enabled.then_some(Ok(())), seen.state));
        }
        let before = lock(id);
        let mut breaker = before.clone();
        let pass = breaker.acquire(&settings, clock());
        if breaker != before {
            write(id, &breaker, Ends::default());
        }
        Ok((Some(pass), breaker.state))
    })
}

/// An execution of an agent begins. Its breaker is locked only where it may be a probe.
pub fn begin(agent: Uuid, settings: &Settings, execution: uuid::Uuid, clock: Clock) {
    if current(agent).state != State::HalfOpen {
        return;
    }
    let before = lock(agent);
    let mut breaker = before.clone();
    breaker.begin(settings, execution, clock());
    if breaker != before {
        write(agent, &breaker, Ends::default());
    }
}
