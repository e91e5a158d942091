//! What a sync would do, and what the usage of the last days would cost then. Nothing is written.

use super::catalogue;
use super::installation::Installation;
use super::quota::priced_line::{self, Line};
use super::review_queue::RECENT_US;
use super::sync_plan::{self, Plan, Planned, Reading, Refusal};
use crate::pg::jsonb::Jsonb;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::pg::{memory, session};
use crate::statement;
use model_access_domain::change::{self, Change, Stored};
use model_access_domain::limit::Amount;
use model_access_domain::pricing::Pricing;
use pgrx::Uuid;
use pgrx::pg_sys::TimestampTz;
use serde_json::{Map, Value};
use std::collections::HashMap;

statement!(ROWS, include_str!("../../sql/queries/preview_rows.sql"));

/// So many rows of the ledger are read at once.
const CHUNK: i64 = 1000;

/// What a sync would do with a model, in the order in which it is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The id is new.
    Added,
    /// The feed no longer has it.
    Removed,
    /// It was gone and is back.
    Returned,
    /// Its prices change.
    Repriced,
}

impl Kind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Returned => "returned",
            Self::Repriced => "repriced",
        }
    }
}

/// A model that would change.
struct Changing {
    kind: Kind,
    model_id: String,
    old: Option<Value>,
    new: Option<Value>,
    /// The new prices, where they are known.
    pricing: Option<Pricing>,
}

/// Usage of one organisation, or of none.
#[derive(Default)]
pub struct Sums {
    /// Calls.
    pub requests: i64,
    /// Tokens of them.
    pub tokens: i64,
    /// What they come to, USD.
    pub cost: Amount,
    /// What they would cost, USD; `None` when the new prices do not tell.
    pub new_cost: Option<Amount>,
}

/// A change, and usage that it concerns.
pub struct Effect {
    /// What a sync would do.
    pub kind: Kind,
    /// With which model.
    pub model_id: String,
    /// The pricing object in force.
    pub old: Option<Value>,
    /// The one that would replace it.
    pub new: Option<Value>,
    /// Whose usage it is.
    pub organization: Option<Uuid>,
    /// The usage.
    pub sums: Sums,
}

/// What a sync of a payload would do; or why it would refuse it.
pub fn effects(installation: &Installation, payload: Option<&Jsonb>, now: TimestampTz) -> Result<Vec<Effect>, Refusal> {
    installation.as_owner(|| {
        let list = sync_plan::accepted_list(payload)?;
        let plan = sync_plan::plan(list, Reading { snapshot: Snapshot::Callers, force: false, now })?;
        let changing = changing(&plan);
        let used = usage(&changing, now);
        Ok(told(changing, used, now))
    })
}

/// The models that would come, go, come back or cost something else.
fn changing(plan: &Plan) -> Vec<Changing> {
    let object = |pricing: &Map<String, Value>| Value::Object(pricing.clone());
    let of_element = |element: &Planned| {
        let model = element.model.as_ref()?;
        let stored = plan.stored.get(element.id);
        let kind = match element.change {
            Change::Added => Kind::Added,
            Change::Reactivated => Kind::Returned,
            Change::Updated if change::pricing_differs(stored, model) => Kind::Repriced,
            Change::Updated | Change::Unchanged => return None,
        };
        let old = stored.and_then(|stored| stored.open_pricing.as_ref()).map(object);
        let new = object(&model.pricing);
        let pricing = Pricing::of_json(&new).ok();
        Some(Changing { kind, model_id: element.id.to_owned(), old, new: Some(new), pricing })
    };
    let gone = plan.missing.iter().map(|missing| missing.id.clone()).collect();
    let of_stored = |(model_id, stored): (String, Stored)| {
        let old = stored.open_pricing.map(Value::Object);
        Changing { kind: Kind::Removed, model_id, old, new: None, pricing: None }
    };
    let removed = catalogue::stored(Snapshot::Callers, gone).into_iter().map(of_stored);
    plan.elements.iter().filter_map(of_element).chain(removed).collect()
}

/// Usage by model and organisation.
type Used = HashMap<String, HashMap<Option<[u8; 16]>, Sums>>;

