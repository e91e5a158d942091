//! An execution ends, once: with success or with a failure.

use super::outcomes::{self, End, Ended, Standing};
use super::{Clock, settings};
use crate::agent_error::AgentError;
use crate::error::Error;
use crate::lookup;
use crate::pg::jsonb::JsonValue;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::store::installation::Installation;
use crate::store::quota::costs::Used;
use crate::store::quota::record::Receipt;
use crate::store::quota::reservations;
use model_access_domain::breaker::Settings;
use model_access_domain::window::Instant;
use pgrx::Uuid;
use serde_json::{Value, json};

lookup!(
    KEEP_AGENT,
    "SELECT a.id FROM public.agents AS a
      WHERE a.id OPERATOR(pg_catalog.=) (SELECT e.agent_id FROM public.agent_executions AS e WHERE e.id OPERATOR(pg_catalog.=) $1)
        FOR KEY SHARE"
);
lookup!(LOCK, include_str!("../../../sql/queries/agent_execution_lock.sql"));
lookup!(
    TOLD_BY_ANOTHER,
    "SELECT true FROM public.agent_executions AS e
      WHERE e.reservation_id OPERATOR(pg_catalog.=) $1 AND e.id OPERATOR(pg_catalog.<>) $2
        AND (e.finish_answer OPERATOR(pg_catalog.->>) 'usage_id') OPERATOR(pg_catalog.=) $3
      LIMIT 1"
);
lookup!(
    WRITE,
    "UPDATE public.agent_executions AS e
        SET status = $2, input_tokens = $3, output_tokens = $4, total_tokens = $5, latency_ms = $6, error_message = $7,
            completed_at = $8, finish_fingerprint = $9, finish_answer = $10::pg_catalog.jsonb
      WHERE e.id OPERATOR(pg_catalog.=) $1"
);

/// What `error_message` says of an execution that ran for too long.
pub const TIMED_OUT: &str = "timed out";

/// What an application says of a call that ended.
pub struct Finish<'a> {
    /// Whether it succeeded.
    pub succeeded: bool,
    /// What it used, and the hash of that.
    pub used: Option<(Used, i64)>,
    /// Why it failed.
    pub error: Option<&'a str>,
    /// A hash of all that.
    pub fingerprint: i64,
}

/// An execution, locked.
struct Execution {
    id: Uuid,
    running: bool,
    agent: Option<Uuid>,
    began: Option<Instant>,
    completed_at: Option<Instant>,
    reservation: Option<Uuid>,
    fingerprint: Option<i64>,
    answer: Option<Value>,
    agent_name: Option<String>,
    settings: Settings,
}

/// Locks an execution. PT404 when there is none. Its agent is kept first: what counts the call refers to it, and who deletes it
/// has it before its executions.
fn lock(id: Uuid) -> Result<Execution, Error> {
    KEEP_AGENT.with(|query| query.first(Snapshot::Latest, &[arg(id)], |_| ()));
    let read = |row: &Row| Execution {
        id,
        running: row.get::<String>(1).is_some_and(|status| ["pending", "running"].contains(&status.as_str())),
        agent: row.get::<Uuid>(2),
        began: row.timestamp(3),
        completed_at: row.timestamp(4),
        reservation: row.get::<Uuid>(5),
        fingerprint: row.get::<i64>(6),
        answer: row.get::<JsonValue>(7).and_then(|answer| answer.0),
        agent_name: row.get::<String>(8),
        settings: settings(row, 9),
    };
    let found = LOCK.with(|query| query.first(Snapshot::Latest, &[arg(id)], read));
    found.ok_or_else(|| AgentError::UnknownExecution(id.to_string()).into())
}

