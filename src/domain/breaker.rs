//! The circuit breaker of an agent: calls pass while it works, and a few try whether it works again.
//!
//! | state     | a call asks                          | a success                | a failure                     |
//! |-----------|--------------------------------------|--------------------------|-------------------------------|
//! | closed    | passes                               | begins the count anew    | the Nth in a row → open       |
//! | open      | refused; after the cool-down as below| nothing                  | nothing                       |
//! | half-open | passes while fewer than P are out    | of a probe: Mth → closed | of a probe: → open            |
//!
//! A probe is a call that was let through in half-open. It is out until it reports, or until it has been out for too long: the
//! probe's time-out while no execution of it has begun, from then on for as long as an execution may run. Then another may take
//! its place, and a success comes too late; that it timed out is a failure, while nobody has its place. Calls that began before
//! have no say in half-open.
//!
//! An instant that lies ahead of the caller's clock counts as now: a clock that was set back delays nothing but once.

use crate::window::Instant;
use serde_json::Value;
use uuid::Uuid;

const SECOND: i64 = 1_000_000;
/// No number or duration of the settings is greater: a day, in seconds.
const MAX_SETTING: i64 = 86_400;

/// What an agent's `config` says of its calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Failures in a row after which it opens.
    pub failures: i64,
    /// How long it stays open, microseconds.
    pub cool_down: i64,
    /// Successes in half-open after which it closes.
    pub successes: i64,
    /// Probes that may be out at once.
    pub probes: usize,
    /// How long a probe may be out before its execution begins, microseconds.
    pub probe_timeout: i64,
    /// How long an execution may run, also that of a probe, microseconds.
    pub execution_timeout: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self::of_config(&Value::Null)
    }
}

impl Settings {
    /// Reads a config. What is missing, or no whole number from 1 to 86400, is what the table refuses: there the default holds.
    pub fn of_config(config: &Value) -> Self {
        let number = |value: Option<&Value>, default: i64| {
            let found = value.and_then(Value::as_i64).filter(|found| (1..=MAX_SETTING).contains(found));
            found.unwrap_or(default)
        };
        let of_breaker =
            |key: &str, default: i64| number(config.get("breaker").and_then(|found| found.get(key)), default);
        Self {
            failures: of_breaker("failures", 5),
            cool_down: of_breaker("cool_down_seconds", 60) * SECOND,
            successes: of_breaker("successes", 2),
            probes: usize::try_from(of_breaker("probes", 1)).unwrap_or(1),
            probe_timeout: of_breaker("probe_timeout_seconds", 60) * SECOND,
            execution_timeout: number(config.get("execution_timeout_seconds"), 600) * SECOND,
        }
    }
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Calls pass.
    #[default]
    Closed,
    /// No call passes.
    Open,
    /// Probes pass.
    HalfOpen,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Closed, Self::Open, Self::HalfOpen];

    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }

    /// By the stored word. A word that nobody knows lets calls pass, as an agent without a breaker does.
    pub fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.word() == word).unwrap_or_default()
    }
}

/// A call that tries whether the agent works again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What whoever asked knows it by; `None` of one that nobody can name.
    pub id: Option<Uuid>,
    /// Since when it is out.
    pub at: Instant,
    /// Its execution; `None` before that has begun.
    pub execution: Option<Uuid>,
}

impl Probe {
    /// How much longer it may be out, in microseconds.
    fn left(&self, settings: &Settings, now: Instant) -> i64 {
        let length = if self.execution.is_some() { settings.execution_timeout } else { settings.probe_timeout };
        left(self.at, length, now)
    }
}

/// The breaker of one agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// Where it stands.
    pub state: State,
    /// Failures in a row while it was closed.
    pub failures: i64,
    /// Successes of probes since it is half-open.
    pub successes: i64,
    /// When it last opened.
    pub opened_at: Option<Instant>,
    /// The probes that are out.
    pub probes: Vec<Probe>,
}

/// Why a call does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The agent failed too often, a short while ago.
    CircuitOpen,
    /// Others are trying whether it works again.
    ProbesOut,
}

impl Closed {
    /// The word of answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::CircuitOpen => "circuit_open",
            Self::ProbesOut => "probes_outstanding",
        }
    }
}

