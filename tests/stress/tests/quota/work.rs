//! What the clients do.

use super::book::Used;
use super::decision::{Call, Decision, batch};
use super::session::Session;
use super::world::{GROUPS, ROUNDS, USERS, World, count, locked};
use postgres::SimpleQueryRow;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

/// Long enough to be settled in time, whatever crashes meanwhile.
const LONG_TTL_MS: u64 = 600_000;
/// More reservations are not kept open by one client.
const OPEN: usize = 3;

/// What becomes of a reservation.
enum Fate {
    Settle(u64),
    ReleaseThenSettle(u64),
    Release,
}

/// A reservation that is to be settled or released.
struct Open {
    due: Instant,
    call: Call,
    reservation: String,
    fate: Fate,
}

pub struct Worker<'w> {
    session: Session<'w>,
    number: u64,
    keys: u64,
    open: Vec<Open>,
}

impl<'w> Worker<'w> {
    pub fn new(world: &'w World, number: u64) -> Self {
        Self { session: Session::new(world, number, "quota client"), number, keys: 0, open: Vec::new() }
    }

    /// Until the random part is over and every reservation of this client has met its fate.
    pub fn work(&mut self) {
        while !self.world().is_over() {
            match self.open.iter().position(|open| open.due <= Instant::now()) {
                Some(place) => self.close(place),
                None if self.open.len() >= OPEN => self.close(0),
                None => self.something(),
            }
        }
        while !self.open.is_empty() && !self.world().is_late() {
            self.close(0);
        }
    }

    /// Consumes one request after the other until each limit named `exact` is used up.
    pub fn exhaust(&mut self) {
        let groups = GROUPS.len() as u64;
        for place in 0..ROUNDS * groups {
            // Each client begins with another one.
            let limit = (place + self.number) % (ROUNDS * groups);
            let (group, model) = ((limit % groups) as usize, format!("exact/m{}", 1 + limit / groups));
            while !self.world().is_late() {
                let call = self.call(group, model.clone(), 1, 1);
                match self.consume(&call) {
                    Some(decision) if decision.allowed => {}
                    Some(decision) if decision.limit_name == "exact" && decision.held == 0.0 => break,
                    // What is held will be given back: reservations that nobody settles expire.
                    _ => thread::sleep(Duration::from_millis(30)),
                }
            }
        }
    }

