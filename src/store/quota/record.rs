//! Usage that happened: stored in full, whatever the limits say.

use super::board::Board;
use super::board_lock::{ATTEMPTS, Slots, Unlocked};
use super::callers::{self, Call, Wish};
use super::costs::{self, Used};
use super::ledger::{self, Line, Stored};
use super::requests::{self, Keyed};
use super::{Instant, alerts, limits, locks, of_server, system_usage};
use crate::error::Error;
use crate::lookup;
use crate::pg::spi::Snapshot;
use crate::store::installation::Installation;
use crate::store::prices;
use model_access_domain::charge::Charge;
use model_access_domain::decision::{Demand, Warning};
use model_access_domain::limit::Amount;
use model_access_domain::usage::Usage;
use pgrx::Uuid;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

lookup!(OLDEST, include_str!("../../../sql/queries/ledger_oldest.sql"));

/// A clock of the caller's may be ahead of ours by so much: an hour, in microseconds.
const CLOCK_SKEW: i64 = 3_600_000_000;

/// What was stored.
pub struct Receipt {
    /// The ledger row.
    pub usage_id: Uuid,
    /// The reservation that was settled.
    pub reservation_id: Option<Uuid>,
    /// The model.
    pub model: String,
    /// Tokens in all.
    pub tokens: i64,
    /// The provider's cost, USD; NULL while not known.
    pub cost_usd: Option<Amount>,
    /// What is added.
    pub markup_usd: Option<Amount>,
    /// Both.
    pub total_usd: Option<Amount>,
    /// Where the cost comes from.
    pub cost_source: String,
    /// Whether it had been stored before.
    pub repeated: bool,
    /// Limits that are exceeded now.
    pub warnings: Vec<Warning>,
}

/// What usage amounts to.
pub fn demand(usage: &Usage, charge: &Charge) -> Demand {
    let cost_usd = charge.cost_usd.clone();
    Demand { requests: usage.requests.into(), tokens: usage.total_tokens.into(), cost_usd }
}

/// Counts usage of a call on every counter that stands and whose window holds its instant, makes none, and goes on to store it,
/// with the limits that are exceeded then. `holds` reads what its reservation holds.
pub fn counted<R>(
    call: Call,
    at: Instant,
    holds: impl Fn() -> BTreeMap<i64, Amount>,
    store: impl Fn(Vec<Warning>) -> Result<R, Error>,
) -> Result<R, Error> {
    locks::lock_subjects(locks::subjects(&call.caller), &BTreeSet::new());
    let calls = [Call { closed: None, ..call }];
    let mut slots = Slots::One;
    for _ in 0..ATTEMPTS {
        let limits = limits::of_calls(Snapshot::Fresh, &calls)?;
        let mut board = Board::of_usage(&limits, &calls, at, holds());
        board.remove_stale();
        let done = board.locked(slots, |board| {
            board.take_off(&holds());
            board.count(0, false);
            board.write()?;
            alerts::raise(board);
            store(board.exceeded())
        });
        match done {
            Ok(done) => return done,
            Err(Unlocked::Full) => slots = Slots::All,
            Err(Unlocked::Lost) => {}
        }
    }
    Err(Error::CountersChanged)
}

/// A ledger row as a receipt, whenever it was committed. PT410 when the row is no longer kept.
pub fn receipt(
    usage_id: Uuid,
    occurred_at: Instant,
    reservation_id: Option<Uuid>,
    repeated: bool,
) -> Result<Receipt, Error> {
    receipt_of(ledger::read_back(usage_id, occurred_at), usage_id, reservation_id, repeated)
}

/// A receipt of what was stored. PT410 when nothing was.
pub fn receipt_of(
    stored: Option<Stored>,
    usage_id: Uuid,
    reservation_id: Option<Uuid>,
    repeated: bool,
) -> Result<Receipt, Error> {
    let Stored { model, tokens, usd, cost_source } = stored.ok_or_else(|| Error::UsageGone(usage_id.to_string()))?;
    let [cost_usd, markup_usd, total_usd] = usd;
    let warnings = Vec::new();
    Ok(Receipt {
        usage_id,
        reservation_id,
        model,
        tokens,
        cost_usd,
        markup_usd,
        total_usd,
        cost_source,
        repeated,
        warnings,
    })
}

/// Usage of which nothing was known before.
pub struct Happened<'a> {
    /// Who used.
    pub user: uuid::Uuid,
    /// Which model, as the provider names it.
    pub model: &'a str,
    /// How much, and at which cost.
    pub used: Used,
    /// When; `None` is now.
    pub occurred_at: Option<Instant>,
}

/// Stores usage that happened without a reservation. An instant ahead of our clock counts as now.
pub fn record(
    installation: &Installation,
    happened: &Happened,
    keyed: Option<&Keyed>,
    now: Instant,
) -> Result<Receipt, Error> {
    let Happened { user, occurred_at, ref used, .. } = *happened;
    let usage = used.usage;
    installation.as_owner(|| {
        let _locked = locks::lock_keys(keyed.iter().map(|keyed| (keyed.user, keyed.key.as_str())));
        if let Some(keyed) = keyed
            && let Some(stored) = requests::known(&[keyed])?.into_iter().next().flatten()
        {
            return stored_before(&stored);
        }
        let at = instant_of(occurred_at, now)?;
        let model = prices::resolve(Snapshot::Fresh, happened.model);
        let price = prices::in_force_of(Snapshot::Fresh, &model, at);
        let charge = costs::charge(used, price.as_ref(), at, installation.markup_percent());
        let wish = Wish { user, model: model.clone(), demand: demand(&usage, &charge) };
        let call = callers::look_up_one(Snapshot::Fresh, &wish, at);
        let id = ledger::new_id(now);
        let line = Line {
            id,
            caller: &call.caller,
            model: &model,
            usage,
            reservation: None,
            key: keyed.map(|keyed| keyed.key.as_str()),
            occurred_at: at,
            price_id: price.map(|price| price.id),
            charge,
        };
        counted(call.clone(), at, BTreeMap::new, |warnings| {
            let stored = ledger::store(&line, now);
            system_usage::insert([(&call, &line)].into_iter());
            let kept = json!({ "usage_id": of_server(id).to_string(), "occurred_at": at });
            requests::keep(keyed.map(|keyed| (keyed, kept)).into_iter(), now);
            Ok(Receipt { warnings, ..receipt_of(stored, id, None, false)? })
        })
    })
}

fn stored_before(stored: &serde_json::Value) -> Result<Receipt, Error> {
    let text = stored.get("usage_id").and_then(serde_json::Value::as_str).unwrap_or_default();
    let at = stored.get("occurred_at").and_then(serde_json::Value::as_i64).unwrap_or_default();
    let id = uuid::Uuid::parse_str(text).map_err(|_| Error::UsageGone(text.to_owned()))?;
    receipt(super::to_server(id), at, None, true)
}

/// The instant that recorded usage belongs to. 22023 outside what the ledger keeps.
fn instant_of(occurred_at: Option<Instant>, now: Instant) -> Result<Instant, Error> {
    let Some(at) = occurred_at else { return Ok(now) };
    if at > now.saturating_add(CLOCK_SKEW) {
        return Err(Error::InstantOutOfRange(at, "It is more than an hour ahead."));
    }
    let oldest = OLDEST.with(|query| query.first(Snapshot::Latest, &[], |row| row.timestamp(1))).flatten();
    if at == Instant::MIN || oldest.is_some_and(|oldest| at < oldest) {
        return Err(Error::InstantOutOfRange(at, "It is before what the ledger keeps."));
    }
    Ok(at.min(now))
}
