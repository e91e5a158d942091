//! May this call be made now, and if not, why and when.

use crate::counter::Counter;
use crate::limit::{Amount, Applied, Limit, Metric};
use crate::window::Instant;
use bigdecimal::Zero;
use uuid::Uuid;

/// Why a call is refused: stable words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The catalogue does not know the model.
    ModelNotFound,
    /// The model is not open: to be reviewed, disabled, or gone.
    ModelNotActive,
    /// The user's tier does not open the model.
    TierNotAllowed,
    /// The model is for organisations, and the user has none.
    NoOrganization,
    /// The model is for organisations of other types.
    OrganizationTypeNotAllowed,
    /// The organisation's plan does not include the model.
    PlanNotSufficient,
    /// The organisation's admin has not switched the model on for users.
    NotEnabled,
    /// The organisation's trial of the model is over.
    TrialExpired,
    /// A limit would be exceeded.
    QuotaExceeded,
    /// The call's cost is limited and its price is not known.
    PriceUnknown,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::ModelNotFound,
        Self::ModelNotActive,
        Self::TierNotAllowed,
        Self::NoOrganization,
        Self::OrganizationTypeNotAllowed,
        Self::PlanNotSufficient,
        Self::NotEnabled,
        Self::TrialExpired,
        Self::QuotaExceeded,
        Self::PriceUnknown,
    ];

    /// Whether only a system model is refused for it.
    pub fn is_of_system_models(self) -> bool {
        matches!(
            self,
            Self::NoOrganization
                | Self::OrganizationTypeNotAllowed
                | Self::PlanNotSufficient
                | Self::NotEnabled
                | Self::TrialExpired
        )
    }

    /// The word that callers see.
    pub fn word(self) -> &'static str {
        match self {
            Self::ModelNotFound => "model_not_found",
            Self::ModelNotActive => "model_not_active",
            Self::TierNotAllowed => "tier_not_allowed",
            Self::NoOrganization => "no_organization",
            Self::OrganizationTypeNotAllowed => "organization_type_not_allowed",
            Self::PlanNotSufficient => "plan_not_sufficient",
            Self::NotEnabled => "not_enabled",
            Self::TrialExpired => "trial_expired",
            Self::QuotaExceeded => "quota_exceeded",
            Self::PriceUnknown => "price_unknown",
        }
    }
}

/// What a call asks for; by default nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Demand {
    /// Calls.
    pub requests: Amount,
    /// Tokens.
    pub tokens: Amount,
    /// Cost in USD; `None` when it is not known.
    pub cost_usd: Option<Amount>,
}

impl Demand {
    /// What it asks of a limit; `None` when that is not known.
    pub fn of(&self, metric: Metric) -> Option<Amount> {
        match metric {
            Metric::Requests => Some(self.requests.clone()),
            Metric::Tokens => Some(self.tokens.clone()),
            Metric::CostUsd => self.cost_usd.clone(),
            Metric::Concurrent => Some(Amount::from(1)),
        }
    }
}

/// A limit as a call found it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// `quota_limits.name`, or `daily_limit`, `monthly_limit` of the model.
    pub limit_name: String,
    /// For whom the limit is.
    pub scope: &'static str,
    /// What it counts.
    pub metric: &'static str,
    /// When the count begins anew; `None` for calls at once.
    pub period: Option<&'static str>,
    /// The most that is admitted; `None` is unlimited.
    pub limit_amount: Option<Amount>,
    /// Settled usage.
    pub used: Amount,
    /// Held by live reservations.
    pub held: Amount,
    /// What the call asks for.
    pub requested: Amount,
    /// What is left, never below zero; `None` when unlimited.
    pub remaining: Option<Amount>,
    /// When waiting helps; `None` when it never does.
    pub resets_at: Option<Instant>,
}

/// Something that a caller should know of a limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// `limit_exceeded`, `soft_limit_exceeded` or `price_unknown`.
    pub kind: &'static str,
    /// The limit.
    pub figures: Figures,
}

/// The answer to a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Why it is refused; `None` when it is allowed.
    pub reason: Option<Reason>,
    /// The limit that refuses, else the one of which the smallest share is left; `None` without any.
    pub figures: Option<Figures>,
    /// Seconds, rounded up, until waiting helps.
    pub retry_after_seconds: Option<i32>,
    /// The reservation that was made.
    pub reservation_id: Option<Uuid>,
    /// The row of `ai_model_usage` that was stored.
    pub system_usage_id: Option<i64>,
    /// Every limit that refuses or warns.
    pub warnings: Vec<Warning>,
}

impl Decision {
    /// A refusal that no limit is the cause of.
    pub fn refused(reason: Reason) -> Self {
        Self {
            reason: Some(reason),
            figures: None,
            retry_after_seconds: None,
            reservation_id: None,
            system_usage_id: None,
            warnings: Vec::new(),
        }
    }

    /// Whether the call may be made.
    pub fn is_allowed(&self) -> bool {
        self.reason.is_none()
    }

    /// The same answer after the call was counted: as used, or as held.
    pub fn counted(mut self, as_held: bool) -> Self {
        // A call at once is over at once.
        let lasts = |found: &&mut Figures| as_held || found.metric != Metric::Concurrent.word();
        if let Some(found) = self.figures.as_mut().filter(lasts) {
            let left = found.remaining.take();
            found.remaining = left.map(|left| (left - &found.requested).max(Amount::zero()));
            *(if as_held { &mut found.held } else { &mut found.used }) += &found.requested;
        }
        self
    }
}

/// A limit that decides, and its counter in the window of the call.
pub struct Checked<'a> {
    /// The limit.
    pub applied: &'a Applied<'a>,
    /// The counter.
    pub counter: &'a Counter,
    /// Whether a slot of it has room by its own share, which needs no look at the others.
    pub secured: bool,
}

