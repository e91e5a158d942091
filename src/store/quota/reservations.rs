//! Reservations: made by admission, then settled, released, extended or expired.

use super::admission::Request;
use super::callers::{self, Call, Wish};
use super::costs::{self, Used};
use super::ledger::{self, Line};
use super::record::{self, Receipt};
use super::{Instant, amount, counters, locks, of_server, system_usage, to_server};
use crate::error::Error;
use crate::pg::composite::numeric;
use crate::pg::keyed::Seen;
use crate::pg::shape::Kind::{Big, Instant as At, Integer, Number, Text, Uuid as Id};
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::store::installation::Installation;
use crate::store::prices;
use crate::{keyed, lookup, written};
use model_access_domain::counter::Slot;
use model_access_domain::decision::Decision;
use model_access_domain::limit::{Amount, Caller};
use model_access_domain::reservation::{Event, Outcome, State, outcome};
use model_access_domain::system_model;
use pgrx::Uuid;
use std::collections::{BTreeMap, BTreeSet};

keyed!(
    BY_ID,
    c"quota_reservations",
    [(c"reservation_id", Id)],
    [
        (c"user_id", Id),
        (c"organization_id", Id),
        (c"tier", Text),
        (c"plan", Text),
        (c"model", Text),
        (c"occurred_at", At),
        (c"expires_at", At),
        (c"status", Text),
        (c"usage_id", Id),
        (c"usage_fingerprint", Big),
        (c"idempotency_key", Text),
        (c"price_id", Big),
        (c"cost_usd", Number)
    ]
);
written!(
    MADE,
    c"quota_reservations",
    [
        (c"reservation_id", Id),
        (c"user_id", Id),
        (c"organization_id", Id),
        (c"tier", Text),
        (c"plan", Text),
        (c"model", Text),
        (c"requests", Integer),
        (c"tokens", Big),
        (c"cost_usd", Number),
        (c"occurred_at", At),
        (c"expires_at", At),
        (c"idempotency_key", Text),
        (c"price_id", Big),
        (c"status", Text)
    ]
);
written!(SETTLED, c"quota_reservations", [(c"status", Text), (c"usage_id", Id), (c"usage_fingerprint", Big)]);
// Only deleted.
written!(HELD, c"quota_holds", []);
keyed!(HOLDS_BY_KEY, c"quota_holds", [(c"reservation_id", Id)], [(c"counter_id", Big), (c"amount", Number)]);
lookup!(INSERT, include_str!("../../../sql/queries/reservation_insert.sql"));
// The column came with version 0.2.0: apart from the insert and the lock, it is asked for only where there are system models, so
// tables of 0.1.0 go on working.
lookup!(
    MARK_FREE,
    "UPDATE public.quota_reservations AS r SET is_free = true WHERE r.reservation_id OPERATOR(pg_catalog.=) $1"
);
lookup!(
    IS_FREE,
    "SELECT true FROM public.quota_reservations AS r WHERE r.reservation_id OPERATOR(pg_catalog.=) $1 AND r.is_free"
);
lookup!(LOCK, include_str!("../../../sql/queries/reservation_lock.sql"));
lookup!(LOCK_ACTIVE, include_str!("../../../sql/queries/reservations_lock_active.sql"));
lookup!(EXPIRED, include_str!("../../../sql/queries/reservations_expired.sql"));
lookup!(
    HOLDS,
    "SELECT h.counter_id, h.amount::pg_catalog.text FROM public.quota_holds AS h
      WHERE h.reservation_id OPERATOR(pg_catalog.=) ANY ($1)"
);
lookup!(HOLDS_DELETE, "DELETE FROM public.quota_holds AS h WHERE h.reservation_id OPERATOR(pg_catalog.=) ANY ($1)");
lookup!(
    HOLDS_EXTEND,
    "UPDATE public.quota_holds AS h SET expires_at = $2 WHERE h.reservation_id OPERATOR(pg_catalog.=) $1"
);
lookup!(
    EXTEND,
    "UPDATE public.quota_reservations AS r SET expires_at = $2 WHERE r.reservation_id OPERATOR(pg_catalog.=) $1"
);
lookup!(
    SET_STATUS,
    "UPDATE public.quota_reservations AS r SET status = $2 WHERE r.reservation_id OPERATOR(pg_catalog.=) ANY ($1)"
);
lookup!(
    SET_SETTLED,
    "UPDATE public.quota_reservations AS r SET status = 'settled', usage_id = $2, usage_fingerprint = $3
      WHERE r.reservation_id OPERATOR(pg_catalog.=) $1"
);

