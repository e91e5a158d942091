//! Limits: what they count, for whom, and which of them apply to a call.
//!
//! Source of the rules: docs/design.md, "Quota engine".

use crate::pattern;
use crate::system_model;
use crate::window::{Calendar, Instant, Period, Window, Zone};
use bigdecimal::{BigDecimal, ToPrimitive};
use uuid::Uuid;

/// The name of system models' limits.
pub const TOKEN_LIMIT: &str = "token_limit";
/// The name of organisations' quotas.
pub const TOKEN_QUOTA: &str = "token_quota_monthly";

/// An exact amount of requests, tokens, USD or reservations.
pub type Amount = BigDecimal;

/// An amount without zeros at the end of what stands behind the point.
pub fn shortest(amount: &Amount) -> Amount {
    let (whole, mut scale) = amount.as_bigint_and_scale();
    let Some(mut value) = whole.to_i128().filter(|_| scale >= 0) else {
        return amount.normalized();
    };
    while scale > 0 && value % 10 == 0 {
        value /= 10;
        scale -= 1;
    }
    Amount::from((value, scale))
}

/// Defines an enum of words that tables and results use.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$word_doc])* $variant,)+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stored word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// By the stored word.
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    };
}

words! {
    /// For whom a limit is; narrower ones come first and override wider ones of the same name.
    Scope {
        /// One user.
        User = "user",
        /// The members of one organisation.
        Organization = "organization",
        /// The members of organisations with one plan.
        Plan = "plan",
        /// The users of one tier.
        Tier = "tier",
        /// Everyone.
        Everyone = "everyone",
    }
}

words! {
    /// What is counted together.
    Per {
        /// Each user of the scope.
        User = "user",
        /// Each organisation of the scope.
        Organization = "organization",
        /// All of the scope.
        Pool = "pool",
    }
}

words! {
    /// What is counted.
    Metric {
        /// Calls.
        Requests = "requests",
        /// Tokens.
        Tokens = "tokens",
        /// The provider's cost in USD.
        CostUsd = "cost_usd",
        /// Reservations that live at once.
        Concurrent = "concurrent",
    }
}

words! {
    /// Where a limit stands.
    Source {
        /// A row of `quota_limits`.
        Limit = "limit",
        /// `model_access.daily_limit`.
        Daily = "daily",
        /// `model_access.monthly_limit`.
        Monthly = "monthly",
        /// A system model's token limit by days.
        SystemDaily = "system_daily",
        /// A system model's token limit by weeks.
        SystemWeekly = "system_weekly",
        /// A system model's token limit by months.
        SystemMonthly = "system_monthly",
        /// `organizations.token_quota_monthly`.
        Organization = "organization",
    }
}

impl Source {
    /// Whether it is a limit on system models, whose usage `ai_model_usage` tells.
    pub fn is_of_system_models(self) -> bool {
        matches!(self, Self::SystemDaily | Self::SystemWeekly | Self::SystemMonthly | Self::Organization)
    }
}

/// The date from which an organisation's months step: the one that was `kept` of it, as long as its `reset` date is one of those
/// months' ends, else the reset date itself. So the 31st outlives a February, and a date that was set anew counts.
pub fn month_anchor(reset: Option<Instant>, kept: Option<Instant>) -> Option<Instant> {
    let months = |anchor| Calendar { period: Period::Monthly, zone: Zone::utc(), anchor };
    match (reset, kept) {
        (Some(reset), Some(_)) if months(kept).window(reset).start == reset => kept,
        (None, _) => kept,
        (reset, _) => reset,
    }
}

/// Who calls, as it was at the instant of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user: Uuid,
    /// His organisation.
    pub organization: Option<Uuid>,
    /// His tier, as stored; `free` without a profile.
    pub tier: String,
    /// His organisation's plan.
    pub plan: Option<String>,
}

impl Caller {
    /// Which subjects of which scopes he is.
    pub fn subjects(&self) -> Vec<(Scope, String)> {
        let mut subjects = vec![(Scope::User, self.user.to_string()), (Scope::Tier, self.tier.clone())];
        subjects.extend(self.organization.map(|organization| (Scope::Organization, organization.to_string())));
        subjects.extend(self.plan.clone().map(|plan| (Scope::Plan, plan)));
        subjects.push((Scope::Everyone, String::new()));
        subjects
    }
}

