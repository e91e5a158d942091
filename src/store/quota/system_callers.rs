//! Who calls which system model, by which of its gates he passes, and what limits it.

use super::callers::{Call, SystemCall, Wish};
use super::{Instant, amount, of_server, places, to_server};
use crate::lookup;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg};
use model_access_domain::decision::{Demand, Reason};
use model_access_domain::limit::{Amount, Caller, Limit, Source, month_anchor};
use model_access_domain::system_model::{self, Facts, Organization, Role};
use model_access_domain::window::Period;
use pgrx::Uuid;
use std::ffi::CStr;

lookup!(CALLERS, include_str!("../../../sql/queries/quota_system_callers.sql"));

lookup!(
    LIMITED,
    "SELECT m.id FROM public.ai_models_system AS m WHERE m.is_active AND NOT m.is_free ORDER BY m.sort_order, m.id"
);

/// A reference to no model.
const NO_MODEL: &str = "system/0";

/// Tables of the module.
const TABLES: [&CStr; 4] = [c"ai_models_system", c"org_system_model_config", c"ai_model_usage", c"system_model_trials"];

/// A wish, and the organisation that it counts for where that was decided before.
pub struct Asked<'a> {
    /// Who, which model, how much.
    pub wish: &'a Wish,
    /// The organisation of a call that was admitted before, which may have had none.
    pub pinned: Option<Option<uuid::Uuid>>,
}

/// The key of a system model that a call is of; `None` for other models, and where there are no system models of the owner as whom
/// the engine acts.
pub fn model_id(model: &str) -> Option<i64> {
    let is_own = |table: &CStr| session::own_public_relation(table).is_some();
    system_model::id_of(model).filter(|_| TABLES.into_iter().all(is_own))
}

/// The limits with an amount on the system models that are open to a caller, and his organisation's quota.
pub fn limits_of(caller: &Caller, now: Instant) -> Vec<Limit> {
    if caller.organization.is_none() || model_id(NO_MODEL).is_none() {
        return Vec::new();
    }
    let ids = LIMITED.with(|query| query.rows(Snapshot::Callers, &[], |row| row.get::<i64>(1)));
    // One that is no model's tells the organisation's quota.
    let models = ids.into_iter().flatten().map(|id| format!("{}{id}", system_model::PREFIX));
    let wish = |model| Wish { user: caller.user, model, demand: Demand::default() };
    let wishes: Vec<Wish> = std::iter::once(NO_MODEL.to_owned()).chain(models).map(wish).collect();
    let asked =
        wishes.iter().filter_map(|wish| Some((Asked { wish, pinned: None }, system_model::id_of(&wish.model)?)));
    let calls = look_up(Snapshot::Callers, &asked.collect::<Vec<_>>(), now);
    let (of_organization, of_models): (Vec<&Call>, Vec<&Call>) = calls.iter().partition(|call| call.model == NO_MODEL);
    let open = of_models.into_iter().filter(|call| call.closed.is_none()).flat_map(|call| &call.own_limits);
    let of_models = open.filter(|limit| limit.source != Source::Organization);
    let quotas = of_organization.into_iter().flat_map(|call| &call.own_limits);
    let quotas = quotas.filter(|limit| limit.source == Source::Organization);
    quotas.chain(of_models).filter(|limit| limit.amount.is_some()).cloned().collect()
}

/// Looks callers and system models up, in the order in which they are asked for.
pub fn look_up(snapshot: Snapshot, asked: &[(Asked, i64)], now: Instant) -> Vec<Call> {
    let args = [
        arg(asked.iter().map(|(asked, _)| to_server(asked.wish.user)).collect::<Vec<Uuid>>()),
        arg(asked.iter().map(|(_, id)| *id).collect::<Vec<i64>>()),
        places(asked.len()),
        arg(asked.iter().map(|(asked, _)| asked.pinned.flatten().map(to_server)).collect::<Vec<Option<Uuid>>>()),
        arg(asked.iter().map(|(asked, _)| asked.pinned.is_some()).collect::<Vec<bool>>()),
    ];
    let rows = CALLERS.with(|query| query.rows(snapshot, &args, Found::read));
    asked.iter().zip(rows).map(|((asked, id), found)| found.call(asked.wish, *id, now)).collect()
}

