//! Who calls which model, and whether he may at all.

use super::system_callers::{self, Asked};
use super::{Instant, of_server, places, to_server};
use crate::lookup;
use crate::pg::spi::{Row, Snapshot, arg};
use crate::pg::text_array::texts_arg;
use model_access_domain::decision::{Demand, Reason};
use model_access_domain::limit::{Caller, Limit, Source};
use model_access_domain::tier::{self, TierFlags};
use model_access_domain::window::Period;
use pgrx::Uuid;

lookup!(CALLER, include_str!("../../../sql/queries/quota_caller.sql"));
lookup!(CALLERS, include_str!("../../../sql/queries/quota_callers.sql"));

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
    fn read(row: &Row) -> Self {
        let flag = |position| row.get::<bool>(position).unwrap_or_default();
        Self {
            tier: row.get::<String>(1),
            organization: row.get::<Uuid>(2).map(of_server),
            plan: row.get::<String>(3),
            slots: row.get::<i32>(4).and_then(|slots| i16::try_from(slots).ok()).unwrap_or(1),
            status: row.get::<String>(5),
            flags: TierFlags { free: flag(6), pro: flag(7), enterprise: flag(8) },
            daily: row.get::<i32>(9),
            monthly: row.get::<i32>(10),
        }
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
