//! Who calls which model, and whether he may at all.

use super::system_callers::{self, Asked};
use super::{Instant, of_server, places, to_server};
use crate::pg::arrays::texts_arg;
use crate::pg::keyed::Seen;
use crate::pg::shape::Kind::{Bool, Integer, Text, Uuid as Id, Whole};
use crate::pg::spi::{Row, Snapshot, arg};
use crate::{keyed, lookup};
use model_access_domain::decision::{Demand, Reason};
use model_access_domain::limit::{Caller, Limit, Source};
use model_access_domain::tier::{self, TierFlags};
use model_access_domain::window::Period;
use pgrx::Uuid;
use std::ffi::c_int;

lookup!(CALLER, include_str!("../../../sql/queries/quota_caller.sql"));
lookup!(CALLERS, include_str!("../../../sql/queries/quota_callers.sql"));
keyed!(PROFILE, c"profiles", [(c"id", Id)], [(c"subscription_tier", Text), (c"organization_id", Id)]);
keyed!(ORGANIZATION, c"organizations", [(c"id", Id)], [(c"pricing_plan", Text), (c"quota_slots", Whole)]);
keyed!(
    MODEL,
    c"model_access",
    [(c"model_id", Text)],
    [
        (c"status", Text),
        (c"is_free", Bool),
        (c"is_pro", Bool),
        (c"is_enterprise", Bool),
        (c"daily_limit", Integer),
        (c"monthly_limit", Integer)
    ]
);

/// What is asked: a user, a model, and how much.
#[derive(Clone)]
pub struct Wish {
    /// The user.
    pub user: uuid::Uuid,
    /// The model.
    pub model: String,
    /// How much.
    pub demand: Demand,
}

/// A wish with what the database knows about it.
#[derive(Clone)]
pub struct Call {
    /// Who calls.
    pub caller: Caller,
    /// The model.
    pub model: String,
    /// How much.
    pub demand: Demand,
    /// Into how many rows counters of the caller's organisation are split.
    pub slots: i16,
    /// Why the catalogue refuses; `None` when the model is open to the caller.
    pub closed: Option<Reason>,
    /// The price row in force, once it was looked up.
    pub price_id: Option<i64>,
    /// Limits that stand with the model, and with the organisation.
    pub own_limits: Vec<Limit>,
    /// What is known of a system model; `None` for other models.
    pub system: Option<SystemCall>,
}

impl Call {
    /// Whether the model's own limit and the organisation's quota do not count it.
    pub fn is_free(&self) -> bool {
        self.system.as_ref().is_some_and(|system| system.is_free)
    }
}

/// What usage of a system model is stored with.
#[derive(Clone)]
pub struct SystemCall {
    /// Its key.
    pub model_id: i64,
    /// Its name; `None` when it is gone.
    pub name: Option<String>,
    /// The period of its limit, else months.
    pub period: Period,
    /// Whether it is free.
    pub is_free: bool,
    /// Whether nobody of the organisation has used it before.
    pub begins_trial: bool,
}

/// Looks one caller and model up, as they are at an instant.
pub fn look_up_one(snapshot: Snapshot, wish: &Wish, now: Instant) -> Call {
    one(snapshot, Asked { wish, pinned: None }, now)
}

/// A call that was admitted before: who called, as it was then, and whether the model was free, whatever became of them.
pub fn look_up_admitted(snapshot: Snapshot, wish: &Wish, caller: &Caller, was_free: bool, now: Instant) -> Call {
    let mut call = one(snapshot, Asked { wish, pinned: Some(caller.organization) }, now);
    call.caller = caller.clone();
    if let Some(system) = &mut call.system {
        system.is_free = was_free;
    }
    call
}

fn one(snapshot: Snapshot, asked: Asked, now: Instant) -> Call {
    let wish = asked.wish;
    let system = system_callers::model_id(&wish.model)
        .and_then(|id| system_callers::look_up(snapshot, &[(asked, id)], now).into_iter().next());
    system.unwrap_or_else(|| look_up_of_catalogue(snapshot, wish))
}

fn look_up_of_catalogue(snapshot: Snapshot, wish: &Wish) -> Call {
    if let Some(found) = Found::by_keys(snapshot, &[wish]) {
        return found.into_iter().next().unwrap_or_default().call(wish);
    }
    let args = [arg(to_server(wish.user)), arg(wish.model.as_str())];
    CALLER.with(|query| query.first(snapshot, &args, Found::read)).unwrap_or_default().call(wish)
}

/// Looks callers and models up, in the order of the wishes.
pub fn look_up(snapshot: Snapshot, wishes: &[Wish], now: Instant) -> Vec<Call> {
    if let [wish] = wishes {
        return vec![look_up_one(snapshot, wish, now)];
    }
    let ids: Vec<Option<i64>> = wishes.iter().map(|wish| system_callers::model_id(&wish.model)).collect();
    let of_system: Vec<(Asked, i64)> =
        wishes.iter().zip(&ids).filter_map(|(wish, id)| Some((Asked { wish, pinned: None }, (*id)?))).collect();
    let mut of_system = if of_system.is_empty() {
        Vec::new().into_iter()
    } else {
        system_callers::look_up(snapshot, &of_system, now).into_iter()
    };
    let others: Vec<&Wish> = wishes.iter().zip(&ids).filter(|(_, id)| id.is_none()).map(|(wish, _)| wish).collect();
    let mut others = look_up_all_of_catalogue(snapshot, &others).into_iter();
    ids.iter().filter_map(|id| if id.is_some() { of_system.next() } else { others.next() }).collect()
}

