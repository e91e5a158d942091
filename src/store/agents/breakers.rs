//! Breakers as the table has them.

use super::{Agent, Clock, named, of_server, to_server};
use crate::agent_error::AgentError;
use crate::error::Error;
use crate::lookup;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg, optional_timestamp_arg, timestamps_arg};
use crate::store::installation::Installation;
use model_access_domain::breaker::{Breaker, Pass, Probe, Settings, State};
use model_access_domain::window::Instant;
use pgrx::Uuid;
use std::ffi::c_int;

lookup!(READ, include_str!("../../../sql/queries/agent_breaker.sql"));
lookup!(LOCK, concat!(include_str!("../../../sql/queries/agent_breaker.sql"), "   FOR NO KEY UPDATE"));
lookup!(WRITE, include_str!("../../../sql/queries/agent_breaker_write.sql"));
lookup!(KEEP_AGENT, "SELECT a.id FROM public.agents AS a WHERE a.id OPERATOR(pg_catalog.=) $1 FOR KEY SHARE");
lookup!(
    MAKE,
    "INSERT INTO public.circuit_breaker_state (agent_id, state) VALUES ($1, 'closed') ON CONFLICT (agent_id) DO NOTHING"
);

/// Reads a breaker from the columns of a row, from `first` on; `None` without a state.
pub fn read(row: &Row, first: c_int) -> Option<Breaker> {
    let probe = |text: Option<String>| {
        let text = text?;
        let mut parts = text.split(' ');
        let at = parts.next()?.parse().ok()?;
        let mut id = || parts.next().and_then(|text| uuid::Uuid::parse_str(text).ok());
        Some(Probe { at, execution: id(), id: id() })
    };
    let probes = row.get::<Vec<Option<String>>>(first + 4).unwrap_or_default();
    Some(Breaker {
        state: State::of_word(&row.get::<String>(first)?),
        failures: row.get::<i64>(first + 1).unwrap_or_default(),
        successes: row.get::<i64>(first + 2).unwrap_or_default(),
        opened_at: row.timestamp(first + 3),
        probes: probes.into_iter().filter_map(probe).collect(),
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
    let ids = |of: fn(&Probe) -> Option<uuid::Uuid>| {
        arg(breaker.probes.iter().map(|probe| of(probe).map(to_server)).collect::<Vec<Option<Uuid>>>())
    };
    let args = [
        arg(agent),
        arg(breaker.state.word()),
        count(breaker.failures),
        count(breaker.successes),
        optional_timestamp_arg(breaker.opened_at),
        timestamps_arg(breaker.probes.iter().map(|probe| probe.at).collect()),
        ids(|probe| probe.execution),
        ids(|probe| probe.id),
        optional_timestamp_arg(ends.failed),
        optional_timestamp_arg(ends.succeeded),
    ];
    WRITE.with(|query| query.execute(&args));
}

/// Whether a call of an agent passes.
pub struct Answer {
    /// `None` for a disabled agent.
    pub pass: Option<Pass>,
    /// Where its breaker stands then.
    pub state: State,
    /// The probe that the call is.
    pub probe: Option<Uuid>,
}

/// Whether a call of an agent passes, and where its breaker stands then.
///
/// A closed breaker is only looked at: it hands nothing out, and calls of an agent that works do not wait for one another.
pub fn acquire(installation: &Installation, name: &str, clock: Clock) -> Result<Answer, Error> {
    installation.as_owner(|| {
        let Agent { id, enabled, settings } = named(name)?;
        let seen = current(id);
        if !enabled || seen.state == State::Closed {
            return Ok(Answer { pass: enabled.then_some(Ok(())), state: seen.state, probe: None });
        }
        // As in an end: who deletes the agent has it before its breaker.
        if KEEP_AGENT.with(|query| query.first(Snapshot::Latest, &[arg(id)], |_| ())).is_none() {
            return Err(AgentError::UnknownAgent(name.to_owned()).into());
        }
        let before = lock(id);
        let (mut breaker, probe) = (before.clone(), session::random_uuid());
        let pass = breaker.acquire(&settings, of_server(probe), clock());
        if breaker != before {
            write(id, &breaker, Ends::default());
        }
        let is_probe = breaker.probes.iter().any(|out| out.id == Some(of_server(probe)));
        Ok(Answer { pass: Some(pass), state: breaker.state, probe: is_probe.then_some(probe) })
    })
}

/// An execution of an agent begins, perhaps that of a probe that it names. The breaker is locked only where it may be one.
pub fn begin(agent: Uuid, settings: &Settings, execution: Uuid, probe: Option<Uuid>, clock: Clock) {
    if current(agent).state != State::HalfOpen {
        return;
    }
    let before = lock(agent);
    let mut breaker = before.clone();
    breaker.begin(settings, of_server(execution), probe.map(of_server), clock());
    if breaker != before {
        write(agent, &breaker, Ends::default());
    }
}