/// A reservation, locked.
struct Reservation {
    id: Uuid,
    caller: Caller,
    model: String,
    occurred_at: Instant,
    expires_at: Instant,
    state: State,
    usage_id: Option<Uuid>,
    fingerprint: Option<i64>,
    key: Option<String>,
    price_id: Option<i64>,
    held_usd: Option<Amount>,
}

/// Stores a reservation and what it holds of rows of counters.
pub fn store(call: &Call, request: &Request, now: Instant, expires_at: Instant, holds: Vec<(i64, Amount)>) -> Uuid {
    let id = ledger::new_id(now);
    let row = [
        arg(id),
        arg(to_server(call.caller.user)),
        arg(call.caller.organization.map(to_server)),
        arg(call.caller.tier.as_str()),
        arg(call.caller.plan.as_deref()),
        arg(call.model.as_str()),
        arg(request.usage.requests),
        arg(request.usage.total_tokens),
        numeric(call.demand.cost_usd.as_ref()),
        timestamp_arg(now),
        timestamp_arg(expires_at),
        arg(request.keyed.as_ref().map(|keyed| keyed.key.as_str())),
        arg(call.price_id),
        arg(State::Active.word()),
    ];
    let rows = [row];
    if MADE.with(|table| table.insert(&rows)).is_none() {
        let [row] = rows;
        INSERT.with(|query| query.execute(&row));
    }
    let holds: Vec<_> = holds.into_iter().map(|(counter, amount)| (counter, id, amount, expires_at)).collect();
    super::holds::store(&holds);
    if call.is_free() {
        MARK_FREE.with(|query| query.execute(&[arg(id)]));
    }
    id
}

/// Locks a reservation. PT404 when there is none.
fn lock(id: Uuid) -> Result<Reservation, Error> {
    let read = |row: &Row| {
        let text = |position| row.get::<String>(position);
        let caller = Caller {
            user: row.get::<Uuid>(1).map(of_server).unwrap_or_default(),
            organization: row.get::<Uuid>(2).map(of_server),
            tier: text(3).unwrap_or_default(),
            plan: text(4),
        };
        Reservation {
            id,
            caller,
            model: text(5).unwrap_or_default(),
            occurred_at: row.timestamp(6).unwrap_or_default(),
            expires_at: row.timestamp(7).unwrap_or_default(),
            state: text(8).and_then(|word| State::of_word(&word)).unwrap_or(State::Expired),
            usage_id: row.get::<Uuid>(9),
            fingerprint: row.get::<i64>(10),
            key: text(11),
            price_id: row.get::<i64>(12),
            held_usd: amount(row, 13),
        }
    };
    let mut found = None;
    let by_id = BY_ID.with(|rows| rows.lock(&[[arg(id)]], |_, row| found = Some(read(row))));
    if by_id.is_none() {
        found = LOCK.with(|query| query.first(Snapshot::Latest, &[arg(id)], read));
    }
    found.ok_or_else(|| Error::UnknownReservation(id.to_string()))
}

fn holds(ids: &[Uuid]) -> BTreeMap<i64, Amount> {
    let mut held: BTreeMap<i64, Amount> = BTreeMap::new();
    let read = |row: &Row| (row.get::<i64>(1), amount(row, 2));
    let keys: Vec<_> = ids.iter().map(|id| [arg(*id)]).collect();
    let mut rows = Vec::new();
    let keep = |_, row: &Row| {
        rows.push(read(row));
        true
    };
    if Seen::with(Snapshot::Fresh, |seen| HOLDS_BY_KEY.with(|holds| holds.rows(seen, &keys, keep))).is_none() {
        rows = HOLDS.with(|query| query.rows(Snapshot::Fresh, &[arg(ids.to_vec())], read));
    }
    for (counter, amount) in rows {
        *held.entry(counter.unwrap_or_default()).or_default() += amount.unwrap_or_default();
    }
    held
}

