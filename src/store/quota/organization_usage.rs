//! What organisations show of their quota: `token_usage_current` and `token_reset_date`, as their counters say.

use super::entry::Entry;
use super::to_server;
use crate::error::Error;
use crate::lookup;
use crate::pg::arrays::texts_arg;
use crate::pg::spi::{Snapshot, arg, optional_timestamps_arg, timestamps_arg};
use model_access_domain::limit::Source;
use model_access_domain::window::{Instant, Window};
use pgrx::Uuid;

lookup!(NOTE, include_str!("../../../sql/queries/organization_usage_note.sql"));
lookup!(
    STANDING,
    "SELECT pg_catalog.count(*) FROM public.organizations AS o WHERE o.id OPERATOR(pg_catalog.=) ANY ($1)"
);

/// What one organisation shows.
pub struct Shown {
    /// Which one.
    pub organization: uuid::Uuid,
    /// Settled tokens of the open month.
    pub used: String,
    /// The month.
    pub window: Window,
    /// The date from which the months step.
    pub anchor: Option<Instant>,
    /// As [`Limit::reset_seen`](model_access_domain::limit::Limit::reset_seen).
    pub reset_seen: Option<Instant>,
}

impl Shown {
    /// What a counter says. One that is split says nothing: its rows would wait for each other at the organisation's.
    fn of(entry: &Entry) -> Option<Self> {
        let slot = entry.counter.slots.first().filter(|slot| slot.changes.any && !entry.is_split())?;
        let anchor = entry.limit.calendar.as_ref().and_then(|calendar| calendar.anchor);
        let is_new = anchor.is_none() || slot.changes.rolled || slot.used != entry.used_before;
        (entry.limit.source == Source::Organization && is_new).then(|| Self {
            organization: entry.counter.key.subject,
            used: slot.used.to_plain_string(),
            window: slot.window,
            anchor,
            reset_seen: entry.limit.reset_seen,
        })
    }
}

/// Writes what counters say that were changed.
pub fn note<'a, 'b: 'a>(entries: impl Iterator<Item = &'a Entry<'b>>) -> Result<(), Error> {
    write(&entries.filter_map(Shown::of).collect::<Vec<_>>())
}

/// Writes what some organisations show. Left out are those that are gone, and those whose date somebody has set anew since it was
/// read: the next call counts by that one. 40001 for one that was made after the snapshot of a REPEATABLE READ transaction, which
/// cannot write it.
pub fn write(shown: &[Shown]) -> Result<(), Error> {
    if shown.is_empty() {
        return Ok(());
    }
    let organizations = || arg(shown.iter().map(|shown| to_server(shown.organization)).collect::<Vec<Uuid>>());
    let args = [
        organizations(),
        texts_arg(shown.iter().map(|shown| Some(shown.used.as_str()))),
        timestamps_arg(shown.iter().map(|shown| shown.window.end).collect()),
        timestamps_arg(shown.iter().map(|shown| shown.anchor.unwrap_or(shown.window.end)).collect()),
        optional_timestamps_arg(shown.iter().map(|shown| shown.reset_seen).collect()),
    ];
    let written = NOTE.with(|query| query.execute(&args));
    let standing =
        |snapshot| STANDING.with(|query| query.first(snapshot, &[organizations()], |row| row.get::<i64>(1))).flatten();
    let is_unseen = || standing(Snapshot::Fresh) != standing(Snapshot::Latest);
    if written < shown.len() as u64 && is_unseen() { Err(Error::CountersChanged) } else { Ok(()) }
}
