//! Agents: their breakers, health and metrics, and the executions that these count.
//!
//! Locks are taken in one order: the chat, the agent and what else must stand, executions, then those of the quota engine in its
//! order, then of each agent, by id, its breaker; whoever writes health and metrics of an agent has its breaker locked. The clock
//! is read when a breaker is locked: what was waited for came before.

pub mod breakers;
pub mod candidates;
pub mod executions;
pub mod forget;
mod outcomes;
pub mod overdue;
pub mod starts;

use crate::agent_error::AgentError;
use crate::error::Error;
use crate::lookup;
use crate::pg::jsonb::JsonValue;
use crate::pg::spi::{Row, Snapshot, arg};
use model_access_domain::breaker::Settings;
use model_access_domain::window::Instant;
use pgrx::Uuid;
use std::ffi::{CStr, c_int};

/// The tables that are read and written here.
pub const TABLES: [&CStr; 8] = [
    c"agents",
    c"models",
    c"chat_sessions",
    c"chat_messages",
    c"agent_executions",
    c"agent_health",
    c"agent_metrics",
    c"circuit_breaker_state",
];

/// What tells the time.
pub type Clock = fn() -> Instant;

lookup!(
    AGENT,
    "SELECT a.id, a.enabled, a.config::pg_catalog.jsonb FROM public.agents AS a
      WHERE a.name::pg_catalog.text OPERATOR(pg_catalog.=) $1"
);

/// A row of `agents`.
pub struct Agent {
    /// Its key.
    pub id: Uuid,
    /// Whether it may be called.
    pub enabled: bool,
    /// What its config says of its calls.
    pub settings: Settings,
}

/// The settings of a column `config`; the defaults for a config that cannot be read.
fn settings(row: &Row, position: c_int) -> Settings {
    let config = row.get::<JsonValue>(position).and_then(|config| config.0);
    Settings::of_config(&config.unwrap_or_default())
}

/// An agent. PT404 when there is none.
pub fn named(name: &str) -> Result<Agent, Error> {
    let read = |row: &Row| {
        Some(Agent {
            id: row.get::<Uuid>(1)?,
            enabled: row.get::<bool>(2).unwrap_or_default(),
            settings: settings(row, 3),
        })
    };
    let found = AGENT.with(|query| query.first(Snapshot::Fresh, &[arg(name)], read)).flatten();
    found.ok_or_else(|| AgentError::UnknownAgent(name.to_owned()).into())
}

fn of_server(id: Uuid) -> uuid::Uuid {
    uuid::Uuid::from_bytes(*id.as_bytes())
}

fn to_server(id: uuid::Uuid) -> Uuid {
    Uuid::from_bytes(id.into_bytes())
}
