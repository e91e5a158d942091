//! Executions that nobody ended, and those that nobody asks for any more.

use super::executions::TIMED_OUT;
use super::outcomes::{self, End, Ended};
use super::{Clock, of_server, settings, to_server};
use crate::error::Error;
use crate::lookup;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg, timestamps_arg};
use crate::store::installation::Installation;
use crate::store::quota::reservations;
use model_access_domain::breaker::Settings;
use pgrx::Uuid;
use std::collections::BTreeMap;

lookup!(OVERDUE, include_str!("../../../sql/queries/agent_executions_overdue.sql"));
lookup!(LEFT, include_str!("../../../sql/queries/agent_executions_left.sql"));
lookup!(SETTINGS, "SELECT a.id, a.config::pg_catalog.jsonb FROM public.agents AS a FOR KEY SHARE SKIP LOCKED");
lookup!(
    TIME_OUT,
    "UPDATE public.agent_executions AS e
        SET status = 'failed', error_message = 'timed out', completed_at = $2, finish_answer = '{\"timed_out\": true}'
      WHERE e.id OPERATOR(pg_catalog.=) ANY ($1)"
);

/// Ends at most so many executions that run for longer than their agents allow; returns how many. Their reservations are given
/// back, and each counts as a failure of its agent. Those that others work on are left, and those of an agent that somebody is
/// deleting: agents are kept before executions are locked, as in an end. Of chats that are gone goes what ended.
pub fn expire(installation: &Installation, batch: i32, clock: Clock) -> Result<usize, Error> {
    let now = clock();
    installation.as_owner(|| {
        LEFT.with(|query| query.execute(&[timestamp_arg(now), arg(batch)]));
        let read = |row: &Row| Some((row.get::<Uuid>(1)?, settings(row, 2)));
        let agents = SETTINGS.with(|query| query.rows(Snapshot::Latest, &[], read));
        let agents: BTreeMap<uuid::Uuid, Settings> =
            agents.into_iter().flatten().map(|(id, settings)| (of_server(id), settings)).collect();
        let began = |settings: &Settings| now.saturating_sub(settings.execution_timeout);
        let args = [
            arg(agents.keys().copied().map(to_server).collect::<Vec<Uuid>>()),
            timestamps_arg(agents.values().map(began).collect()),
            timestamp_arg(began(&Settings::default())),
            arg(batch),
        ];
        let read = |row: &Row| (row.get::<Uuid>(1), row.get::<Uuid>(2), row.timestamp(3), row.get::<Uuid>(4));
        let overdue = OVERDUE.with(|query| query.rows(Snapshot::Latest, &args, read));
        if overdue.is_empty() {
            return Ok(0);
        }
        let ids: Vec<Uuid> = overdue.iter().filter_map(|(id, ..)| *id).collect();
        TIME_OUT.with(|query| query.execute(&[arg(ids), timestamp_arg(now)]));
        let held: Vec<Uuid> = overdue.iter().filter_map(|(.., reservation)| *reservation).collect();
        reservations::release_all(installation, &held, now)?;
        let mut of_agents: BTreeMap<uuid::Uuid, Vec<Ended>> = BTreeMap::new();
        for (id, agent, began, _) in &overdue {
            let Some((execution, agent)) = id.zip(agent.filter(|agent| agents.contains_key(&of_server(*agent)))) else {
                continue;
            };
            let end = End::Failure(Some(TIMED_OUT.to_owned()));
            let ended = Ended { execution, began: *began, ended: now, end, tokens: None };
            of_agents.entry(of_server(agent)).or_default().push(ended);
        }
        for (agent, calls) in of_agents {
            let settings = agents.get(&agent).cloned().unwrap_or_default();
            outcomes::count(to_server(agent), &settings, &calls, clock);
        }
        Ok(overdue.len())
    })
}
