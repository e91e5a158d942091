//! Rows of `quota_usage`.

use super::{Instant, amount, amount_or_zero, holds, places, system_usage, to_server};
use crate::pg::arrays::texts_arg;
use crate::pg::composite::numeric;
use crate::pg::keyed::Seen;
use crate::pg::session;
use crate::pg::shape::Column;
use crate::pg::shape::Kind::{Big, Instant as At, Number, Small, Text, Uuid as Id};
use crate::pg::spi::{Arg, Row, Snapshot, arg, timestamp_arg, timestamps_arg};
use crate::{keyed, lookup, written};
use model_access_domain::counter::{Changes, Counter, Slot};
use model_access_domain::limit::{Amount, CounterKey, Limit, Per};
use model_access_domain::window::Window;
use pgrx::Uuid;
use std::collections::BTreeMap;

/// The columns of [`slot`].
const SLOT: [Column; 9] = [
    (c"counter_id", Big),
    (c"slot", Small),
    (c"window_start", At),
    (c"window_end", At),
    (c"used", Number),
    (c"held", Number),
    (c"opening", Number),
    (c"granted", Number),
    (c"granted_of", Number),
];
keyed!(BY_KEY, c"quota_usage", [(c"subject", Id), (c"source", Text), (c"limit_id", Big), (c"model", Text)], SLOT);
keyed!(
    BY_SLOT,
    c"quota_usage",
    [(c"subject", Id), (c"source", Text), (c"limit_id", Big), (c"model", Text), (c"slot", Small)],
    SLOT
);
keyed!(BY_ID, c"quota_usage", [(c"counter_id", Big)], SLOT);
written!(
    COUNTER,
    c"quota_usage",
    [
        (c"window_start", At),
        (c"window_end", At),
        (c"used", Number),
        (c"held", Number),
        (c"opening", Number),
        (c"granted", Number),
        (c"granted_of", Number)
    ]
);
lookup!(COUNTERS, include_str!("../../../sql/queries/quota_counters.sql"));
lookup!(LOCK, include_str!("../../../sql/queries/quota_counters_lock.sql"));
lookup!(ORDER, include_str!("../../../sql/queries/quota_counters_order.sql"));
lookup!(LOCK_SLOT, include_str!("../../../sql/queries/quota_slot_lock.sql"));
lookup!(CREATE, include_str!("../../../sql/queries/quota_counters_create.sql"));
lookup!(REMOVE, include_str!("../../../sql/queries/quota_counters_remove.sql"));
lookup!(WRITE, include_str!("../../../sql/queries/quota_counters_write.sql"));
lookup!(LEDGER_SUMS, include_str!("../../../sql/queries/quota_ledger_sums.sql"));
lookup!(LIVE_RESERVATIONS, include_str!("../../../sql/queries/quota_live_reservations.sql"));

/// Rows for which there is room when a counter turns out to have several.
const SPLIT_ROWS: usize = 15;

fn slot(row: &Row) -> Slot {
    let instant = |position| row.timestamp(position).unwrap_or_default();
    Slot {
        counter_id: row.get::<i64>(1).unwrap_or_default(),
        slot: row.whole(2).and_then(|slot| i16::try_from(slot).ok()).unwrap_or_default(),
        window: Window { start: instant(3), end: instant(4) },
        used: amount_or_zero(row, 5),
        held: amount_or_zero(row, 6),
        opening: amount_or_zero(row, 7),
        granted: amount(row, 8),
        granted_of: amount(row, 9),
        expired: Amount::default(),
        changes: Changes::default(),
    }
}

/// A counter that is wanted, and what is counted together in it: only those of organisations have several rows.
pub type Wanted<'a> = (&'a CounterKey, Per);

/// Reads counters; those that have no row are left out.
pub fn read(snapshot: Snapshot, wanted: &[Wanted]) -> Vec<Counter> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let slots = by_keys(snapshot, wanted).unwrap_or_else(|| {
        let keys = || wanted.iter().map(|(key, _)| key);
        let args = [
            arg(keys().map(|key| to_server(key.subject)).collect::<Vec<Uuid>>()),
            texts_arg(keys().map(|key| Some(key.source))),
            arg(keys().map(|key| key.limit_id).collect::<Vec<i64>>()),
            texts_arg(keys().map(|key| Some(key.model.as_str()))),
            places(wanted.len()),
        ];
        let place = |row: &Row| row.get::<i32>(10).and_then(|place| usize::try_from(place - 1).ok());
        let mut found = vec![Vec::new(); wanted.len()];
        for (place, slot) in COUNTERS.with(|query| query.rows(snapshot, &args, |row| (place(row), slot(row)))) {
            if let Some(slots) = place.and_then(|place| found.get_mut(place)) {
                slots.push(slot);
            }
        }
        found
    });
    let counter = |((key, _), slots): (&Wanted, Vec<Slot>)| Counter { key: (*key).clone(), slots, next_expiry: None };
    wanted.iter().zip(slots).filter(|(_, slots)| !slots.is_empty()).map(counter).collect()
}