/// A row of the statement.
struct Found {
    tier: Option<String>,
    organization: Option<uuid::Uuid>,
    slots: i16,
    facts: Option<Facts>,
    name: Option<String>,
    is_free: bool,
    period: Option<Period>,
    /// The organisation's own amount, else the model's.
    limit: Option<Amount>,
    plan: Option<String>,
    quota: Option<Amount>,
    usage: Option<Amount>,
    reset: Option<Instant>,
    anchor: Option<Instant>,
    has_no_start: bool,
}

impl Found {
    fn read(row: &Row) -> Self {
        let text = |position| row.get::<String>(position);
        let flag = |position| row.get::<bool>(position).unwrap_or_default();
        let organization = row.get::<Uuid>(4).map(|_| Organization { kind: text(5), plan: text(6) });
        let types = row.get::<Vec<Option<String>>>(14).unwrap_or_default();
        let facts = row.get::<bool>(13).map(|is_active| Facts {
            is_active,
            organization_types: types.into_iter().flatten().collect(),
            required_plan: text(15).unwrap_or_default(),
            trial_days: row.get::<i32>(16),
            trial_started_at: row.timestamp(22),
            role: Role::of_profile(text(2).as_deref()),
            organization: organization.clone(),
            enabled_for_users: flag(20),
        });
        Self {
            tier: text(1),
            organization: row.get::<Uuid>(3).map(of_server),
            slots: row.get::<i32>(7).and_then(|slots| i16::try_from(slots).ok()).unwrap_or(1),
            name: text(12),
            is_free: flag(17),
            period: text(18).and_then(|word| Period::of_word(&word)),
            limit: amount(row, 21).or_else(|| amount(row, 19)),
            plan: text(6),
            quota: amount(row, 8),
            usage: amount(row, 9),
            reset: row.timestamp(10),
            anchor: row.timestamp(11),
            has_no_start: facts.is_some() && organization.is_some() && row.timestamp(22).is_none(),
            facts,
        }
    }

    fn call(self, wish: &Wish, model_id: i64, now: Instant) -> Call {
        let closed = match &self.facts {
            None => Some(Reason::ModelNotFound),
            Some(facts) => facts.closed(now),
        };
        let limits = self.limits(&wish.model, now);
        Call {
            caller: Caller {
                user: wish.user,
                organization: self.organization,
                tier: self.tier.unwrap_or_else(|| "free".to_owned()),
                plan: self.plan,
            },
            model: wish.model.clone(),
            demand: wish.demand.clone(),
            slots: self.slots.max(1),
            closed,
            price_id: None,
            own_limits: limits,
            system: Some(SystemCall {
                model_id,
                name: self.name,
                period: self.period.unwrap_or(Period::Monthly),
                is_free: self.is_free,
                begins_trial: self.has_no_start,
            }),
        }
    }

    /// The model's limit, by the period that it has, and the organisation's quota. Those without an amount are there to be counted
    /// on where their counters stand.
    fn limits(&self, model: &str, now: Instant) -> Vec<Limit> {
        let period = self.period.unwrap_or(Period::Monthly);
        let of_period = |source: Source| {
            let decides =
                Limit::of_system_model(source, model, self.organization, None).period() == Some(period.word());
            let amount = self.limit.clone().filter(|_| decides && !self.is_free);
            Limit::of_system_model(source, model, self.organization, amount)
        };
        let quota = self.organization.map(|organization| Limit {
            carried: self.carried(now),
            reset_seen: self.reset,
            ..Limit::of_organization(organization, self.quota.clone(), month_anchor(self.reset, self.anchor))
        });
        [Source::SystemDaily, Source::SystemWeekly, Source::SystemMonthly]
            .map(of_period)
            .into_iter()
            .chain(quota)
            .collect()
    }

    /// What another program wrote down as used in the open month; nothing once the engine writes it.
    fn carried(&self, now: Instant) -> Option<Amount> {
        let is_open = self.anchor.is_none() && self.reset.is_none_or(|reset| now < reset);
        self.usage.clone().filter(|_| is_open)
    }
}