/// Stores the actual usage of a reservation, in full, whatever became of it; once.
pub fn settle(
    installation: &Installation,
    id: Uuid,
    used: &Used,
    fingerprint: i64,
    now: Instant,
) -> Result<Receipt, Error> {
    installation.as_owner_by_number(|| {
        let reservation = lock(id)?;
        let same_usage = reservation.fingerprint == Some(fingerprint);
        match outcome(reservation.state, Event::Settle { same_usage }) {
            Outcome::Becomes(_) => settle_locked(installation, &reservation, used, fingerprint, now),
            Outcome::Stays => {
                let usage_id = reservation.usage_id.unwrap_or(reservation.id);
                record::receipt(usage_id, reservation.occurred_at, Some(id), true)
            }
            Outcome::OtherUsage | Outcome::Gone => Err(Error::OtherUsage(id.to_string())),
        }
    })
}

fn settle_locked(
    installation: &Installation,
    reservation: &Reservation,
    used: &Used,
    fingerprint: i64,
    now: Instant,
) -> Result<Receipt, Error> {
    let usage_id = ledger::new_id(now);
    let Reservation { caller, model, occurred_at, price_id, held_usd, .. } = reservation;
    let price = price_id.and_then(|id| prices::of_id(Snapshot::Fresh, id));
    let charge =
        costs::charge(used, price.as_ref(), *occurred_at, installation.markup_percent()).or_estimated(held_usd);
    let wish = Wish { user: caller.user, model: model.clone(), demand: record::demand(&used.usage, &charge) };
    let was_free = || IS_FREE.with(|query| query.first(Snapshot::Fresh, &[arg(reservation.id)], |_| ())).is_some();
    let was_free = system_model::is_system(model) && was_free();
    let call = callers::look_up_admitted(Snapshot::Fresh, &wish, caller, was_free, *occurred_at);
    let line = Line {
        id: usage_id,
        caller,
        model,
        usage: used.usage,
        reservation: Some(reservation.id),
        key: reservation.key.as_deref(),
        occurred_at: *occurred_at,
        price_id: *price_id,
        charge,
    };
    record::counted(
        call.clone(),
        *occurred_at,
        || holds(&[reservation.id]),
        |warnings| {
            delete_holds(reservation.id);
            let stored = ledger::store(&line, now);
            set_settled(reservation.id, usage_id, fingerprint);
            system_usage::insert([(&call, &line)].into_iter());
            let receipt = record::receipt_of(stored, usage_id, Some(reservation.id), false)?;
            Ok(Receipt { warnings, ..receipt })
        },
    )
}

fn delete_holds(id: Uuid) {
    if HELD.with(|table| HOLDS_BY_KEY.with(|rows| table.delete(rows, [arg(id)]))).is_none() {
        HOLDS_DELETE.with(|query| query.execute(&[arg(vec![id])]));
    }
}

fn set_settled(id: Uuid, usage_id: Uuid, fingerprint: i64) {
    let values = [arg(State::Settled.word()), arg(usage_id), arg(fingerprint)];
    if SETTLED.with(|table| BY_ID.with(|rows| table.update(rows, [arg(id)], &values))).is_none() {
        SET_SETTLED.with(|query| query.execute(&[arg(id), arg(usage_id), arg(fingerprint)]));
    }
}

/// Gives a reservation back without usage. Nothing happens to one that is settled, released or expired.
pub fn release(installation: &Installation, id: Uuid, now: Instant) -> Result<Decision, Error> {
    installation.as_owner(|| {
        let reservation = lock(id)?;
        if let Outcome::Becomes(state) = outcome(reservation.state, Event::Release) {
            give_back(&[id], locks::subjects(&reservation.caller), state, now)?;
        }
        Ok(of_reservation(id))
    })
}

/// Locks a reservation as a settlement locks it, and tells where it stands. PT404 when there is none. Acts as whoever calls.
pub fn lock_state(id: Uuid) -> Result<State, Error> {
    lock(id).map(|reservation| reservation.state)
}

/// Gives those of some reservations back that are active. All are locked before anything that they hold of, as each call does
/// it with its one.
pub fn release_all(installation: &Installation, ids: &[Uuid], now: Instant) -> Result<(), Error> {
    installation.as_owner(|| {
        let active = LOCK_ACTIVE.with(|query| query.rows(Snapshot::Latest, &[arg(ids.to_vec())], with_subjects));
        give_back_found(active, State::Released, now).map(|_| ())
    })
}