/// The rows of each counter; `None` where a statement has to read them.
fn by_keys(snapshot: Snapshot, wanted: &[Wanted]) -> Option<Vec<Vec<Slot>>> {
    let (of_many, of_one): (Vec<_>, Vec<_>) =
        wanted.iter().enumerate().partition(|(_, (_, per))| *per == Per::Organization);
    let key =
        |(key, _): &Wanted| [arg(to_server(key.subject)), arg(key.source), arg(key.limit_id), arg(key.model.as_str())];
    let of_first_slot = |wanted| {
        let [subject, source, limit, model] = key(wanted);
        [subject, source, limit, model, arg(0_i16)]
    };
    let first_slots: Vec<_> = of_one.iter().map(|(_, wanted)| of_first_slot(wanted)).collect();
    let all_slots: Vec<_> = of_many.iter().map(|(_, wanted)| key(wanted)).collect();
    let mut found: Vec<Vec<Slot>> = vec![Vec::new(); wanted.len()];
    let mut keep = |wanted: Option<&(usize, &Wanted)>, row: &Row| {
        if let Some(slots) = wanted.and_then(|(place, _)| found.get_mut(*place)) {
            // Most counters have one row; of those that have more, dozens.
            if slots.len() == 1 {
                slots.reserve(SPLIT_ROWS);
            }
            slots.push(slot(row));
        }
        true
    };
    Seen::with(snapshot, |seen| {
        if !first_slots.is_empty() {
            // It is locked and written next, by its id.
            let read = |place: usize, row: &Row| keep(of_one.get(place), row);
            let id = |row: &Row| [arg(row.get::<i64>(1))];
            BY_SLOT.with(|rows| BY_ID.with(|locked| rows.rows_shared(seen, &first_slots, (locked, id), read)))?;
        }
        if !all_slots.is_empty() {
            BY_KEY.with(|rows| rows.rows(seen, &all_slots, |place, row| keep(of_many.get(place), row)))?;
        }
        Some(())
    })?;
    // Any index that begins with the key's columns may have served.
    found.iter_mut().for_each(|slots| slots.sort_by_key(|slot| slot.slot));
    Some(found)
}

/// Locks rows in the order in which they are named, and reads them anew. Rows that are gone are left out.
pub fn lock(ids: Vec<i64>) -> Vec<Slot> {
    if ids.is_empty() {
        return Vec::new();
    }
    let keys: Vec<_> = ids.iter().map(|id| [arg(*id)]).collect();
    let mut locked = Vec::with_capacity(keys.len());
    if BY_ID.with(|rows| rows.lock(&keys, |_, row| locked.push(slot(row)))).is_some() {
        return locked;
    }
    let places = places(ids.len());
    LOCK.with(|query| query.rows(Snapshot::Latest, &[arg(ids), places], slot))
}

/// Locks rows in the order in which every call locks them, and reads them anew. The order is that of all rows that stand now,
/// whatever the transaction's snapshot knows of them.
pub fn lock_in_order(ids: Vec<i64>) -> Vec<Slot> {
    if ids.is_empty() {
        return Vec::new();
    }
    let ordered = ORDER.with(|query| query.rows(Snapshot::Fresh, &[arg(ids)], |row| row.get::<i64>(1)));
    lock(ordered.into_iter().flatten().collect())
}

/// Locks the first of some rows that nobody has locked, without waiting.
pub fn lock_any(ids: impl Iterator<Item = i64> + Clone) -> Option<Slot> {
    if let Some(locked) = BY_ID.with(|rows| rows.lock_first_free(ids.clone().map(|id| [arg(id)]), slot)) {
        return locked;
    }
    let ids: Vec<i64> = ids.collect();
    let places = places(ids.len());
    LOCK_SLOT.with(|query| query.first(Snapshot::Latest, &[arg(ids), places], slot))
}

/// A limit and one of its counters, for sums over ledger and reservations.
pub struct Counted<'a> {
    /// The limit.
    pub limit: &'a Limit,
    /// The counter.
    pub key: &'a CounterKey,
    /// The window to sum.
    pub window: Window,
}

