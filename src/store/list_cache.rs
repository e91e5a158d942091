//! The lists of allowed models that a backend keeps, exact at every isolation level.
//!
//! A list belongs to a version of the catalogue. `model_catalogue_version` is written by a trigger in the transaction that
//! writes the catalogue, so whatever snapshot sees the version sees the rows of that version. Each call reads the version
//! under the snapshot of its query, and takes the lock that reading the table would take. What a version cannot tell is
//! kept out:
//!
//! - *Own changes.* A transaction that wrote the catalogue reads the table: its versions may be rolled back, and its rows
//!   change in the middle of a statement.
//! - *Changes that a version does not tell* (TRUNCATE, a rewrite, DROP, a write while the trigger was off): the backend
//!   hears of the changed definition with the lock, and lists from before are not used any more. A snapshot that is older
//!   than the table's definition keeps no list, nor does one that lives as long as its transaction. Lists from after the
//!   change are for snapshots that see it: a cursor, REPEATABLE READ or an imported snapshot may be older.
//! - *Writes without the trigger.* Nothing is kept unless it is there and always enabled.

use super::{catalogue_version, tally};
use crate::error::Error;
use crate::pg::invalidation::{self, Changes};
use crate::pg::json_text::{JsonText, KeptJson};
use crate::pg::kept_rows::KeptRows;
use crate::pg::session;
use crate::pg::spi::{Arg, Snapshot, arg};
use crate::pg::tuplestore::Sink;
use crate::{shared_work, statement};
use model_access_domain::tier::Tier;
use pgrx::pg_sys;
use std::cell::RefCell;
use std::mem::ManuallyDrop;

shared_work!(ALLOWED_MODELS, include_str!("../../sql/queries/allowed_models.sql"));
statement!(
    ALLOWED_MODELS_JSON,
    concat!(
        "SELECT coalesce(pg_catalog.json_agg(r), '[]')::pg_catalog.text FROM (",
        include_str!("../../sql/queries/allowed_models.sql"),
        ") AS r"
    )
);
statement!(ALLOWED_MODEL_COUNTS, include_str!("../../sql/queries/allowed_model_counts.sql"));
statement!(LIST_FINGERPRINT, include_str!("../../sql/queries/list_fingerprint.sql"));

/// A longer list is not kept: every backend has its own, and 20,000 models with their descriptions are about 30 MB.
const MAX_KEPT_BYTES: usize = 64 << 20;

const TIERS: usize = 3;

/// The catalogue's tables as they are defined now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Catalogue {
    table: pg_sys::Oid,
    version_table: pg_sys::Oid,
    changes: Changes,
}

/// What the kept lists are true of.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    catalogue: Catalogue,
    version: i64,
}

/// Lists of one version of the catalogue.
struct Kept {
    key: Key,
    fingerprint: String,
    rows: Option<TierRows>,
    /// The lowest tier whose list turned out to be too long to keep.
    too_long_from: usize,
    json: [Option<KeptJson>; TIERS],
}

/// The list of a tier and, since lower tiers' models come first in it, of every lower one.
struct TierRows {
    tier: usize,
    rows: KeptRows,
    counts: [usize; TIERS],
}

thread_local! {
    // Never dropped by itself: at the end of the process the server's memory is not to be touched any more.
    static KEPT: RefCell<ManuallyDrop<Option<Kept>>> = const { RefCell::new(ManuallyDrop::new(None)) };
}

/// The tier's place, lowest first.
fn place(tier: Tier) -> usize {
    match tier {
        Tier::Free => 0,
        Tier::Pro => 1,
        Tier::Enterprise => 2,
    }
}

/// Locks the catalogue as reading it does. 55000 where it is missing.
pub fn lock_catalogue() -> Result<Catalogue, Error> {
    let missing = |table: &str| Error::NotInstalled(table.to_owned());
    let table = session::lock_for_reading(c"model_access").ok_or_else(|| missing("model_access"))?;
    let version_table = session::public_relation(c"model_catalogue_version");
    let (version_table, _) = version_table.ok_or_else(|| missing("model_catalogue_version"))?;
    Ok(Catalogue { table, version_table, changes: invalidation::changes_of(table) })
}

/// Sends a tier's list of a version of the catalogue into the result of the running function.
pub fn rows(catalogue: &Catalogue, version: i64, tier: Tier, sink: &Sink) {
    let key = Key { catalogue: *catalogue, version };
    let own = catalogue_version::written_by_this_transaction();
    if !own && with_kept(&key, |kept| kept.rows.as_ref().is_some_and(|rows| rows.send(tier, sink))) == Some(true) {
        return tally::note_list_hit();
    }
    let too_long = || with_kept(&key, |kept| kept.too_long_from <= place(tier)) == Some(true);
    let fingerprint = if own || too_long() { None } else { to_keep(catalogue) };
    let Some(fingerprint) = fingerprint else {
        return ALLOWED_MODELS.with(|query| sink.append(query, Snapshot::Callers, &flag_args(tier)));
    };
    let rows = TierRows::read(tier, sink);
    rows.send(tier, sink);
    keep(key, fingerprint, |kept| {
        if rows.rows.bytes() <= MAX_KEPT_BYTES {
            kept.rows = Some(rows);
            tally::note_list_build();
        } else {
            kept.too_long_from = kept.too_long_from.min(place(tier));
        }
    });
}