/// Stores how a call ended, with all that depends on it; once. Usage is settled, also of a call that had timed out.
///
/// Latency ends when it is told, before anything is waited for.
pub fn finish(installation: &Installation, id: Uuid, finish: &Finish, clock: Clock) -> Result<Value, Error> {
    let now = clock();
    installation.as_owner(|| {
        let execution = lock(id)?;
        match (execution.fingerprint, &execution.answer) {
            (Some(fingerprint), Some(answer)) if fingerprint == finish.fingerprint => return Ok(answer.clone()),
            // What an application wrote itself has no answer of ours; what timed out has one, and waits for its usage.
            (None, Some(_)) => {}
            (None, None) if execution.running => {}
            _ => return Err(AgentError::OtherOutcome(id.to_string()).into()),
        }
        let receipt = settle(installation, &execution, finish, now)?;
        let ended = Ended {
            execution: id,
            began: execution.began,
            ended: now,
            end: match (execution.running, finish.succeeded) {
                (false, _) => End::Late,
                (true, true) => End::Success,
                (true, false) => End::Failure(finish.error.map(str::to_owned)),
            },
            tokens: finish.used.as_ref().map(|(used, _)| (used.usage.prompt_tokens, used.usage.completion_tokens)),
        };
        let latency = ended.latency_ms().filter(|_| execution.running);
        let standing = execution.agent.map(|agent| outcomes::count(agent, &execution.settings, &[ended], clock));
        let answer = answer(&execution, finish, receipt, latency, standing.as_ref());
        write(&execution, finish, latency, &answer, now);
        Ok(answer)
    })
}

/// Settles what is held with what was used; gives it back where nothing was. What another execution was answered with is not
/// this one's usage, though it be the same.
fn settle(
    installation: &Installation,
    execution: &Execution,
    finish: &Finish,
    now: Instant,
) -> Result<Option<Receipt>, Error> {
    let Some(reservation) = execution.reservation else { return Ok(None) };
    if let Some((used, fingerprint)) = &finish.used {
        let receipt = reservations::settle(installation, reservation, used, *fingerprint, now)?;
        let args = [arg(reservation), arg(execution.id), arg(receipt.usage_id.to_string())];
        if receipt.repeated && TOLD_BY_ANOTHER.with(|query| query.first(Snapshot::Fresh, &args, |_| ())).is_some() {
            return Err(Error::OtherUsage(reservation.to_string()));
        }
        return Ok(Some(receipt));
    }
    if finish.succeeded {
        let right = "A call that succeeded and has a reservation used something: pass the provider's usage object.";
        return Err(Error::BadArgument("p_usage", "NULL".to_owned(), right));
    }
    match reservations::release(installation, reservation, now) {
        // What is kept no longer holds nothing.
        Ok(_) | Err(Error::UnknownReservation(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn answer(
    execution: &Execution,
    finish: &Finish,
    receipt: Option<Receipt>,
    latency: Option<i64>,
    standing: Option<&Standing>,
) -> Value {
    let usage = finish.used.as_ref().map(|(used, _)| used.usage);
    let succeeded = finish.succeeded && execution.running;
    json!({
        "execution_id": execution.id.to_string(),
        "agent": execution.agent_name,
        "status": if succeeded { "success" } else { "failed" },
        "timed_out": !execution.running,
        "latency_ms": latency,
        "input_tokens": usage.map(|usage| usage.prompt_tokens),
        "output_tokens": usage.map(|usage| usage.completion_tokens),
        "total_tokens": usage.map(|usage| usage.total_tokens),
        "reservation_id": execution.reservation.map(|id| id.to_string()),
        "usage_id": receipt.as_ref().map(|receipt| receipt.usage_id.to_string()),
        "total_usd": receipt.and_then(|receipt| receipt.total_usd).map(|total| total.to_plain_string()),
        "breaker": standing.map(|standing| standing.breaker.word()),
        "health": standing.map(|standing| standing.health.word()),
    })
}

fn write(execution: &Execution, finish: &Finish, latency: Option<i64>, answer: &Value, now: Instant) {
    let number = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
    let usage = finish.used.as_ref().map(|(used, _)| used.usage);
    let in_time = execution.running;
    let args = [
        arg(execution.id),
        arg(if finish.succeeded && in_time { "success" } else { "failed" }),
        arg(usage.map(|usage| number(usage.prompt_tokens))),
        arg(usage.map(|usage| number(usage.completion_tokens))),
        arg(usage.map(|usage| number(usage.total_tokens))),
        arg(latency.map(number)),
        arg(if in_time { finish.error } else { Some(TIMED_OUT) }),
        timestamp_arg(execution.completed_at.filter(|_| !in_time).unwrap_or(now)),
        arg(finish.fingerprint),
        arg(answer.to_string()),
    ];
    WRITE.with(|query| query.execute(&args));
}
