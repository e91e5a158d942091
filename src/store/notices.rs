//! Days on which models go away, and the notices about them that users are told by.

use super::sync_plan::{Plan, Planned};
use crate::pg::session;
use crate::pg::spi::{Snapshot, arg, timestamp_arg};
use crate::statement;
use model_access_domain::change::Change;
use model_access_domain::expiration::{self, Day};
use pgrx::pg_sys;
use std::collections::HashSet;

statement!(
    EXPIRATIONS,
    "SELECT m.model_id::pg_catalog.text, pg_catalog.to_jsonb(m.expiration_date) OPERATOR(pg_catalog.#>>) '{}'
       FROM public.model_access AS m
      WHERE m.model_id OPERATOR(pg_catalog.=) ANY ($1) AND m.expiration_date IS NOT NULL"
);
statement!(EXPIRATIONS_SET, include_str!("../../sql/queries/expirations_set.sql"));
statement!(
    OPEN_REMOVED,
    "SELECT n.model_id::pg_catalog.text FROM public.model_access_notices AS n
      WHERE n.kind OPERATOR(pg_catalog.=) 'removed' AND n.resolved_at IS NULL"
);
statement!(NOTICES_RESOLVE, include_str!("../../sql/queries/notices_resolve.sql"));
statement!(NOTICES_RAISE, include_str!("../../sql/queries/notices_raise.sql"));

/// A provider names the day on which it takes a model away.
const EXPIRING: &str = "expiring";
/// A model that was active is gone from the feed.
const REMOVED: &str = "removed";

/// Whether the tables know days and notices: after `ALTER EXTENSION UPDATE` from 0.1.0 they do when install() has run again.
pub fn stand() -> bool {
    [c"model_access_notices", c"model_review_rules"]
        .into_iter()
        .all(|table| session::own_public_relation(table).is_some())
}

/// The stored days of some models, of those that have one.
pub fn expirations(snapshot: Snapshot, ids: Vec<String>) -> Vec<(String, Option<Day>)> {
    EXPIRATIONS.with(|query| {
        query.rows(snapshot, &[arg(ids)], |row| {
            let day = row.get::<String>(2).and_then(|day| expiration::of_text(&day));
            (row.get::<String>(1).unwrap_or_default(), day)
        })
    })
}

/// What of a sync concerns notices.
pub struct Moves<'a> {
    /// Models whose day came, moved or was withdrawn, and the new one.
    dated: Vec<(&'a str, Option<Day>)>,
    /// What the feed has.
    elements: &'a [Planned<'a>],
    /// Models that are gone: that they will is no news.
    gone: Vec<String>,
    /// Those of them that were active.
    removed: Vec<String>,
}

impl<'a> Moves<'a> {
    /// From what a sync is going to do.
    pub fn of(plan: &'a Plan<'a>) -> Self {
        let day_before = |id: &str| plan.stored.get(id).and_then(|stored| stored.model.expiration_date);
        let dated = plan
            .elements
            .iter()
            .filter(|element| element.change != Change::Unchanged)
            .filter_map(|element| Some((element, element.model.as_ref()?.expiration_date)))
            // What came back goes on the day of before.
            .filter(|(element, day)| {
                day_before(element.id) != *day || element.change == Change::Reactivated && day.is_some()
            })
            .map(|(element, day)| (element.id, day))
            .collect();
        let removed = plan.missing.iter().filter(|missing| missing.was_active).map(|missing| missing.id.clone());
        let gone = plan.missing.iter().map(|missing| missing.id.clone()).collect();
        Self { dated, elements: &plan.elements, gone, removed: removed.collect() }
    }
}

/// Stores the days, ends the notices that no longer hold, and makes new ones. Runs when the rows of the catalogue are written.
pub fn write(now: pg_sys::TimestampTz, moves: &Moves) {
    if !moves.dated.is_empty() {
        let ids: Vec<String> = moves.dated.iter().map(|(id, _)| (*id).to_owned()).collect();
        let days: Vec<Option<String>> = moves.dated.iter().map(|(_, day)| day.map(|day| day.to_string())).collect();
        EXPIRATIONS_SET.with(|query| query.execute(&[arg(ids.clone()), arg(days)]));
        resolve(now, EXPIRING, ids);
        let expiring = moves.dated.iter().filter(|(_, day)| day.is_some()).map(|(id, _)| (*id).to_owned());
        raise(now, EXPIRING, expiring.collect());
    }
    // Not only those that come back now: an admin may have set one active while it was gone.
    let open = OPEN_REMOVED.with(|query| query.rows(Snapshot::Latest, &[], |row| row.get::<String>(1)));
    let open: HashSet<String> = open.into_iter().flatten().collect();
    if !open.is_empty() {
        let ids = moves.elements.iter().map(|element| element.id);
        resolve(now, REMOVED, ids.filter(|id| open.contains(*id)).map(str::to_owned).collect());
    }
    resolve(now, EXPIRING, moves.gone.clone());
    raise(now, REMOVED, moves.removed.clone());
}

fn resolve(now: pg_sys::TimestampTz, kind: &str, ids: Vec<String>) {
    if !ids.is_empty() {
        NOTICES_RESOLVE.with(|query| query.execute(&[timestamp_arg(now), arg(kind), arg(ids)]));
    }
}

fn raise(now: pg_sys::TimestampTz, kind: &str, ids: Vec<String>) {
    if !ids.is_empty() {
        NOTICES_RAISE.with(|query| query.execute(&[timestamp_arg(now), arg(kind), arg(ids)]));
    }
}