/// As [`rows`], as one JSON array.
pub fn json(catalogue: &Catalogue, version: i64, tier: Tier) -> JsonText {
    let key = Key { catalogue: *catalogue, version };
    if catalogue_version::written_by_this_transaction() {
        return JsonText::copied(&fresh_json(tier));
    }
    let kept = with_kept(&key, |kept| Some(kept.json.get(place(tier))?.as_ref()?.value()));
    if let Some(json) = kept.flatten() {
        tally::note_list_hit();
        return json;
    }
    let json = fresh_json(tier);
    let fingerprint = if json.len() > MAX_KEPT_BYTES { None } else { to_keep(catalogue) };
    let Some(fingerprint) = fingerprint else {
        return JsonText::copied(&json);
    };
    let json = KeptJson::of(&json);
    let value = json.value();
    keep(key, fingerprint, |kept| {
        if let Some(kept) = kept.json.get_mut(place(tier)) {
            *kept = Some(json);
            tally::note_list_build();
        }
    });
    value
}

fn flag_args(tier: Tier) -> [Arg; 3] {
    let flags = tier.opening_flags();
    [arg(flags.free), arg(flags.pro), arg(flags.enterprise)]
}

fn fresh_json(tier: Tier) -> String {
    let read = |query: &crate::pg::spi::Statement| {
        query.first(Snapshot::Callers, &flag_args(tier), |row| row.get::<String>(1))
    };
    ALLOWED_MODELS_JSON.with(read).flatten().unwrap_or_default()
}

impl TierRows {
    fn read(tier: Tier, sink: &Sink) -> Self {
        let rows = ALLOWED_MODELS.with(|query| KeptRows::of(query, Snapshot::Callers, &flag_args(tier), sink));
        let counts = ALLOWED_MODEL_COUNTS.with(|query| {
            query.first(Snapshot::Callers, &[], |row| {
                [1, 2, 3].map(|column| usize::try_from(row.get::<i64>(column).unwrap_or_default()).unwrap_or_default())
            })
        });
        Self { tier: place(tier), rows, counts: counts.unwrap_or_default() }
    }

    /// Sends a tier's rows, if they are among these.
    fn send(&self, tier: Tier, sink: &Sink) -> bool {
        let Some(count) = self.counts.get(place(tier)).filter(|_| place(tier) <= self.tier) else {
            return false;
        };
        self.rows.send(*count, sink);
        true
    }
}

/// Looks at the kept lists, if they are true of `key` and of what the running query sees.
fn with_kept<R>(key: &Key, look: impl FnOnce(&Kept) -> R) -> Option<R> {
    KEPT.with_borrow(|kept| kept.as_ref().filter(|kept| kept.key == *key && is_seen(kept)).map(look))
}

/// Whether the running query sees the definition of the table that the kept lists are of: a glance tells it, but for old
/// snapshots and while a transaction runs that is older than the definition.
fn is_seen(kept: &Kept) -> bool {
    let Catalogue { table, changes, .. } = kept.key.catalogue;
    session::snapshot_is_past(changes.heard_before)
        || fingerprint(table, Snapshot::Callers).as_ref() == Some(&kept.fingerprint)
}

/// Adds to the kept lists; those of another version or definition make room.
fn keep(key: Key, fingerprint: String, add: impl FnOnce(&mut Kept)) {
    KEPT.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|kept| kept.key != key || kept.fingerprint != fingerprint) {
            let empty = Kept { key, fingerprint, rows: None, too_long_from: TIERS, json: [const { None }; TIERS] };
            drop(ManuallyDrop::into_inner(std::mem::replace(kept, ManuallyDrop::new(Some(empty)))));
        }
        if let Some(kept) = kept.as_mut() {
            add(kept);
        }
    });
}

/// The definition of the table, if what the running query reads is what every query reads that sees the same definition
/// and version.
fn to_keep(catalogue: &Catalogue) -> Option<String> {
    if session::has_one_snapshot() {
        return None;
    }
    fingerprint(catalogue.table, Snapshot::Callers)
        .filter(|seen| fingerprint(catalogue.table, Snapshot::Latest).as_ref() == Some(seen))
}

/// The definition of the table that a snapshot sees; `None` where lists of it cannot be kept.
fn fingerprint(table: pg_sys::Oid, snapshot: Snapshot) -> Option<String> {
    LIST_FINGERPRINT.with(|query| query.first(snapshot, &[arg(table)], |row| row.get::<String>(1))).flatten()
}
