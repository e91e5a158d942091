//! Models that a superadmin offers to organisations, as the tables have them.
//!
//! What reads here does so with the rights of whoever acts: callers go through [`super::installation::Installation::as_owner`].

use super::{dumps, vault};
use crate::error::Error;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::pg::trigger::RowTrigger;
use crate::{lookup, statement};
use model_access_domain::system_model::{Facts, Organization, Role};
use model_access_domain::window::Instant;
use pgrx::Uuid;
use serde_json::Value;
use std::ffi::CStr;

/// The tables that are read here.
pub const TABLES: [&CStr; 5] =
    [c"profiles", c"organizations", c"ai_models_system", c"org_system_model_config", c"system_model_trials"];

lookup!(
    FACTS_OF_ONE,
    concat!(
        include_str!("../../sql/queries/system_model_asked.sql"),
        include_str!("../../sql/queries/system_model_facts.sql")
    )
);
statement!(
    FACTS_OF_ALL,
    concat!(
        include_str!("../../sql/queries/system_models_of_user.sql"),
        include_str!("../../sql/queries/system_model_facts.sql")
    )
);
statement!(SHOWN, include_str!("../../sql/queries/system_models_shown.sql"));
lookup!(
    CONNECTION,
    "SELECT m.endpoint::pg_catalog.text, m.api_key::pg_catalog.text, m.max_tokens::pg_catalog.int4,
            m.system_message::pg_catalog.text, m.task::pg_catalog.text
       FROM public.ai_models_system AS m WHERE m.id OPERATOR(pg_catalog.=) $1"
);
lookup!(
    PERSON,
    "SELECT p.role::pg_catalog.text, p.organization_id FROM public.profiles AS p WHERE p.id OPERATOR(pg_catalog.=) $1"
);
lookup!(
    TRIAL_START,
    "INSERT INTO public.system_model_trials (organization_id, system_model_id, started_at) VALUES ($1, $2, $3)
         ON CONFLICT (organization_id, system_model_id) DO NOTHING"
);

/// A system model and who asks for it.
#[derive(Clone, Debug)]
pub struct Found {
    /// `ai_models_system.id`
    pub id: i64,
    /// `ai_models_system.name`
    pub name: String,
    /// What decides whether he may call it.
    pub facts: Facts,
    /// Whether it is not limited and not counted.
    pub is_free: bool,
    /// `ai_models_system.token_limit_amount`
    pub limit_amount: Option<i64>,
    /// `ai_models_system.token_limit_period`
    pub limit_period: Option<String>,
    /// `org_system_model_config.token_limit_per_user` of his organisation.
    pub override_amount: Option<i64>,
}

impl Found {
    /// `None` where there is no such model.
    fn read(row: &Row) -> Option<Self> {
        let organization_id = row.get::<Uuid>(2);
        let facts = Facts {
            role: Role::of_profile(row.get::<String>(1).as_deref()),
            organization: organization_id
                .map(|_| Organization { kind: row.get::<String>(3), plan: row.get::<String>(4) }),
            is_active: row.get::<bool>(7).unwrap_or_default(),
            organization_types: row.get::<Vec<Option<String>>>(8).unwrap_or_default().into_iter().flatten().collect(),
            required_plan: row.get::<String>(9).unwrap_or_default(),
            trial_days: row.get::<i32>(10),
            trial_started_at: row.timestamp(11),
            enabled_for_users: row.get::<bool>(12).unwrap_or_default(),
        };
        Some(Self {
            id: row.get::<i64>(5)?,
            name: row.get::<String>(6).unwrap_or_default(),
            facts,
            is_free: row.get::<bool>(13).unwrap_or_default(),
            limit_amount: row.get::<i64>(14),
            limit_period: row.get::<String>(15),
            override_amount: row.get::<i64>(16),
        })
    }

    /// Tokens that a user may use in a period, and the period; `None` when he may use any number.
    pub fn limit(&self) -> Option<(i64, &str)> {
        let amount = self.override_amount.or(self.limit_amount).filter(|_| !self.is_free)?;
        Some((amount, self.limit_period.as_deref().unwrap_or("monthly")))
    }
}

/// What is known of a user and the system model that he asks for; `None` where there is no such model.
pub fn facts(user: Uuid, model: i64) -> Option<Found> {
    FACTS_OF_ONE.with(|query| query.first(Snapshot::Callers, &[arg(user), arg(model)], Found::read)).flatten()
}

/// The system models that a user may call at an instant, in the order of lists.
pub fn open_to(user: Uuid, now: Instant) -> Vec<Found> {
    let all = FACTS_OF_ALL.with(|query| query.rows(Snapshot::Callers, &[arg(user)], Found::read));
    all.into_iter().flatten().filter(|found| found.facts.closed(now).is_none()).collect()
}

/// What people see of a system model beside its name and limit.
pub struct Shown {
    /// Its key.
    pub id: i64,
    /// What it does.
    pub role: Option<String>,
    /// Symbol.
    pub icon: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Words to search for.
    pub tags: Vec<String>,
    /// The most tokens of an answer.
    pub max_tokens: Option<i32>,
    /// Whether organisations may only try it.
    pub is_trial: bool,
    /// Whether it is shown first.
    pub is_featured: bool,
    /// Its place in lists.
    pub sort_order: Option<i32>,
    /// The names of its tasks.
    pub tasks: Vec<String>,
}