/// The usage of the last days of some models; none where there is no ledger.
fn usage(changing: &[Changing], now: TimestampTz) -> Used {
    let mut used = Used::new();
    if changing.is_empty() || session::own_public_relation(c"ai_usage").is_none() {
        return used;
    }
    let models: HashMap<&str, &Changing> = changing.iter().map(|one| (one.model_id.as_str(), one)).collect();
    let mut last = Some((Uuid::from_bytes([0; 16]), TimestampTz::MIN));
    while let Some(after) = last {
        session::check_for_interrupts();
        last = memory::given_back(|| chunk(&models, after, now, &mut used));
    }
    used
}

/// Adds up some rows after one; returns the last of them, `None` when there are no more.
fn chunk(
    models: &HashMap<&str, &Changing>,
    after: (Uuid, TimestampTz),
    now: TimestampTz,
    used: &mut Used,
) -> Option<(Uuid, TimestampTz)> {
    let args = [
        arg(models.keys().map(|id| (*id).to_owned()).collect::<Vec<String>>()),
        timestamp_arg(now.saturating_sub(RECENT_US)),
        timestamp_arg(now),
        arg(after.0),
        timestamp_arg(after.1),
        arg(CHUNK),
    ];
    let read = |row: &Row| {
        let is_ours = row.get::<bool>(20) == Some(true);
        Some((priced_line::read(row)?, row.get::<Uuid>(18), row.get::<String>(19)?, is_ours))
    };
    let lines = ROWS.with(|query| query.rows(Snapshot::Callers, &args, read));
    let mut last = None;
    for (line, organization, model, is_ours) in lines.into_iter().flatten() {
        last = Some((line.id, line.occurred_at));
        let Some(changing) = models.get(model.as_str()) else { continue };
        let organization = organization.map(|id| *id.as_bytes());
        let sums = used.entry(model).or_default().entry(organization).or_insert_with(|| Sums::of(changing, now));
        sums.add(&line, is_ours, changing);
    }
    last
}

impl Sums {
    /// Of nothing. Where the prices of a prompt and an answer are not known, nothing that is added makes the cost known.
    fn of(changing: &Changing, now: TimestampTz) -> Self {
        let is_known = |pricing: &Pricing| pricing.highest_cost(0, 0, 0, now).is_ok();
        let new_cost = changing.pricing.as_ref().filter(|pricing| is_known(pricing)).map(|_| Amount::default());
        Self { new_cost, ..Self::default() }
    }

    /// Adds a row of the ledger. A cost that our prices did not give, and one that was taken back, stays as it is.
    fn add(&mut self, line: &Line, is_ours: bool, changing: &Changing) {
        self.requests = self.requests.saturating_add(line.usage.requests.into());
        self.tokens = self.tokens.saturating_add(line.usage.total_tokens);
        self.cost += &line.net.cost;
        let new_cost = match &changing.pricing {
            Some(pricing) if is_ours && !line.is_voided => line.cost(pricing),
            _ => Some(line.net.cost.clone()),
        };
        self.new_cost = self.new_cost.take().zip(new_cost).map(|(sum, cost)| sum + cost);
    }
}

/// A line for each change and organisation with usage, or one of nothing; in the order of changes, ids and organisations, none last.
fn told(mut changing: Vec<Changing>, mut used: Used, now: TimestampTz) -> Vec<Effect> {
    changing.sort_by(|left, right| (left.kind, &left.model_id).cmp(&(right.kind, &right.model_id)));
    let mut effects = Vec::new();
    for change in changing {
        let mut sums: Vec<_> = used.remove(&change.model_id).unwrap_or_default().into_iter().collect();
        if sums.is_empty() {
            sums.push((None, Sums::of(&change, now)));
        }
        sums.sort_by_key(|(organization, _)| (organization.is_none(), *organization));
        effects.extend(sums.into_iter().map(|(organization, sums)| Effect {
            kind: change.kind,
            model_id: change.model_id.clone(),
            old: change.old.clone(),
            new: change.new.clone(),
            organization: organization.map(Uuid::from_bytes),
            sums,
        }));
    }
    effects
}