/// A limit, wherever it stands.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Where it stands.
    pub source: Source,
    /// The key there; 0 for limits of a model.
    pub limit_id: i64,
    /// Limits of one name override one another.
    pub name: String,
    /// For whom.
    pub scope: Scope,
    /// Which one of the scope.
    pub subject: String,
    /// What is counted together.
    pub per: Per,
    /// Which models.
    pub pattern: String,
    /// Whether each model is counted apart.
    pub per_model: bool,
    /// What is counted.
    pub metric: Metric,
    /// When the count begins anew; `None` for [`Metric::Concurrent`], whose window has no end.
    pub calendar: Option<Calendar>,
    /// The most that is admitted; `None` is unlimited.
    pub amount: Option<Amount>,
    /// Whether it refuses; else it warns.
    pub hard: bool,
    /// Enforced from then on.
    pub starts_at: Option<Instant>,
    /// Enforced until before then.
    pub ends_at: Option<Instant>,
    /// Shares of the amount that raise an alert.
    pub alert_at: Vec<Amount>,
    /// Whether calls of models that are free then are not counted.
    pub spares_free: bool,
    /// What was used in the open window as another program counted it, before the engine did; the ledger may know less.
    pub carried: Option<Amount>,
    /// When an organisation's month ends, by the row from which the calendar was read. Somebody may have set it anew since.
    pub reset_seen: Option<Instant>,
}

/// What a counter counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CounterKey {
    /// A user, an organisation, or nil for a pool.
    pub subject: Uuid,
    /// As [`Source::word`].
    pub source: &'static str,
    /// As [`Limit::limit_id`].
    pub limit_id: i64,
    /// The model where each is counted apart, else empty.
    pub model: String,
}

impl Limit {
    /// A model's own limit on requests of each user, by UTC days or months.
    pub fn of_model(source: Source, model: &str, amount: Option<i32>) -> Self {
        let (name, period) =
            if source == Source::Daily { ("daily_limit", Period::Daily) } else { ("monthly_limit", Period::Monthly) };
        Self {
            source,
            limit_id: 0,
            name: name.to_owned(),
            scope: Scope::Everyone,
            subject: String::new(),
            per: Per::User,
            pattern: model.to_owned(),
            per_model: true,
            metric: Metric::Requests,
            calendar: Some(Calendar { period, zone: Zone::utc(), anchor: None }),
            amount: amount.map(Amount::from),
            hard: true,
            starts_at: None,
            ends_at: None,
            alert_at: vec![Amount::new(8.into(), 1), Amount::from(1)],
            spares_free: false,
            carried: None,
            reset_seen: None,
        }
    }

    /// A system model's limit on tokens of each user, by days, weeks or months of UTC. An organisation may have its own amount, so
    /// it is a limit of that organisation's members.
    pub fn of_system_model(source: Source, model: &str, organization: Option<Uuid>, amount: Option<Amount>) -> Self {
        let period = match source {
            Source::SystemDaily => Period::Daily,
            Source::SystemWeekly => Period::Weekly,
            _ => Period::Monthly,
        };
        Self {
            source,
            name: TOKEN_LIMIT.to_owned(),
            scope: Scope::Organization,
            subject: organization.map(|id| id.to_string()).unwrap_or_default(),
            metric: Metric::Tokens,
            calendar: Some(Calendar { period, zone: Zone::utc(), anchor: None }),
            amount,
            ..Self::of_model(source, model, None)
        }
    }

    /// An organisation's quota of tokens of system models that are not free, by months that step from a date.
    pub fn of_organization(organization: Uuid, amount: Option<Amount>, anchor: Option<Instant>) -> Self {
        Self {
            source: Source::Organization,
            name: TOKEN_QUOTA.to_owned(),
            scope: Scope::Organization,
            subject: organization.to_string(),
            per: Per::Organization,
            pattern: format!("{}*", system_model::PREFIX),
            per_model: false,
            metric: Metric::Tokens,
            calendar: Some(Calendar { period: Period::Monthly, zone: Zone::utc(), anchor }),
            amount,
            spares_free: true,
            ..Self::of_model(Source::Organization, "", None)
        }
    }

    /// Whether a window is one of those in which the limit counts now; not when its calendar was changed since.
    pub fn has_window(&self, window: &Window) -> bool {
        self.window(window.start) == *window
    }

    /// The window that holds an instant.
    pub fn window(&self, at: Instant) -> Window {
        self.calendar.as_ref().map_or(Window { start: Instant::MIN, end: Instant::MAX }, |calendar| calendar.window(at))
    }

    /// The period's word; `None` for limits without one.
    pub fn period(&self) -> Option<&'static str> {
        self.calendar.as_ref().map(|calendar| calendar.period.word())
    }

    /// The counter of a call; `None` where there is nothing to count by: no organisation.
    pub fn counter_key(&self, caller: &Caller, model: &str) -> Option<CounterKey> {
        let subject = match self.per {
            Per::User => caller.user,
            Per::Organization => caller.organization?,
            Per::Pool => Uuid::nil(),
        };
        let model = if self.per_model { model.to_owned() } else { String::new() };
        Some(CounterKey { subject, source: self.source.word(), limit_id: self.limit_id, model })
    }

    /// Whether it concerns a call at all: its scope holds the caller, its pattern the model.
    pub fn concerns(&self, caller: &Caller, model: &str) -> bool {
        let of_scope = match self.scope {
            Scope::Everyone => true,
            Scope::Tier => self.subject == caller.tier,
            Scope::Plan => caller.plan.as_ref() == Some(&self.subject),
            Scope::User => self.subject == caller.user.to_string(),
            Scope::Organization => caller.organization.is_some_and(|id| self.subject == id.to_string()),
        };
        of_scope && pattern::matches(&self.pattern, model)
    }

    /// Whether it is enforced at an instant.
    pub fn is_in_force(&self, at: Instant) -> bool {
        self.starts_at.is_none_or(|start| start <= at) && self.ends_at.is_none_or(|end| at < end)
    }
}