/// Whether so much more fits into a limit. Tokens and cost that nobody estimated need something left.
pub fn fits(limit: &Limit, used: &Amount, held: &Amount, requested: &Amount) -> bool {
    let Some(amount) = &limit.amount else { return true };
    let taken = used + held;
    let estimated = !requested.is_zero() || !matches!(limit.metric, Metric::Tokens | Metric::CostUsd);
    &taken + requested <= *amount && (estimated || taken < *amount)
}

/// Decides a call. Holds that expired do not count, as far as they were looked up.
pub fn decide(demand: &Demand, checked: &[Checked], now: Instant) -> Decision {
    let mut warnings = Vec::new();
    let mut reason = None;
    let mut tightest: Option<Figures> = None;
    for Checked { applied, counter, secured } in checked.iter().filter(|checked| checked.applied.decides) {
        let limit = applied.limit;
        let requested = demand.of(limit.metric);
        let known = requested.clone().unwrap_or_default();
        let found = figures(limit, counter, &known, now);
        let exceeded = !secured && !fits(limit, &found.used, &found.held, &known);
        let (kind, refusal) = match (requested.is_none(), exceeded) {
            (true, _) => ("price_unknown", Reason::PriceUnknown),
            (_, true) if limit.hard => ("limit_exceeded", Reason::QuotaExceeded),
            (_, true) => ("soft_limit_exceeded", Reason::QuotaExceeded),
            _ => {
                tightest = tighter(tightest, found);
                continue;
            }
        };
        if limit.hard && reason != Some(Reason::QuotaExceeded) {
            reason = Some(refusal);
        }
        // Waiting makes no price known.
        let resets_at = found.resets_at.filter(|_| requested.is_some());
        warnings.push(Warning { kind, figures: Figures { resets_at, ..found } });
    }
    let refused = reason.is_some();
    let named = if refused { frees_last(&warnings, reason) } else { tightest.or_else(|| first_of(&warnings)) };
    let resets_at = named.as_ref().filter(|_| refused).and_then(|found| found.resets_at);
    let retry_after_seconds = resets_at.map(|at| seconds_until(at, now));
    Decision { reason, retry_after_seconds, figures: named, reservation_id: None, system_usage_id: None, warnings }
}

/// What a counter says of a limit before a call.
pub fn figures(limit: &Limit, counter: &Counter, requested: &Amount, now: Instant) -> Figures {
    let (used, held) = (counter.used(), counter.live());
    let remaining = limit.amount.as_ref().map(|amount| (amount - &used - &held).max(Amount::zero()));
    let window_end = match limit.calendar {
        None => Instant::MAX,
        Some(_) => counter.slots.first().map_or(limit.window(now).end, |slot| slot.window.end),
    };
    // Where no window ends, what is held may still be given back.
    let only_held = limit.amount.as_ref().is_some_and(|amount| &used + requested <= *amount);
    let end = if window_end == Instant::MAX { counter.next_expiry.filter(|_| only_held) } else { Some(window_end) };
    // A call that is larger than the whole limit is never admitted, however long it waits.
    let never = limit.amount.as_ref().is_some_and(|amount| amount.is_zero() || requested > amount);
    Figures {
        limit_name: limit.name.clone(),
        scope: limit.scope.word(),
        metric: limit.metric.word(),
        period: limit.period(),
        limit_amount: limit.amount.clone(),
        used,
        held,
        requested: requested.clone(),
        remaining,
        resets_at: [end.filter(|_| !never), limit.ends_at].into_iter().flatten().min(),
    }
}

/// Of two limits the one of which the smaller share is left.
fn tighter(one: Option<Figures>, other: Figures) -> Option<Figures> {
    let Some(one) = one else { return Some(other) };
    let left = |found: &Figures| match (&found.remaining, &found.limit_amount) {
        (Some(left), Some(amount)) if !amount.is_zero() => (left - &found.requested) / amount,
        _ => Amount::zero(),
    };
    Some(if left(&other) < left(&one) { other } else { one })
}

/// Of the limits that refuse for a reason the one that frees last; never is later than any instant.
fn frees_last(warnings: &[Warning], reason: Option<Reason>) -> Option<Figures> {
    let kind = if reason == Some(Reason::PriceUnknown) { "price_unknown" } else { "limit_exceeded" };
    let refusing = warnings.iter().filter(|warning| warning.kind == kind);
    refusing.max_by_key(|warning| warning.figures.resets_at.unwrap_or(Instant::MAX)).map(|found| found.figures.clone())
}

fn first_of(warnings: &[Warning]) -> Option<Figures> {
    warnings.first().map(|warning| warning.figures.clone())
}

/// Whole seconds until an instant, at least one.
fn seconds_until(at: Instant, now: Instant) -> i32 {
    let micros = at.saturating_sub(now).max(1);
    i32::try_from(micros.div_euclid(1_000_000) + i64::from(micros % 1_000_000 != 0)).unwrap_or(i32::MAX)
}

/// The thresholds of a limit that usage reaches by going from one amount to another.
pub fn thresholds_reached(limit: &Limit, before: &Amount, after: &Amount) -> Vec<Amount> {
    let Some(amount) = limit.amount.as_ref().filter(|amount| !amount.is_zero()) else { return Vec::new() };
    let reached = |share: &&Amount| {
        let threshold = amount * *share;
        *before < threshold && *after >= threshold
    };
    limit.alert_at.iter().filter(reached).cloned().collect()
}

#[cfg(test)]
#[path = "decision_tests.rs"]
mod tests;