/// Locks the subjects of some reservations, which are locked, and the counters that they hold of; returns those and what is
/// held of them. Whoever makes a counter meanwhile lets them hold it, so he comes before or after.
fn lock_held(
    ids: &[Uuid],
    subjects: impl Iterator<Item = uuid::Uuid>,
) -> Result<(Vec<Slot>, BTreeMap<i64, Amount>), Error> {
    locks::lock_subjects(subjects, &BTreeSet::new());
    let slots = counters::lock_in_order(holds(ids).into_keys().collect());
    let held = holds(ids);
    // A counter that was made after the snapshot of a REPEATABLE READ transaction cannot be locked by it.
    if held.keys().any(|id| slots.iter().all(|slot| slot.counter_id != *id)) {
        return Err(Error::CountersChanged);
    }
    Ok((slots, held))
}

/// Takes back what some reservations of some subjects hold; they are locked.
fn give_back(
    ids: &[Uuid],
    subjects: impl Iterator<Item = uuid::Uuid>,
    state: State,
    now: Instant,
) -> Result<(), Error> {
    let (mut slots, held) = lock_held(ids, subjects)?;
    for slot in &mut slots {
        if let Some(amount) = held.get(&slot.counter_id) {
            slot.add(&Amount::default(), &-amount.clone());
        }
    }
    counters::write(slots.iter(), now);
    HOLDS_DELETE.with(|query| query.execute(&[arg(ids.to_vec())]));
    SET_STATUS.with(|query| query.execute(&[arg(ids.to_vec()), arg(state.word())]));
    Ok(())
}

/// Lets a reservation live until so many microseconds from now, if that is longer. PT410 for one that no longer lives.
///
/// The clock is read when everything is locked: while the call waited, its time may have come and others may have taken
/// its holds back.
pub fn extend(
    installation: &Installation,
    id: Uuid,
    ttl: i64,
    clock: impl FnOnce() -> Instant,
) -> Result<Decision, Error> {
    installation.as_owner(|| {
        let reservation = lock(id)?;
        lock_held(&[id], locks::subjects(&reservation.caller))?;
        let now = clock();
        let in_time = now < reservation.expires_at;
        if outcome(reservation.state, Event::Extend { in_time }) == Outcome::Gone {
            return Err(Error::ReservationGone(id.to_string()));
        }
        let expires_at = now.saturating_add(ttl).max(reservation.expires_at);
        HOLDS_EXTEND.with(|query| query.execute(&[arg(id), timestamp_arg(expires_at)]));
        EXTEND.with(|query| query.execute(&[arg(id), timestamp_arg(expires_at)]));
        Ok(of_reservation(id))
    })
}

/// Takes back what expired reservations hold, of at most so many; returns of how many. Those that others work on are left.
pub fn expire(installation: &Installation, batch: i32, now: Instant) -> Result<usize, Error> {
    installation.as_owner(|| {
        let args = [timestamp_arg(now), arg(batch)];
        let expired = EXPIRED.with(|query| query.rows(Snapshot::Latest, &args, with_subjects));
        give_back_found(expired, State::Expired, now)
    })
}

/// A reservation, its user and its organisation.
type WithSubjects = (Option<Uuid>, [Option<uuid::Uuid>; 2]);

fn with_subjects(row: &Row) -> WithSubjects {
    (row.get::<Uuid>(1), [2, 3].map(|position| row.get::<Uuid>(position).map(of_server)))
}

/// Takes back what some reservations hold, which are locked; returns how many they are.
fn give_back_found(found: Vec<WithSubjects>, state: State, now: Instant) -> Result<usize, Error> {
    let ids: Vec<Uuid> = found.iter().filter_map(|(id, _)| *id).collect();
    if !ids.is_empty() {
        let subjects = found.into_iter().flat_map(|(_, subjects)| subjects).flatten();
        give_back(&ids, subjects, state, now)?;
    }
    Ok(ids.len())
}

/// The answer to a change of a reservation.
fn of_reservation(id: Uuid) -> Decision {
    Decision {
        reason: None,
        figures: None,
        retry_after_seconds: None,
        reservation_id: Some(of_server(id)),
        system_usage_id: None,
        warnings: Vec::new(),
    }
}