    fn world(&self) -> &'w World {
        self.session.world
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.session.dice.roll(sides)
    }

    fn call(&mut self, group: usize, model: String, requests: u64, tokens: u64) -> Call {
        self.keys += 1;
        let user = self.roll(USERS);
        Call::new(group, user, model, requests, tokens, format!("{}-{}", self.number, self.keys))
    }

    fn random_call(&mut self) -> Call {
        let group = self.roll(GROUPS.len() as u64) as usize;
        let (tokens, requests) = (100 + self.roll(900), 1 + self.roll(3));
        match self.roll(20) {
            0..=10 => self.call(group, format!("exact/m{}", 1 + self.world().round()), requests, tokens),
            11..=14 => self.call(group, "swing/m1".to_owned(), requests, tokens),
            _ => {
                let model = format!("tokens/m{}", 1 + self.roll(2));
                self.call(group, model, 1, tokens)
            }
        }
    }

    fn something(&mut self) {
        let call = self.random_call();
        match self.roll(20) {
            0..=5 => _ = self.consume(&call),
            6..=14 => self.reserve(Call { requests: 1, ..call }),
            15 => self.record(Call { model: "tokens/m2".to_owned(), ..call }),
            16..=17 => self.batch(call),
            18 if self.world().counts.crashes.load(Ordering::Relaxed) == 0 => self.pair(call),
            _ => self.shared(),
        }
    }

    /// Notes an answer of this moment.
    fn judge(&self, call: &Call, row: &SimpleQueryRow) -> Decision {
        let decision = Decision::of(row);
        if !decision.allowed && decision.reason == "quota_exceeded" {
            count(&self.world().counts.denials);
        }
        if let Some(wrong) = decision.nonsense(call.group) {
            self.world().fail(format!("{}: {} {wrong}", call.key, GROUPS[call.group].name));
        }
        decision
    }

    fn note(&self, call: &Call, tokens: u64) {
        let Call { user, model, requests, key, .. } = call.clone();
        if let Err(wrong) = locked(&self.world().book).note(&key, Used { user, model, requests, tokens }) {
            self.world().fail(wrong);
        }
    }

    fn consume(&mut self, call: &Call) -> Option<Decision> {
        let rows = self.session.definite(&[call.consume()]).ok()?;
        let mut decision = self.judge(call, rows.first()?);
        if !decision.allowed && self.roll(5) == 0 {
            // Refusals are not kept: the same key asks anew.
            let rows = self.session.definite(&[call.consume()]).ok()?;
            decision = self.judge(call, rows.first()?);
        }
        if decision.allowed {
            self.note(call, call.tokens);
            let other = Call { tokens: call.tokens + 1, ..call.clone() };
            self.repeat(call.consume(), other.consume(), &decision);
        }
        Some(decision)
    }

    /// Makes some of the calls that were admitted again: the same ones, and others with their key.
    fn repeat(&mut self, same: String, other: String, decision: &Decision) {
        match self.roll(20) {
            0..=1 => {
                count(&self.world().counts.repeated);
                let again = self.session.definite(&[same]);
                let again = again.map(|rows| rows.first().map(Decision::of));
                let late = again.as_ref().is_err_and(|code| code == "late");
                if !late && !matches!(&again, Ok(Some(again)) if again == decision) {
                    self.world().fail(format!("{decision:?}, and when asked again {again:?}"));
                }
            }
            2 => match self.session.definite(&[other]) {
                Err(code) if code == "PT409" || code == "late" => {}
                answer => self.world().fail(format!("another call with a key: {:?}", answer.map(|rows| rows.len()))),
            },
            _ => {}
        }
    }

    fn reserve(&mut self, call: Call) {
        let counts_tokens = call.model.starts_with("tokens/");
        let actual = call.tokens / 2 + self.roll(call.tokens);
        let (mut ttl_ms, mut wait_ms) = (LONG_TTL_MS, self.roll(300));
        let fate = match self.roll(20) {
            0..=9 => Some(Fate::Settle(actual)),
            // Too late for its limit, which it may then exceed. Limits that are to be exact are spared that.
            10..=11 if counts_tokens => {
                (ttl_ms, wait_ms) = (1000, 1050);
                Some(Fate::Settle(actual))
            }
            12 if counts_tokens => Some(Fate::ReleaseThenSettle(actual)),
            10..=14 => Some(Fate::Release),
            15 => {
                (ttl_ms, wait_ms) = (1000, 1000);
                Some(Fate::Release)
            }
            _ => {
                ttl_ms = 1000 + self.roll(1000);
                None
            }
        };
        let Ok(rows) = self.session.definite(&[call.reserve(ttl_ms)]) else { return };
        let Some(decision) = rows.first().map(|row| self.judge(&call, row)) else { return };
        if !decision.allowed {
            return;
        }
        let Some(reservation) = decision.reservation.clone() else {
            return self.world().fail(format!("{}: admitted without a reservation: {decision:?}", call.key));
        };
        count(&self.world().counts.reserved);
        let other = Call { tokens: call.tokens + 1, ..call.clone() };
        self.repeat(call.reserve(ttl_ms), other.reserve(ttl_ms), &decision);
        if self.roll(10) == 0 {
            let extended = self.session.definite(&[extend(&reservation)]);
            if extended.is_err_and(|code| code != "late" && (code != "PT410" || ttl_ms == LONG_TTL_MS)) {
                self.world().fail(format!("{}: a live reservation was not extended", call.key));
            }
        }
        match fate {
            Some(fate) => {
                let due = Instant::now() + Duration::from_millis(wait_ms);
                self.open.push(Open { due, call, reservation, fate });
            }
            None => count(&self.world().counts.abandoned),
        }
    }

    fn close(&mut self, place: usize) {
        let Open { due, call, reservation, fate } = self.open.remove(place);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let release = format!("SELECT d.allowed FROM public.release_model_quota('{reservation}') AS d");
        if !matches!(fate, Fate::Settle(_)) && self.session.definite(&[release]).is_err_and(|code| code != "late") {
            self.world().fail(format!("{}: reservation {reservation} was not released", call.key));
        }
        if let Fate::Settle(tokens) | Fate::ReleaseThenSettle(tokens) = fate {
            let usage =
                format!("{{\"prompt_tokens\": {}, \"completion_tokens\": {}}}", tokens / 3, tokens - tokens / 3);
            let settle = format!("SELECT r.tokens FROM public.settle_model_quota('{reservation}', '{usage}') AS r");
            for _ in 0..1 + self.roll(10) / 9 {
                match self.session.definite(std::slice::from_ref(&settle)) {
                    Ok(rows) if rows.first().and_then(|row| row.get(0)) == Some(&tokens.to_string()) => {
                        self.note(&call, tokens);
                    }
                    Err(code) if code == "late" => {}
                    other => {
                        let other = other.map(|rows| rows.len());
                        self.world().fail(format!("{}: settled {reservation}: {other:?}", call.key));
                    }
                }
            }
        }
    }

    fn record(&mut self, call: Call) {
        match self.session.definite(&[call.record()]) {
            Ok(_) => self.note(&call, call.tokens),
            Err(code) if code == "late" => {}
            Err(code) => self.world().fail(format!("{}: not recorded: {code}", call.key)),
        }
    }

    fn batch(&mut self, first: Call) {
        let more = 1 + self.roll(6);
        let calls: Vec<Call> = std::iter::once(first).chain((0..more).map(|_| self.random_call())).collect();
        let Ok(rows) = self.session.definite(&[batch(&calls)]) else { return };
        if rows.len() != calls.len() {
            return self.world().fail(format!("{} calls, {} answers", calls.len(), rows.len()));
        }
        for (call, row) in calls.iter().zip(&rows) {
            if self.judge(call, row).allowed {
                self.note(call, call.tokens);
            }
        }
    }

    /// Two calls in one transaction, in any order of groups: these may deadlock, and are then made again.
    fn pair(&mut self, first: Call) {
        let calls = [first, self.random_call()];
        let Ok(rows) = self.session.definite(&calls.each_ref().map(Call::consume)) else { return };
        for (call, row) in calls.iter().zip(&rows) {
            if self.judge(call, row).allowed {
                self.note(call, call.tokens);
            }
        }
    }

    /// The same call as other clients at about the same time, with the same key: it counts once.
    fn shared(&mut self) {
        let number = self.world().shared.fetch_add(1, Ordering::Relaxed) / 4;
        let (group, model) = ((number % 4) as usize, format!("exact/m{}", 1 + number / 4 % ROUNDS));
        let call = Call::new(group, number % USERS, model, 1, 10, format!("shared-{number}"));
        if let Ok(rows) = self.session.definite(&[call.consume()])
            && rows.first().is_some_and(|row| self.judge(&call, row).allowed)
        {
            self.note(&call, call.tokens);
        }
    }
}

fn extend(reservation: &str) -> String {
    format!("SELECT d.allowed FROM public.extend_model_quota('{reservation}', '1500 ms') AS d")
}