/// Whether a call passes; else why, and after how many seconds it may.
pub type Pass = Result<(), (Closed, i64)>;

/// How much of a duration that began at an instant is left, in microseconds.
fn left(since: Instant, length: i64, now: Instant) -> i64 {
    let gone = now.saturating_sub(since).max(0);
    length.saturating_sub(gone).max(0)
}

/// Microseconds as whole seconds to wait, at least one.
fn seconds(micros: i64) -> i64 {
    micros.saturating_add(SECOND - 1).div_euclid(SECOND).max(1)
}

impl Breaker {
    /// Whether a call would pass, as things are.
    pub fn passes(&self, settings: &Settings, now: Instant) -> Pass {
        self.clone().acquire(settings, Uuid::nil(), now)
    }

    /// A call asks to pass. In half-open it takes the place of a probe, which it knows by an id.
    pub fn acquire(&mut self, settings: &Settings, id: Uuid, now: Instant) -> Pass {
        if self.state == State::Closed {
            return Ok(());
        }
        if self.state == State::Open {
            let opened_at = self.opened_at.unwrap_or(now).min(now);
            let left = if self.opened_at.is_some() { left(opened_at, settings.cool_down, now) } else { 0 };
            self.opened_at = Some(opened_at);
            if left > 0 {
                return Err((Closed::CircuitOpen, seconds(left)));
            }
            *self = Self { state: State::HalfOpen, successes: 0, probes: Vec::new(), ..self.clone() };
        }
        self.drop_overdue(settings, now);
        if self.probes.len() >= settings.probes {
            // One that runs may report at any time: nobody waits for longer than for one that has not begun.
            let first = self.probes.iter().map(|probe| probe.left(settings, now)).min();
            return Err((Closed::ProbesOut, seconds(first.unwrap_or_default().min(settings.probe_timeout))));
        }
        self.probes.push(Probe { id: Some(id), at: now, execution: None });
        Ok(())
    }

    /// Lets go of probes that have been out for too long.
    fn drop_overdue(&mut self, settings: &Settings, now: Instant) {
        for probe in &mut self.probes {
            probe.at = probe.at.min(now);
        }
        self.probes.retain(|probe| probe.left(settings, now) > 0);
    }

    /// An execution begins: in half-open it is that of the probe that it names, though another call, which named none, has its
    /// place; one that names none is that of a probe that was let through and has not begun, if there is one.
    pub fn begin(&mut self, settings: &Settings, execution: Uuid, probe: Option<Uuid>, now: Instant) {
        self.drop_overdue(settings, now);
        let is_meant = |other: &&mut Probe| if probe.is_some() { other.id == probe } else { other.execution.is_none() };
        if self.state == State::HalfOpen
            && let Some(probe) = self.probes.iter_mut().find(is_meant)
        {
            *probe = Probe { at: now, execution: Some(execution), ..*probe };
        }
    }

    /// An execution has ended.
    pub fn report(&mut self, settings: &Settings, execution: Uuid, succeeded: bool, now: Instant) {
        let is_own = |probe: &Probe| probe.execution == Some(execution);
        let was_probe = self.probes.iter().any(|probe| is_own(probe) && (!succeeded || probe.left(settings, now) > 0));
        self.probes.retain(|probe| !is_own(probe));
        self.drop_overdue(settings, now);
        match (self.state, succeeded) {
            (State::Closed, true) => self.failures = 0,
            (State::Closed, false) => {
                self.failures = self.failures.max(0).saturating_add(1);
                if self.failures >= settings.failures {
                    self.open(now);
                }
            }
            (State::HalfOpen, true) if was_probe => {
                self.successes = self.successes.max(0).saturating_add(1);
                if self.successes >= settings.successes {
                    *self = Self { opened_at: self.opened_at, ..Self::default() };
                }
            }
            (State::HalfOpen, false) if was_probe => self.open(now),
            (State::Open | State::HalfOpen, _) => {}
        }
    }

    fn open(&mut self, now: Instant) {
        *self = Self { state: State::Open, opened_at: Some(now), successes: 0, probes: Vec::new(), ..self.clone() };
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