/// What people see of some system models, in the order of lists.
pub fn shown(models: &[Found]) -> Vec<Shown> {
    let ids: Vec<i64> = models.iter().map(|found| found.id).collect();
    SHOWN.with(|query| {
        query.rows(Snapshot::Callers, &[arg(ids)], |row| Shown {
            id: row.get::<i64>(1).unwrap_or_default(),
            role: row.get::<String>(2),
            icon: row.get::<String>(3),
            description: row.get::<String>(4),
            tags: row.get::<Vec<Option<String>>>(5).unwrap_or_default().into_iter().flatten().collect(),
            max_tokens: row.get::<i32>(6),
            is_trial: row.get::<bool>(7).unwrap_or_default(),
            is_featured: row.get::<bool>(8).unwrap_or_default(),
            sort_order: row.get::<i32>(9),
            tasks: tasks(row.get::<String>(10)).into_iter().map(|(name, _)| name).collect(),
        })
    })
}

/// Names of tasks and what the model is told for them. What has no name is none.
fn tasks(stored: Option<String>) -> Vec<(String, Option<String>)> {
    let parsed: Value = stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let text = |task: &Value, key: &str| task.get(key).and_then(Value::as_str).map(str::to_owned);
    let named = |task: &Value| Some((text(task, "name")?, text(task, "system_message")));
    parsed.as_array().map(|tasks| tasks.iter().filter_map(named).collect()).unwrap_or_default()
}

/// How a system model is called.
pub struct Connection {
    /// Where.
    pub endpoint: Option<String>,
    /// With which key.
    pub api_key: Option<String>,
    /// The most tokens of an answer.
    pub max_tokens: Option<i32>,
    /// What the model is told.
    pub system_message: Option<String>,
    /// What it is told for the task that was asked for.
    pub task_message: Option<String>,
}

/// How a system model is called for a task. 22023 for a task that it does not have, 55000 where its key cannot be read;
/// `None` without such a model.
pub fn connection(model: i64, task: Option<&str>) -> Result<Option<Connection>, Error> {
    let read = |row: &Row| {
        let connection = Connection {
            endpoint: row.get::<String>(1),
            api_key: row.get::<String>(2),
            max_tokens: row.get::<i32>(3),
            system_message: row.get::<String>(4),
            task_message: None,
        };
        (connection, tasks(row.get::<String>(5)))
    };
    let found = CONNECTION.with(|query| query.first(Snapshot::Callers, &[arg(model)], read));
    let Some((mut connection, tasks)) = found else { return Ok(None) };
    if let Some(wanted) = task {
        let Some((_, message)) = tasks.iter().find(|(name, _)| name == wanted) else {
            let names: Vec<&str> = tasks.iter().map(|(name, _)| name.as_str()).collect();
            return Err(Error::UnknownTask(wanted.to_owned(), names.join(", ")));
        };
        connection.task_message.clone_from(message);
    }
    connection.api_key = connection.api_key.map(|stored| vault::key(stored, model)).transpose()?;
    Ok(Some(connection))
}

/// What a profile says of a person.
pub struct Person {
    /// `profiles.role`
    pub role: Option<String>,
    /// `profiles.organization_id`
    pub organization_id: Option<Uuid>,
}

/// A person; `None` without a profile.
pub fn person(user: Uuid) -> Option<Person> {
    let read = |row: &Row| Person { role: row.get::<String>(1), organization_id: row.get::<Uuid>(2) };
    PERSON.with(|query| query.first(Snapshot::Callers, &[arg(user)], read))
}

/// A trial that begins with a row of `org_system_model_config`.
pub struct Trial {
    organization: Uuid,
    model: i64,
    started_at: Instant,
}

impl Trial {
    /// Whether the trigger's rows say whose trial it is, and of which model.
    pub fn may_begin_by(trigger: &RowTrigger) -> bool {
        trigger.is_uuid("organization_id") && trigger.is_numeric("system_model_id")
    }

    /// What the trigger's row begins at an instant: on INSERT when the row was made, if it was made before. `None` for one that
    /// comes back from a dump: the beginning that was noted for it comes as well.
    pub fn of(trigger: &RowTrigger, now: Instant) -> Option<Self> {
        let is_new = !trigger.is_update();
        if is_new && dumps::brings_back(trigger) {
            return None;
        }
        let made_at = is_new.then(|| dumps::made_at(trigger)).flatten();
        let row = trigger.new_row();
        Some(Self {
            organization: row.get::<Uuid>(trigger.place("organization_id"))?,
            model: row.whole(trigger.place("system_model_id"))?,
            started_at: made_at.map_or(now, |made_at| made_at.min(now)),
        })
    }

    /// Notes it, unless it has begun before.
    pub fn note(&self) {
        let args = [arg(self.organization), arg(self.model), timestamp_arg(self.started_at)];
        TRIAL_START.with(|query| query.execute(&args));
    }
}