/// A limit and what it means for one call.
#[derive(Clone, Debug)]
pub struct Applied<'a> {
    /// The limit.
    pub limit: &'a Limit,
    /// The counter.
    pub key: CounterKey,
    /// Whether the limit decides. One that does not is counted on where its counter stands, so that the counter is
    /// right when the limit comes into force again.
    pub decides: bool,
}

/// The limits that concern a call, `is_free` of a model that is free. Of those with one name the narrowest scope decides, unless it
/// is unlimited.
pub fn applying<'a>(limits: &'a [Limit], caller: &Caller, model: &str, is_free: bool, at: Instant) -> Vec<Applied<'a>> {
    let counts = |limit: &&Limit| limit.concerns(caller, model) && !(is_free && limit.spares_free);
    let concerned: Vec<&Limit> = limits.iter().filter(counts).collect();
    let narrowest = |limit: &Limit| {
        let rivals = concerned.iter().filter(|other| other.name == limit.name && other.is_in_force(at));
        rivals.map(|other| other.scope).min() == Some(limit.scope)
    };
    concerned
        .iter()
        .filter_map(|limit| {
            let key = limit.counter_key(caller, model)?;
            let decides = limit.amount.is_some() && limit.is_in_force(at) && narrowest(limit);
            Some(Applied { limit, key, decides })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: i64 = 86_400_000_000;
    /// 2001-01-31, 2001-02-28, 2001-03-31 and 2001-03-28.
    const LAST_OF: [i64; 4] = [396 * DAY, 424 * DAY, 455 * DAY, 452 * DAY];

    fn quota(anchor: Option<i64>) -> Limit {
        Limit::of_organization(Uuid::nil(), None, anchor)
    }

    #[test]
    fn months_step_from_the_31st_through_a_february() {
        let [january, february, march, other] = LAST_OF;
        let anchor = month_anchor(Some(february), Some(january));
        assert_eq!(anchor, Some(january));
        assert_eq!(quota(anchor).window(february), Window { start: february, end: march });
        // Somebody set the 28th.
        assert_eq!(month_anchor(Some(other), Some(january)), Some(other));
        assert_eq!(month_anchor(Some(february), None), Some(february));
        assert_eq!(month_anchor(None, None), None);
    }

    #[test]
    fn a_window_of_another_calendar_is_known() {
        let [january, february, ..] = LAST_OF;
        let window = quota(Some(january)).window(january + DAY);
        assert_eq!(window, Window { start: january, end: february });
        assert!(quota(Some(january)).has_window(&window) && !quota(Some(january + DAY)).has_window(&window));
        assert!(!quota(None).has_window(&window), "the first of each month");
    }

    #[test]
    fn what_a_free_model_uses_is_not_the_organisations() {
        let organization = Uuid::from_u128(7);
        let caller =
            Caller { user: Uuid::from_u128(1), organization: Some(organization), tier: "free".into(), plan: None };
        let other = Caller { organization: Some(Uuid::from_u128(8)), ..caller.clone() };
        let limits = [
            Limit::of_organization(organization, Some(10.into()), None),
            Limit::of_system_model(Source::SystemDaily, "system/1", Some(organization), Some(5.into())),
        ];
        let sources = |caller: &Caller, model: &str, is_free| -> Vec<Source> {
            applying(&limits, caller, model, is_free, 0).iter().map(|applied| applied.limit.source).collect()
        };
        assert_eq!(sources(&caller, "system/1", false), [Source::Organization, Source::SystemDaily]);
        assert_eq!(sources(&caller, "system/1", true), [Source::SystemDaily]);
        assert_eq!(sources(&caller, "system/2", false), [Source::Organization]);
        assert_eq!(sources(&caller, "openai/o1", false), []);
        assert_eq!(sources(&other, "system/1", false), []);
    }

    proptest! {
        #[test]
        fn shortest_is_as_normalized(value: i64, zeros in 0_u32..6, scale in -3_i64..30) {
            let amount = Amount::new((i128::from(value) * 10_i128.pow(zeros)).into(), scale);
            prop_assert_eq!(shortest(&amount), amount.clone());
            prop_assert_eq!(shortest(&amount).to_plain_string(), amount.normalized().to_plain_string());
        }
    }
}
