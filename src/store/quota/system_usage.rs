//! `ai_model_usage`: what was used of system models. By it their limits and the organisations' quotas count.

use super::callers::{Call, SystemCall};
use super::counters::Counted;
use super::ledger::Line;
use super::{Instant, amount_or_zero, to_server};
use crate::lookup;
use crate::pg::arrays::texts_arg;
use crate::pg::spi::{Arg, Row, Snapshot, arg, timestamp_arg, timestamps_arg};
use model_access_domain::limit::{Amount, Per};
use model_access_domain::system_model;
use model_access_domain::window::{Calendar, Window, Zone};
use pgrx::Uuid;

lookup!(INSERT, include_str!("../../../sql/queries/system_usage_insert.sql"));
lookup!(SUMS, include_str!("../../../sql/queries/system_usage_sums.sql"));
lookup!(LIVE_RESERVATIONS, include_str!("../../../sql/queries/system_live_reservations.sql"));

/// A row to be stored.
struct Used<'a> {
    line: &'a Line<'a>,
    organization: uuid::Uuid,
    system: &'a SystemCall,
    window: Window,
}

impl<'a> Used<'a> {
    fn of(call: &'a Call, line: &'a Line<'a>) -> Option<Self> {
        let system = call.system.as_ref()?;
        let calendar = Calendar { period: system.period, zone: Zone::utc(), anchor: None };
        let window = calendar.window(line.occurred_at);
        Some(Self { line, organization: line.caller.organization?, system, window })
    }
}

/// Stores what the ledger rows of some calls say of system models, and begins trials. Nothing is stored of other models, without
/// an organisation, or without tokens. Returns the keys of the rows, each at the place of its call.
pub fn insert<'a>(stored: impl Iterator<Item = (&'a Call, &'a Line<'a>)>) -> Vec<Option<i64>> {
    let found: Vec<Option<Used>> = stored.map(|(call, line)| Used::of(call, line)).collect();
    let used: Vec<&Used> = found.iter().flatten().collect();
    if used.is_empty() {
        return found.iter().map(|_| None).collect();
    }
    let args = [
        arg(used.iter().map(|used| to_server(used.line.caller.user)).collect::<Vec<Uuid>>()),
        arg(used.iter().map(|used| to_server(used.organization)).collect::<Vec<Uuid>>()),
        arg(used.iter().map(|used| used.system.model_id).collect::<Vec<i64>>()),
        texts_arg(used.iter().map(|used| used.system.name.as_deref())),
        arg(used.iter().map(|used| used.line.usage.total_tokens).collect::<Vec<i64>>()),
        arg(used.iter().map(|used| used.line.usage.requests).collect::<Vec<i32>>()),
        timestamps_arg(used.iter().map(|used| used.window.start).collect()),
        timestamps_arg(used.iter().map(|used| used.window.end).collect()),
        texts_arg(used.iter().map(|used| Some(used.system.period.word()))),
        timestamps_arg(used.iter().map(|used| used.line.occurred_at).collect()),
        arg(used.iter().map(|used| used.system.is_free).collect::<Vec<bool>>()),
        arg(used.iter().map(|used| used.system.begins_trial).collect::<Vec<bool>>()),
        super::places(used.len()),
    ];
    let mut keys = INSERT.with(|query| query.rows(Snapshot::Latest, &args, |row| row.get::<i64>(1))).into_iter();
    let has_tokens = |used: &Option<Used>| used.as_ref().is_some_and(|used| used.line.usage.total_tokens > 0);
    found.iter().map(|used| if has_tokens(used) { keys.next().flatten() } else { None }).collect()
}

fn subjects(counted: &[&Counted]) -> [Arg; 2] {
    [
        arg(counted.iter().map(|each| each.limit.per == Per::User).collect::<Vec<bool>>()),
        arg(counted.iter().map(|each| to_server(each.key.subject)).collect::<Vec<Uuid>>()),
    ]
}

fn windows(counted: &[&Counted]) -> [Arg; 2] {
    [
        timestamps_arg(counted.iter().map(|each| each.window.start).collect()),
        timestamps_arg(counted.iter().map(|each| each.window.end).collect()),
    ]
}

/// What was used of limits on system models, in their order.
pub fn sums(snapshot: Snapshot, counted: &[&Counted]) -> Vec<Amount> {
    let models: Vec<Option<i64>> = counted.iter().map(|each| system_model::id_of(&each.key.model)).collect();
    let args = subjects(counted).into_iter().chain([arg(models)]).chain(windows(counted));
    let args: Vec<Arg> = args.chain([super::places(counted.len())]).collect();
    SUMS.with(|query| query.rows(snapshot, &args, |row| amount_or_zero(row, 1)))
}

/// Live reservations that counters of limits on system models have to hold, as `read` reads them; `places` are the counters'.
pub fn live_reservations<R>(
    snapshot: Snapshot,
    counted: &[&Counted],
    places: Vec<i32>,
    now: Instant,
    read: impl Fn(&Row) -> R,
) -> Vec<R> {
    let models = texts_arg(counted.iter().map(|each| Some(each.key.model.as_str())));
    let args = subjects(counted).into_iter().chain([models]).chain(windows(counted));
    let args: Vec<Arg> = args.chain([arg(places), timestamp_arg(now)]).collect();
    LIVE_RESERVATIONS.with(|query| query.rows(snapshot, &args, read))
}
