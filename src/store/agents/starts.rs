//! A call begins.

use super::{Clock, breakers, settings};
use crate::agent_error::AgentError;
use crate::error::Error;
use crate::lookup;
use crate::pg::session;
use crate::pg::spi::{Snapshot, arg, timestamp_arg};
use crate::store::installation::Installation;
use crate::store::quota::reservations;
use model_access_domain::breaker::Settings;
use model_access_domain::reservation;
use pgrx::Uuid;

lookup!(START, include_str!("../../../sql/queries/agent_execution_start.sql"));
lookup!(
    WAITS,
    "SELECT e.id, e.status OPERATOR(pg_catalog.=) ANY ('{pending,running}'), e.session_id, e.agent_id, e.model_id
       FROM public.agent_executions AS e
      WHERE e.reservation_id OPERATOR(pg_catalog.=) $1
        AND (e.status OPERATOR(pg_catalog.=) ANY ('{pending,running}') OR e.finish_fingerprint IS NULL AND e.finish_answer IS NOT NULL)
      LIMIT 1"
);
lookup!(
    INSERT,
    "INSERT INTO public.agent_executions (id, session_id, message_id, agent_id, model_id, status, reservation_id, created_at)
     VALUES ($1, $2, $3, $4, $5, 'running', $6, $7)"
);

/// So often a message is looked for again that was deleted while it was waited for.
const ATTEMPTS: usize = 3;

/// A call that begins.
pub struct Start<'a> {
    /// The chat.
    pub session: Uuid,
    /// The agent's name.
    pub agent: &'a str,
    /// Its model's name; `None` leaves the model to it.
    pub model: Option<&'a str>,
    /// What is held for it.
    pub reservation: Option<Uuid>,
    /// The probe that it is, as `acquire` named it.
    pub probe: Option<Uuid>,
}

/// What a call is about, which stands until the transaction ends.
struct About {
    message: Uuid,
    agent: Uuid,
    model: Option<Uuid>,
    enabled: bool,
    settings: Settings,
}

/// Finds what a call is about. PT404 and 22023 for what is not there, or is gone when whoever deletes it is done.
fn about(start: &Start) -> Result<About, Error> {
    let args = [arg(start.session), arg(start.agent), arg(start.model)];
    let find = || {
        START.with(|query| {
            query.first(Snapshot::Latest, &args, |row| {
                let known: Vec<String> =
                    row.get::<Vec<Option<String>>>(5).unwrap_or_default().into_iter().flatten().collect();
                let enabled = row.get::<bool>(6).unwrap_or_default();
                let ids = [1, 2, 3, 4].map(|position| row.get::<Uuid>(position));
                (ids, known.join(", "), enabled, settings(row, 7))
            })
        })
    };
    let missing = || AgentError::UnknownSession(start.session.to_string());
    let mut found = find().ok_or_else(missing)?;
    // The latest message was deleted while it was waited for: there may be one before it.
    for _ in 0..ATTEMPTS {
        if matches!(found.0, [Some(_), None, Some(_), _]) {
            found = find().ok_or_else(missing)?;
        }
    }
    let ([session, message, agent, model], known, enabled, settings) = found;
    session.ok_or_else(missing)?;
    let agent = agent.ok_or_else(|| AgentError::UnknownAgent(start.agent.to_owned()))?;
    if let (Some(wanted), None) = (start.model, model) {
        return Err(AgentError::UnknownModel(wanted.to_owned(), known).into());
    }
    let message = message.ok_or_else(|| AgentError::NoMessage(start.session.to_string()))?;
    Ok(About { message, agent, model, enabled, settings })
}

/// Stores that a call begins; returns its execution. The same again with its reservation, while it runs, is that one: who asks
/// has not heard the answer.
pub fn start(installation: &Installation, start: &Start, clock: Clock) -> Result<Uuid, Error> {
    installation.as_owner(|| {
        let about = about(start)?;
        if let Some(reservation) = start.reservation
            && let Some(running) = require_free(reservation, start, &about)?
        {
            return Ok(running);
        }
        if !about.enabled {
            return Err(AgentError::Disabled(start.agent.to_owned()).into());
        }
        let id = session::random_uuid();
        let args = [
            arg(id),
            arg(start.session),
            arg(about.message),
            arg(about.agent),
            arg(about.model),
            arg(start.reservation),
            timestamp_arg(clock()),
        ];
        INSERT.with(|query| query.execute(&args));
        breakers::begin(about.agent, &about.settings, id, start.probe, clock);
        Ok(id)
    })
}

/// Refuses a reservation that is not there, that was settled, or of which another execution can still tell what it used: it
/// runs, or it timed out and has not told. Returns the one that runs where it is the same call. The reservation is locked as a
/// settlement locks it: of those who come at once the second one sees what the first one did.
fn require_free(reservation: Uuid, start: &Start, about: &About) -> Result<Option<Uuid>, Error> {
    if reservations::lock_state(reservation)? == reservation::State::Settled {
        return Err(Error::ReservationGone(reservation.to_string()));
    }
    let same = [Some(start.session), Some(about.agent), about.model];
    let found = WAITS.with(|query| {
        query.first(Snapshot::Fresh, &[arg(reservation)], |row| {
            let same = [3, 4, 5].map(|position| row.get::<Uuid>(position)) == same;
            (row.get::<Uuid>(1), row.get::<bool>(2).unwrap_or_default(), same)
        })
    });
    match found {
        None => Ok(None),
        Some((running, true, true)) => Ok(running),
        Some((_, true, false)) => Err(AgentError::ReservationInUse(reservation.to_string()).into()),
        Some((_, false, _)) => Err(AgentError::ReservationWaits(reservation.to_string()).into()),
    }
}