fn look_up_all_of_catalogue(snapshot: Snapshot, wishes: &[&Wish]) -> Vec<Call> {
    if wishes.is_empty() {
        return Vec::new();
    }
    if let Some(found) = Found::by_keys(snapshot, wishes) {
        return wishes.iter().zip(found).map(|(wish, found)| found.call(wish)).collect();
    }
    let users: Vec<Uuid> = wishes.iter().map(|wish| to_server(wish.user)).collect();
    let models = texts_arg(wishes.iter().map(|wish| Some(wish.model.as_str())));
    let args = [arg(users), models, places(wishes.len())];
    let rows = CALLERS.with(|query| query.rows(snapshot, &args, Found::read));
    wishes.iter().zip(rows).map(|(wish, found)| found.call(wish)).collect()
}

/// A row of the statement.
#[derive(Default)]
struct Found {
    tier: Option<String>,
    organization: Option<uuid::Uuid>,
    plan: Option<String>,
    slots: i16,
    status: Option<String>,
    flags: TierFlags,
    daily: Option<i32>,
    monthly: Option<i32>,
}

impl Found {
    /// As the statements read it, one snapshot for all; `None` where those have to. Of a batch each is looked up by itself: people,
    /// organisations and models that come again are where they were seen.
    fn by_keys(snapshot: Snapshot, wishes: &[&Wish]) -> Option<Vec<Self>> {
        Seen::with(snapshot, |seen| wishes.iter().map(|wish| Self::by_key(seen, wish)).collect())
    }

    fn by_key(seen: Seen, wish: &Wish) -> Option<Self> {
        let mut found = Self { slots: 1, ..Self::default() };
        let person = |row: &Row| (row.get::<String>(1), row.get::<Uuid>(2).map(of_server));
        let person = PROFILE.with(|rows| rows.first(seen, [arg(to_server(wish.user))], person))?;
        (found.tier, found.organization) = person.unwrap_or_default();
        if let Some(organization) = found.organization {
            let plan = |row: &Row| (row.get::<String>(1), row.whole(2).and_then(|slots| i16::try_from(slots).ok()));
            let plan = ORGANIZATION.with(|rows| rows.first(seen, [arg(to_server(organization))], plan))?;
            let (plan, slots) = plan.unwrap_or_default();
            (found.plan, found.slots) = (plan, slots.unwrap_or(1));
        }
        MODEL.with(|rows| rows.first(seen, [arg(wish.model.as_str())], |row| found.read_model(row, 1)))?;
        Some(found)
    }

    /// What the catalogue says, from a row of which `first` is the first column.
    fn read_model(&mut self, row: &Row, first: c_int) {
        let flag = |position| row.get::<bool>(first + position).unwrap_or_default();
        let limit = |position| row.get::<i32>(first + position);
        self.status = row.get::<String>(first);
        self.flags = TierFlags { free: flag(1), pro: flag(2), enterprise: flag(3) };
        (self.daily, self.monthly) = (limit(4), limit(5));
    }

    fn read(row: &Row) -> Self {
        let mut found = Self {
            tier: row.get::<String>(1),
            organization: row.get::<Uuid>(2).map(of_server),
            plan: row.get::<String>(3),
            slots: row.get::<i32>(4).and_then(|slots| i16::try_from(slots).ok()).unwrap_or(1),
            ..Self::default()
        };
        found.read_model(row, 5);
        found
    }

    fn call(self, wish: &Wish) -> Call {
        let closed = self.closed();
        let caller = Caller {
            user: wish.user,
            organization: self.organization,
            tier: self.tier.unwrap_or_else(|| "free".to_owned()),
            plan: self.plan,
        };
        let model = wish.model.clone();
        Call {
            caller,
            demand: wish.demand.clone(),
            slots: self.slots.max(1),
            closed,
            price_id: None,
            own_limits: vec![
                Limit::of_model(Source::Daily, &model, self.daily),
                Limit::of_model(Source::Monthly, &model, self.monthly),
            ],
            system: None,
            model,
        }
    }

    /// The gates of the catalogue, first failure first.
    fn closed(&self) -> Option<Reason> {
        let needed = tier::opening_flags(self.tier.as_deref());
        let open = (needed.free && self.flags.free)
            || (needed.pro && self.flags.pro)
            || (needed.enterprise && self.flags.enterprise);
        match self.status.as_deref() {
            None => Some(Reason::ModelNotFound),
            Some("active") if open => None,
            Some("active") => Some(Reason::TierNotAllowed),
            Some(_) => Some(Reason::ModelNotActive),
        }
    }
}
