//! What reservations hold of rows of counters.

use super::{Instant, amount_or_zero};
use crate::pg::arrays::texts_arg;
use crate::pg::composite::numeric;
use crate::pg::shape::Kind::{Big, Instant as At, Number, Uuid as Id};
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg, timestamps_arg};
use crate::{lookup, written};
use model_access_domain::counter::{Changes, Counter, Slot};
use model_access_domain::limit::Amount;
use pgrx::Uuid;
use std::collections::BTreeMap;

written!(
    HOLD,
    c"quota_holds",
    [(c"counter_id", Big), (c"reservation_id", Id), (c"amount", Number), (c"expires_at", At)]
);
lookup!(
    HOLDS_INSERT,
    "INSERT INTO public.quota_holds (counter_id, reservation_id, amount, expires_at)
     SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3::pg_catalog.numeric[]), pg_catalog.unnest($4)"
);
lookup!(HOLDS_EXPIRED, include_str!("../../../sql/queries/quota_holds_expired.sql"));
lookup!(HOLDS_OF_OLD_WINDOWS, "DELETE FROM public.quota_holds AS h WHERE h.counter_id OPERATOR(pg_catalog.=) ANY ($1)");
lookup!(
    HOLDS_TAKE_BACK,
    "DELETE FROM public.quota_holds AS h
      WHERE h.counter_id OPERATOR(pg_catalog.=) ANY ($1) AND h.expires_at OPERATOR(pg_catalog.<=) $2"
);

/// What a reservation holds of a row of a counter, and how long.
pub type Hold = (i64, Uuid, Amount, Instant);

/// Stores what reservations hold of rows; these are written apart.
pub fn store(holds: &[Hold]) {
    let row = |(counter, reservation, amount, expires_at): &Hold| {
        [arg(*counter), arg(*reservation), numeric(Some(amount)), timestamp_arg(*expires_at)]
    };
    let rows: Vec<_> = holds.iter().map(row).collect();
    if holds.is_empty() || HOLD.with(|table| table.insert(&rows)).is_some() {
        return;
    }
    let amounts: Vec<String> = holds.iter().map(|(.., amount, _)| amount.to_plain_string()).collect();
    let args = [
        arg(holds.iter().map(|(counter, ..)| *counter).collect::<Vec<i64>>()),
        arg(holds.iter().map(|(_, reservation, ..)| *reservation).collect::<Vec<Uuid>>()),
        texts_arg(amounts.iter().map(|amount| Some(amount.as_str()))),
        timestamps_arg(holds.iter().map(|(.., expires_at)| *expires_at).collect()),
    ];
    HOLDS_INSERT.with(|query| query.execute(&args));
}

/// Notes on counters what expired reservations still hold of them, and when the next live hold expires.
pub fn note_expiries<'a>(snapshot: Snapshot, counters: impl Iterator<Item = &'a mut Counter>, now: Instant) {
    let mut counters: Vec<&mut Counter> = counters.collect();
    let holding = |slot: &&Slot| slot.counter_id != 0 && slot.held > Amount::default();
    let slots = counters.iter().flat_map(|counter| &counter.slots);
    let ids: Vec<i64> = slots.filter(holding).map(|slot| slot.counter_id).collect();
    if ids.is_empty() {
        return;
    }
    let args = [arg(ids), timestamp_arg(now)];
    let read = |row: &Row| (row.get::<i64>(1).unwrap_or_default(), (amount_or_zero(row, 2), row.timestamp(3)));
    let mut found: BTreeMap<i64, (Amount, Option<Instant>)> =
        HOLDS_EXPIRED.with(|query| query.rows(snapshot, &args, read)).into_iter().collect();
    for counter in &mut counters {
        for slot in &mut counter.slots {
            if let Some((expired, next)) = found.remove(&slot.counter_id) {
                slot.expired = expired;
                counter.next_expiry = [counter.next_expiry, next].into_iter().flatten().min();
            }
        }
    }
}

/// Deletes what is held no longer of rows whose window began anew, and of those that took expired holds back.
pub fn end(slots: &[&Slot], now: Instant) {
    let ids = |of: fn(&Changes) -> bool| -> Vec<i64> {
        slots.iter().filter(|slot| of(&slot.changes)).map(|slot| slot.counter_id).collect()
    };
    let rolled = ids(|changes| changes.rolled);
    if !rolled.is_empty() {
        HOLDS_OF_OLD_WINDOWS.with(|query| query.execute(&[arg(rolled)]));
    }
    let reclaimed = ids(|changes| changes.reclaimed);
    if !reclaimed.is_empty() {
        HOLDS_TAKE_BACK.with(|query| query.execute(&[arg(reclaimed), timestamp_arg(now)]));
    }
}
