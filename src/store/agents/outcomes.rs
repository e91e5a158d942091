//! What ended calls mean for their agent: its breaker, its health, and the metrics of their days.

use super::breakers::{self, Ends};
use super::{Clock, of_server};
use crate::lookup;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use model_access_domain::agent::{Day, Health, MAX_LATENCY_MS};
use model_access_domain::breaker::{Settings, State};
use model_access_domain::window::Instant;
use pgrx::Uuid;
use std::collections::BTreeMap;

const DAY: i64 = 86_400_000_000;

lookup!(
    FAILURES,
    "SELECT h.consecutive_failures::pg_catalog.int8 FROM public.agent_health AS h WHERE h.agent_id OPERATOR(pg_catalog.=) $1"
);
lookup!(HEALTH_WRITE, include_str!("../../../sql/queries/agent_health_write.sql"));
lookup!(DAY_READ, include_str!("../../../sql/queries/agent_day.sql"));
lookup!(DAY_WRITE, include_str!("../../../sql/queries/agent_day_write.sql"));

/// How a call ended.
#[derive(Clone, Debug)]
pub enum End {
    /// With success.
    Success,
    /// With a failure, and what it said.
    Failure(Option<String>),
    /// It had timed out, and counted so then.
    Late,
}

/// A call that ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The execution.
    pub execution: Uuid,
    /// When it began; `None` where nobody knows: then it has no latency, and is of no day.
    pub began: Option<Instant>,
    /// When its end was told.
    pub ended: Instant,
    /// How it ended.
    pub end: End,
    /// What it read and wrote, as far as that is known.
    pub tokens: Option<(i64, i64)>,
}

impl Ended {
    /// How long it took, in milliseconds, where that is known.
    pub fn latency_ms(&self) -> Option<i64> {
        Some((self.ended.saturating_sub(self.began?) / 1000).clamp(0, MAX_LATENCY_MS))
    }
}

/// How an agent does afterwards.
pub struct Standing {
    /// Its breaker.
    pub breaker: State,
    /// Its health.
    pub health: Health,
}

/// Counts calls of an agent that ended, in their order.
pub fn count(agent: Uuid, settings: &Settings, calls: &[Ended], clock: Clock) -> Standing {
    let mut breaker = breakers::lock(agent);
    let now = clock();
    let read = |row: &Row| row.get::<i64>(1);
    let found = FAILURES.with(|query| query.first(Snapshot::Latest, &[arg(agent)], read));
    let mut failures = found.flatten().unwrap_or_default();
    let (mut ends, mut last_error) = (Ends::default(), None);
    for call in calls {
        match &call.end {
            End::Success => {
                (failures, ends.succeeded) = (0, Some(now));
                breaker.report(settings, of_server(call.execution), true, now);
            }
            End::Failure(error) => {
                (failures, ends.failed) = (failures.saturating_add(1), Some(now));
                last_error = error.as_deref();
                breaker.report(settings, of_server(call.execution), false, now);
            }
            End::Late => {}
        }
    }
    let health = Health::of(failures, breaker.state);
    if ends.failed.or(ends.succeeded).is_some() {
        breakers::write(agent, &breaker, ends);
        let failures = i32::try_from(failures).unwrap_or(i32::MAX);
        let args = [
            arg(agent),
            arg(health.word()),
            arg(failures),
            timestamp_arg(now),
            arg(last_error),
            arg(ends.failed.is_some()),
        ];
        HEALTH_WRITE.with(|query| query.execute(&args));
    }
    count_days(agent, calls);
    Standing { breaker: breaker.state, health }
}

/// Counts calls on the days (UTC) on which they began. An instant counts from a midnight.
fn count_days(agent: Uuid, calls: &[Ended]) {
    let mut days: BTreeMap<i64, Vec<&Ended>> = BTreeMap::new();
    for call in calls {
        if let Some(began) = call.began {
            days.entry(began.div_euclid(DAY)).or_default().push(call);
        }
    }
    for calls in days.into_values() {
        let Some(began) = calls.first().and_then(|call| call.began) else { continue };
        let found = DAY_READ.with(|query| query.first(Snapshot::Latest, &[arg(agent), timestamp_arg(began)], of_row));
        let mut day = found.unwrap_or_default();
        for call in calls {
            match call.end {
                End::Success => day.ended(call.latency_ms()),
                End::Failure(_) => day.ended(None),
                End::Late => {}
            }
            if let Some((tokens_in, tokens_out)) = call.tokens {
                day.used(tokens_in, tokens_out);
            }
        }
        write_day(agent, began, &day);
    }
}

fn of_row(row: &Row) -> Day {
    let number = |position| row.get::<i64>(position).unwrap_or_default();
    Day {
        successful: number(1),
        failed: number(2),
        latency_ms: number(3),
        counted: number(4),
        tokens_in: number(5),
        tokens_out: number(6),
    }
}

fn write_day(agent: Uuid, began: Instant, day: &Day) {
    let count = |count: i64| arg(i32::try_from(count).unwrap_or(i32::MAX));
    let (tokens_in, tokens_out) = day.avg_tokens().unzip();
    let args = [
        arg(agent),
        timestamp_arg(began),
        count(day.successful.saturating_add(day.failed)),
        count(day.successful),
        count(day.failed),
        arg(day.avg_latency_ms()),
        arg(tokens_in),
        arg(tokens_out),
        arg(day.latency_ms),
        count(day.counted),
        arg(day.tokens_in),
        arg(day.tokens_out),
    ];
    DAY_WRITE.with(|query| query.execute(&args));
}