fn counted_args(counted: &[&Counted]) -> Vec<Arg> {
    vec![
        texts_arg(counted.iter().map(|each| Some(each.limit.per.word()))),
        arg(counted.iter().map(|each| to_server(each.key.subject)).collect::<Vec<Uuid>>()),
        texts_arg(counted.iter().map(|each| Some(each.limit.scope.word()))),
        texts_arg(counted.iter().map(|each| Some(each.limit.subject.as_str()))),
        texts_arg(counted.iter().map(|each| Some(each.limit.pattern.as_str()))),
        texts_arg(counted.iter().map(|each| Some(each.key.model.as_str()))),
        texts_arg(counted.iter().map(|each| Some(each.limit.metric.word()))),
        timestamps_arg(counted.iter().map(|each| each.window.start).collect()),
        timestamps_arg(counted.iter().map(|each| each.window.end).collect()),
    ]
}

/// What the ledger says was used, in the order of the counters.
///
/// A month that is dropped is gone from every snapshot, and its sums are only in later ones. So the ledger is locked before a
/// snapshot is taken: from then on none is dropped.
pub fn ledger_sums(snapshot: Snapshot, counted: &[Counted]) -> Vec<Amount> {
    if counted.is_empty() {
        return Vec::new();
    }
    session::lock_for_reading(c"ai_usage");
    of_either(
        counted,
        |counted| system_usage::sums(snapshot, counted),
        |counted| {
            let mut args = counted_args(counted);
            args.push(places(counted.len()));
            LEDGER_SUMS.with(|query| query.rows(snapshot, &args, |row| amount_or_zero(row, 1)))
        },
    )
}

/// Asks for limits on system models apart from others; puts the answers in the order of the questions.
fn of_either<R>(
    counted: &[Counted],
    of_system: impl FnOnce(&[&Counted]) -> Vec<R>,
    of_others: impl FnOnce(&[&Counted]) -> Vec<R>,
) -> Vec<R> {
    let is_of_system = |each: &&Counted| each.limit.source.is_of_system_models();
    let (system, others): (Vec<&Counted>, Vec<&Counted>) = counted.iter().partition(is_of_system);
    let mut answers_of_system = if system.is_empty() { Vec::new() } else { of_system(&system) }.into_iter();
    let mut answers_of_others = if others.is_empty() { Vec::new() } else { of_others(&others) }.into_iter();
    let next = |each| if is_of_system(&each) { answers_of_system.next() } else { answers_of_others.next() };
    counted.iter().filter_map(next).collect()
}

/// Makes rows of counters: of each the first with what is used and what no ledger row accounts for, others empty.
pub fn create(counted: &[Counted], slots: &[i16], used: &[(Amount, Amount)]) {
    let opening: Vec<String> = used.iter().map(|(_, opening)| opening.to_plain_string()).collect();
    let used: Vec<String> = used.iter().map(|(used, _)| used.to_plain_string()).collect();
    let args = [
        arg(counted.iter().map(|each| to_server(each.key.subject)).collect::<Vec<Uuid>>()),
        texts_arg(counted.iter().map(|each| Some(each.key.source))),
        arg(counted.iter().map(|each| each.key.limit_id).collect::<Vec<i64>>()),
        texts_arg(counted.iter().map(|each| Some(each.key.model.as_str()))),
        arg(slots.to_vec()),
        timestamps_arg(counted.iter().map(|each| each.window.start).collect()),
        timestamps_arg(counted.iter().map(|each| each.window.end).collect()),
        texts_arg(used.iter().map(|used| Some(used.as_str()))),
        texts_arg(opening.iter().map(|opening| Some(opening.as_str()))),
    ];
    CREATE.with(|query| query.execute(&args));
}

/// Removes counters with what is held of them.
pub fn remove(ids: Vec<i64>) {
    if !ids.is_empty() {
        let locked: Vec<i64> = lock_in_order(ids).iter().map(|slot| slot.counter_id).collect();
        REMOVE.with(|query| query.execute(&[arg(locked)]));
    }
}

/// A live reservation that a counter has to hold.
struct Live {
    place: usize,
    reservation: Uuid,
    amount: Amount,
    expires_at: Instant,
}

fn live_reservations(snapshot: Snapshot, counted: &[Counted], now: Instant) -> Vec<Live> {
    let read = |row: &Row| {
        Some(Live {
            place: usize::try_from(row.get::<i32>(1)? - 1).ok()?,
            reservation: row.get::<Uuid>(2)?,
            amount: amount_or_zero(row, 3),
            expires_at: row.timestamp(4)?,
        })
    };
    let (system, others): (Vec<_>, Vec<_>) =
        (1..).zip(counted).partition(|(_, each)| each.limit.source.is_of_system_models());
    let mut live = Vec::new();
    if !system.is_empty() {
        let (places, counted): (Vec<i32>, Vec<&Counted>) = system.into_iter().unzip();
        live.extend(system_usage::live_reservations(snapshot, &counted, places, now, read));
    }
    if !others.is_empty() {
        let (places, counted): (Vec<i32>, Vec<&Counted>) = others.into_iter().unzip();
        let mut args = counted_args(&counted);
        args.extend([timestamp_arg(now), arg(places)]);
        live.extend(LIVE_RESERVATIONS.with(|query| query.rows(snapshot, &args, read)));
    }
    live.into_iter().flatten().collect()
}

