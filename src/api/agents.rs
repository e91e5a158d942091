//! Agents: whether one may be called, which one, and what became of each call.

use super::caller;
use super::quota_arguments;
use crate::error::Error;
use crate::pg::jsonb::Jsonb;
use crate::pg::{Reply, session};
use crate::store::agents::executions::{self, Finish};
use crate::store::agents::starts::{self, Start};
use crate::store::agents::{TABLES, breakers, candidates, overdue};
use crate::store::installation::Installation;
use crate::store::quota;
use crate::store::quota::requests::fingerprint;
use pgrx::JsonB;
use pgrx::prelude::*;
use serde_json::json;

/// No list of candidates is longer.
const MAX_CANDIDATES: usize = 1000;

/// The installation with the tables of agents, for a caller who may act for users; 42501 for others.
fn privileged() -> Result<Installation, Error> {
    let installation = Installation::with(&TABLES)?;
    caller::require_privileged(&installation)?;
    installation.require_owned(&quota::TABLES)?;
    Ok(installation)
}

/// Whether a call of an agent may be made now: {allowed, state, retry_after_seconds, reason, probe_id}. In half-open it is a
/// probe then, which `start_agent_execution` may name.
///
/// `reason` is agent_disabled, circuit_open or probes_outstanding. Errors: 42501 unless privileged, 22004, PT404. Source:
/// docs/design.md, "Agents".
#[pg_extern(volatile, parallel_unsafe)]
fn acquire_agent(p_agent: Option<&str>) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = privileged()?;
        let name = p_agent.ok_or(Error::NoArgument("p_agent"))?;
        let answer = breakers::acquire(&installation, name, session::clock)?;
        let (reason, wait) = match answer.pass {
            None => (Some("agent_disabled"), None),
            Some(Ok(())) => (None, None),
            Some(Err((closed, seconds))) => (Some(closed.word()), Some(seconds)),
        };
        let answer = json!({
            "allowed": reason.is_none(),
            "state": answer.state.word(),
            "retry_after_seconds": wait,
            "reason": reason,
            "probe_id": answer.probe.map(|id| id.to_string()),
        });
        Ok::<_, Error>(JsonB(answer))
    })
}

/// Of some agents the one to call: enabled, its breaker lets calls through, and the least recent latency times calls that run.
///
/// NULL when there is none; it decides nothing, `acquire_agent` does. Errors: 42501 unless privileged, 22004, 54000 for more than
/// 1000. Source: docs/design.md, "Agents".
#[pg_extern(stable, parallel_restricted)]
fn pick_agent(p_candidates: Option<Vec<Option<String>>>) -> Reply<Option<String>> {
    Reply::of(|| {
        let installation = privileged()?;
        let names = p_candidates.ok_or(Error::NoArgument("p_candidates"))?;
        if names.len() > MAX_CANDIDATES {
            return Err(Error::TooManyItems(names.len(), MAX_CANDIDATES));
        }
        let names: Vec<String> = names.into_iter().flatten().collect();
        Ok(candidates::picked(&installation, &names, session::clock()))
    })
}

/// Stores that a call of an agent begins, for the latest message of a chat's user; returns its execution.
///
/// The same again with its reservation is the one that runs. `p_probe_id` is what `acquire_agent` said. Errors: 42501 unless privileged, 22004, PT404 for an unknown
/// session, agent or reservation, 22023 for a disabled agent, a model that it does not have and a session without a message,
/// PT409 and PT410 for a reservation that is not free. Source: docs/design.md, "Agents".
#[pg_extern(volatile, parallel_unsafe)]
fn start_agent_execution(
    p_session_id: Option<pgrx::Uuid>,
    p_agent: Option<&str>,
    p_model: Option<&str>,
    p_reservation_id: default!(Option<pgrx::Uuid>, "NULL"),
    p_probe_id: default!(Option<pgrx::Uuid>, "NULL"),
) -> Reply<pgrx::Uuid> {
    Reply::of(|| {
        let installation = privileged()?;
        let start = Start {
            session: p_session_id.ok_or(Error::NoArgument("p_session_id"))?,
            agent: p_agent.ok_or(Error::NoArgument("p_agent"))?,
            model: p_model,
            reservation: p_reservation_id,
            probe: p_probe_id,
        };
        starts::start(&installation, &start, session::clock)
    })
}

/// Stores how an execution ended, with its agent's metrics, health and breaker and the settlement of its reservation, once.
///
/// The same again gets the first answer. Errors: 42501 unless privileged, 22004, 22023 for another status than success and
/// failed and for usage that makes no sense, PT404, PT409 for another outcome. Source: docs/design.md, "Agents".
#[pg_extern(volatile, parallel_unsafe)]
fn finish_agent_execution(
    p_execution_id: Option<pgrx::Uuid>,
    p_status: Option<&str>,
    p_usage: Option<Jsonb>,
    p_error: default!(Option<&str>, "NULL"),
) -> Reply<JsonB> {
    Reply::of(|| {
        let installation = privileged()?;
        let id = p_execution_id.ok_or(Error::NoArgument("p_execution_id"))?;
        let succeeded = match p_status.ok_or(Error::NoArgument("p_status"))? {
            "success" => true,
            "failed" => false,
            other => return Err(Error::BadArgument("p_status", other.to_owned(), "Pass success or failed.")),
        };
        let used = p_usage.map(|usage| quota_arguments::usage(Some(usage))).transpose()?;
        let told = json!([succeeded, used.as_ref().map(|(_, fingerprint)| fingerprint), p_error]);
        let finish = Finish { succeeded, used, error: p_error, fingerprint: fingerprint(&told) };
        executions::finish(&installation, id, &finish, session::clock).map(JsonB)
    })
}

/// Ends at most `p_batch` executions that run for longer than their agents allow: failed, what they hold given back.
///
/// Returns how many. Errors: 42501 unless privileged, 22004, 22023. Source: docs/design.md, "Agents".
#[pg_extern(volatile, parallel_unsafe)]
fn expire_agent_executions(p_batch: default!(Option<i32>, 1000)) -> Reply<i32> {
    Reply::of(|| {
        let installation = privileged()?;
        let batch = p_batch.ok_or(Error::NoArgument("p_batch"))?;
        if !(1..=100_000).contains(&batch) {
            return Err(Error::BadArgument("p_batch", batch.to_string(), "Pass 1 to 100000."));
        }
        let expired = overdue::expire(&installation, batch, session::clock)?;
        Ok(i32::try_from(expired).unwrap_or(i32::MAX))
    })
}
