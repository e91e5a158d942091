//! Admission: check, consume, reserve.

use super::board::Board;
use super::board_lock::{self, Slots};
use super::callers::{self, Call, Wish};
use super::ledger::{self, Line};
use super::requests::{self, Keyed};
use super::reservations;
use super::{Instant, alerts, costs, limits, locks, system_usage};
use crate::error::Error;
use crate::pg::session;
use crate::pg::spi::Snapshot;
use crate::store::installation::Installation;
use crate::store::tally;
use model_access_domain::answer;
use model_access_domain::charge::Charge;
use model_access_domain::decision::{Decision, Reason};
use model_access_domain::limit::Amount;
use model_access_domain::usage::Usage;
use std::collections::BTreeMap;

/// A call to be admitted.
#[derive(Clone)]
pub struct Request {
    /// Who, which model, how much.
    pub wish: Wish,
    /// How much in detail, as far as it is known before: what is stored when it is consumed.
    pub usage: Usage,
    /// How a retry is known.
    pub keyed: Option<Keyed>,
}

/// What becomes of a call that is admitted.
#[derive(Clone, Copy)]
pub enum Admit {
    /// It is used up at once.
    Consume,
    /// It is held for so many microseconds.
    Reserve(i64),
}

/// Whether a call would be admitted. Changes nothing and takes no lock.
pub fn check(installation: &Installation, request: &Request, now: Instant) -> Result<Decision, Error> {
    let decided = installation.as_owner_by_number(|| {
        let mut calls = [callers::look_up_one(Snapshot::Callers, &request.wish, now)];
        if let [Call { closed: Some(reason), .. }] = calls {
            return Ok(Decision::refused(reason));
        }
        let limits = limits::of_calls(Snapshot::Callers, &calls)?;
        if costs::matter(&limits) {
            costs::pin(Snapshot::Callers, &mut calls, std::slice::from_ref(request), now);
        }
        let mut board = Board::read(Snapshot::Callers, &limits, &calls, now);
        board.imagine_missing(Snapshot::Callers);
        board.look_up_expiries(Snapshot::Callers);
        Ok(board.decide(0))
    });
    decided.inspect(|decision| tally::note_decisions(std::slice::from_ref(decision)))
}

/// Admits calls, each by itself, in their order; of each all limits or none.
pub fn admit(
    installation: &Installation,
    requests: &[Request],
    admit: Admit,
    now: Instant,
) -> Result<Vec<Decision>, Error> {
    let decided = installation.as_owner_by_number(|| {
        let keys = requests.iter().filter_map(|request| request.keyed.as_ref());
        let locked = locks::lock_keys(keys.clone().map(|keyed| (keyed.user, keyed.key.as_str())));
        let repeats = Repeats::of(requests)?;
        let fresh: Vec<Request> = repeats.fresh(requests);
        let wishes: Vec<Wish> = fresh.iter().map(|request| request.wish.clone()).collect();
        let decided = if fresh.is_empty() {
            Decided { decisions: Vec::new(), wrote: false }
        } else {
            let mut calls = callers::look_up(Snapshot::Fresh, &wishes, now);
            costs::pin(Snapshot::Fresh, &mut calls, &fresh, now);
            decide(&calls, &fresh, admit, installation, now)?
        };
        if !decided.wrote {
            locked.release();
        }
        Ok(repeats.answers(decided.decisions))
    });
    decided.inspect(|decisions| tally::note_decisions(decisions))
}

/// Decisions, and whether any of them was written.
struct Decided {
    decisions: Vec<Decision>,
    wrote: bool,
}

fn decide(
    calls: &[Call],
    requests: &[Request],
    admit: Admit,
    installation: &Installation,
    now: Instant,
) -> Result<Decided, Error> {
    if calls.iter().all(|call| call.closed.is_some()) {
        let refused = |call: &Call| Decision::refused(call.closed.unwrap_or(Reason::ModelNotFound));
        return Ok(Decided { decisions: calls.iter().map(refused).collect(), wrote: false });
    }
    let as_held = matches!(admit, Admit::Reserve(_));
    let refused = |board: &Board| {
        // One that is allowed is decided on a copy only to count it for those after it.
        if calls.len() == 1 && board.decide(0).is_allowed() {
            return None;
        }
        let decisions = board.clone().decide_all(Snapshot::Fresh, as_held);
        (!decisions.iter().any(Decision::is_allowed)).then_some(Decided { decisions, wrote: false })
    };
    board_lock::with_locked(
        calls,
        now,
        Slots::One,
        |_| true,
        refused,
        |board| decide_locked(board, calls, requests, admit, installation),
    )
}