/// Counters as they would be made: with what the ledger says, and what live reservations hold.
pub fn imagine(snapshot: Snapshot, counted: &[Counted], now: Instant) -> Vec<Counter> {
    if counted.is_empty() {
        return Vec::new();
    }
    let sums = ledger_sums(snapshot, counted);
    let imagined = |(counted, sum): (&Counted, Amount)| {
        let used = counted.limit.carried.clone().unwrap_or_default().max(sum.clone());
        let slots = vec![Slot { opening: &used - sum, used, ..Slot::empty(0, counted.window) }];
        Counter { key: counted.key.clone(), slots, next_expiry: None }
    };
    let mut counters: Vec<Counter> = counted.iter().zip(sums).map(imagined).collect();
    for live in live_reservations(snapshot, counted, now) {
        let Some(counter) = counters.get_mut(live.place) else { continue };
        counter.slots.iter_mut().for_each(|slot| slot.held += &live.amount);
        counter.next_expiry = [counter.next_expiry, Some(live.expires_at)].into_iter().flatten().min();
    }
    counters
}

/// Lets live reservations, as they are committed now, hold counters that were just made; returns what each row holds then.
pub fn hold_live_reservations(counted: &[Counted], ids: &[i64], now: Instant) -> BTreeMap<i64, Amount> {
    let live = live_reservations(Snapshot::Fresh, counted, now);
    let holds: Vec<(i64, Live)> = live.into_iter().filter_map(|live| Some((*ids.get(live.place)?, live))).collect();
    let mut held = BTreeMap::new();
    if holds.is_empty() {
        return held;
    }
    let rows: Vec<holds::Hold> =
        holds.iter().map(|(id, live)| (*id, live.reservation, live.amount.clone(), live.expires_at)).collect();
    holds::store(&rows);
    for (id, live) in holds {
        *held.entry(id).or_insert_with(Amount::default) += live.amount;
    }
    held
}

/// Writes rows that are locked and changed, and the holds that ended with it.
pub fn write<'a>(slots: impl Iterator<Item = &'a Slot>, now: Instant) {
    let slots: Vec<&Slot> = slots.filter(|slot| slot.changes.any).collect();
    holds::end(&slots, now);
    write_rows(&slots);
}

/// The columns of [`COUNTER`].
fn row_args(slot: &Slot) -> [Arg; 7] {
    [
        timestamp_arg(slot.window.start),
        timestamp_arg(slot.window.end),
        numeric(Some(&slot.used)),
        numeric(Some(&slot.held)),
        numeric(Some(&slot.opening)),
        numeric(slot.granted.as_ref()),
        numeric(slot.granted_of.as_ref()),
    ]
}

fn write_rows(slots: &[&Slot]) {
    let write = |slot: &Slot| {
        COUNTER.with(|table| BY_ID.with(|rows| table.update(rows, [arg(slot.counter_id)], &row_args(slot))))
    };
    let Some(first) = slots.iter().position(|slot| write(slot).is_none()) else { return };
    write_by_statement(slots.get(first..).unwrap_or_default());
}

fn write_by_statement(slots: &[&Slot]) {
    let texts = |of: fn(&Slot) -> Option<&Amount>| -> Vec<Option<String>> {
        slots.iter().map(|slot| of(slot).map(Amount::to_plain_string)).collect()
    };
    let numbers = [
        texts(|slot| Some(&slot.used)),
        texts(|slot| Some(&slot.held)),
        texts(|slot| Some(&slot.opening)),
        texts(|slot| slot.granted.as_ref()),
        texts(|slot| slot.granted_of.as_ref()),
    ];
    let mut args = vec![
        arg(slots.iter().map(|slot| slot.counter_id).collect::<Vec<i64>>()),
        timestamps_arg(slots.iter().map(|slot| slot.window.start).collect()),
        timestamps_arg(slots.iter().map(|slot| slot.window.end).collect()),
    ];
    args.extend(numbers.iter().map(|texts| texts_arg(texts.iter().map(Option::as_deref))));
    WRITE.with(|query| query.execute(&args));
}