/// The decision that counts: every row that it depends on is locked.
fn decide_locked(
    board: &mut Board,
    calls: &[Call],
    requests: &[Request],
    admit: Admit,
    installation: &Installation,
) -> Result<Decided, Error> {
    let as_held = matches!(admit, Admit::Reserve(_));
    let mut decisions = board.decide_all(Snapshot::Latest, as_held);
    let admitted: Vec<usize> =
        decisions.iter().enumerate().filter_map(|(place, decision)| decision.is_allowed().then_some(place)).collect();
    if admitted.is_empty() {
        return Ok(Decided { decisions, wrote: false });
    }
    board.write()?;
    match admit {
        Admit::Consume => {
            let stored = store_usage(board, calls, requests, &admitted, &installation.markup_percent());
            for (place, system_usage_id) in stored {
                if let Some(decision) = decisions.get_mut(place) {
                    decision.system_usage_id = system_usage_id;
                }
            }
        }
        Admit::Reserve(ttl) => {
            // Its life begins when it is made: a call may have waited for its locks.
            let expires_at = board.now.max(session::clock()).saturating_add(ttl);
            for place in admitted.iter().copied() {
                let (Some(call), Some(request)) = (calls.get(place), requests.get(place)) else { continue };
                let id = reservations::store(call, request, board.now, expires_at, board.holds(place));
                if let Some(decision) = decisions.get_mut(place) {
                    decision.reservation_id = Some(super::of_server(id));
                }
            }
        }
    }
    alerts::raise(board);
    let answers = admitted.iter().filter_map(|place| {
        let keyed = requests.get(*place)?.keyed.as_ref()?;
        Some((keyed, requests::of_decision(decisions.get(*place)?)))
    });
    requests::keep(answers, board.now);
    Ok(Decided { decisions, wrote: true })
}

/// Stores what was admitted; returns the rows of `ai_model_usage` by the place of the call.
fn store_usage(
    board: &Board,
    calls: &[Call],
    requests: &[Request],
    admitted: &[usize],
    markup_percent: &Amount,
) -> Vec<(usize, Option<i64>)> {
    let line = |place: &usize| {
        let (call, request) = calls.get(*place).zip(requests.get(*place))?;
        Some(Line {
            id: ledger::new_id(board.now),
            caller: &call.caller,
            model: &call.model,
            usage: request.usage,
            reservation: None,
            key: request.keyed.as_ref().map(|keyed| keyed.key.as_str()),
            occurred_at: board.now,
            price_id: call.price_id,
            // How the tokens divide is not known, so the cost is the most that it can be: what its limits admitted.
            charge: Charge::estimated(call.demand.cost_usd.clone(), markup_percent.clone()),
        })
    };
    let lines: Vec<(usize, Line)> = admitted.iter().filter_map(|place| Some((*place, line(place)?))).collect();
    let of_call = lines.iter().filter_map(|(place, line)| Some((calls.get(*place)?, line)));
    let keys = system_usage::insert(of_call);
    let (places, lines): (Vec<usize>, Vec<Line>) = lines.into_iter().unzip();
    ledger::insert(&lines, board.now);
    places.into_iter().zip(keys).collect()
}

/// Where the answer to each request comes from.
struct Repeats(Vec<Origin>);

enum Origin {
    /// It was answered before.
    Kept(Box<Decision>),
    /// It is decided now, at this place among those that are.
    Fresh(usize),
    /// It repeats, in the same batch, the one at this place among those that are decided now.
    Again(usize),
}

impl Repeats {
    /// Sorts requests by their keys, which are locked. PT409 for a key of another call.
    fn of(requests: &[Request]) -> Result<Self, Error> {
        let keyed: Vec<&Keyed> = requests.iter().filter_map(|request| request.keyed.as_ref()).collect();
        let mut known = requests::known(&keyed)?.into_iter();
        let mut first: BTreeMap<(uuid::Uuid, &str), (i64, usize)> = BTreeMap::new();
        let mut origins = Vec::with_capacity(requests.len());
        let mut count = 0;
        for request in requests {
            let kept = request.keyed.as_ref().and_then(|_| known.next().flatten());
            if let Some(decision) = kept.as_ref().and_then(answer::of_json) {
                origins.push(Origin::Kept(Box::new(decision)));
                continue;
            }
            if let Some(keyed) = &request.keyed {
                let (fingerprint, place) =
                    *first.entry((keyed.user, keyed.key.as_str())).or_insert((keyed.fingerprint, count));
                if fingerprint != keyed.fingerprint {
                    return Err(Error::KeyReused(keyed.key.clone()));
                }
                if place != count {
                    origins.push(Origin::Again(place));
                    continue;
                }
            }
            origins.push(Origin::Fresh(count));
            count += 1;
        }
        Ok(Self(origins))
    }

    fn fresh(&self, requests: &[Request]) -> Vec<Request> {
        let pairs = self.0.iter().zip(requests);
        pairs.filter(|(origin, _)| matches!(origin, Origin::Fresh(_))).map(|(_, request)| request.clone()).collect()
    }

    fn answers(self, decided: Vec<Decision>) -> Vec<Decision> {
        let at = |place: usize| decided.get(place).cloned().unwrap_or(Decision::refused(Reason::ModelNotFound));
        let answer = |origin| match origin {
            Origin::Kept(decision) => *decision,
            Origin::Fresh(place) | Origin::Again(place) => at(place),
        };
        self.0.into_iter().map(answer).collect()
    }
}
