//! Decisions that are made by writing a table: what of a row changed, for the audit log.

use super::audit::{self, Author, Decision};
use super::{audit_chain, dumps};
use crate::pg::owner::{PLAIN_SQL, with_settings};
use crate::pg::session;
use crate::pg::trigger::RowTrigger;
use pgrx::Uuid;
use serde_json::{Map, Value};

/// What the trigger is about: its arguments in CREATE TRIGGER.
struct About {
    /// The kind of thing.
    resource_type: String,
    /// The column of its key.
    key: String,
    /// The column of its organisation; empty where it is none's.
    organization: String,
    /// The columns whose changes are decisions.
    columns: Vec<String>,
}

impl About {
    fn of(trigger: &RowTrigger) -> Option<Self> {
        let mut arguments = trigger.arguments().into_iter();
        let about = Self {
            resource_type: arguments.next()?,
            key: arguments.next()?,
            organization: arguments.next()?,
            columns: arguments.collect(),
        };
        let fits = about.columns.iter().chain([&about.key]).all(|column| trigger.has_column(column));
        fits.then_some(about)
    }
}

/// A value of a row, as JSON: numbers and booleans as such, all else as text.
fn value(trigger: &RowTrigger, column: &str, text: Option<String>) -> Value {
    match text {
        None => Value::Null,
        Some(text) if trigger.is_boolean(column) => Value::Bool(text == "t"),
        Some(text) if trigger.is_numeric(column) => text.parse::<i64>().map_or(Value::Null, Value::from),
        Some(text) => Value::String(text),
    }
}

/// What is told of a row.
pub struct Told {
    resource_type: String,
    resource_id: String,
    organization: Option<Uuid>,
    verb: &'static str,
    old: Value,
    new: Value,
}

/// One state of a row: its key and its organisation, and the columns that are told of.
struct Side {
    id: String,
    organization: Option<String>,
    texts: Vec<(String, Option<String>)>,
}

impl Side {
    fn of(about: &About, text: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            id: text(&about.key).unwrap_or_default(),
            organization: Some(about.organization.as_str()).filter(|column| !column.is_empty()).and_then(&text),
            texts: about.columns.iter().map(|column| (column.clone(), text(column))).collect(),
        }
    }

    fn told(&self, about: &About, verb: &'static str, old: Value, new: Value) -> Told {
        let organization = self.organization.as_deref().and_then(|text| uuid::Uuid::parse_str(text).ok());
        Told {
            resource_type: about.resource_type.clone(),
            resource_id: self.id.clone(),
            organization: organization.map(|id| Uuid::from_bytes(id.into_bytes())),
            verb,
            old,
            new,
        }
    }
}

fn object(trigger: &RowTrigger, texts: Vec<(String, Option<String>)>) -> Value {
    let told = |(column, text): (String, _)| {
        let value = value(trigger, &column, text);
        (column, value)
    };
    Value::Object(texts.into_iter().map(told).collect::<Map<_, _>>())
}

/// What the trigger's statement decides: the named columns that it changes, and all of a row that comes or goes. One that gets
/// another key or organisation goes there and comes here. `None` for arguments that do not fit the table.
pub fn told(trigger: &RowTrigger) -> Option<Vec<Told>> {
    let about = About::of(trigger)?;
    let is_insert = !trigger.is_update() && !trigger.is_delete();
    // It was told of when it was decided.
    if is_insert && dumps::brings_back(trigger) {
        return Some(Vec::new());
    }
    let (old, new) = with_settings(&PLAIN_SQL, || {
        let old = (!is_insert).then(|| Side::of(&about, |column| trigger.old_text(column)));
        let new = (!trigger.is_delete()).then(|| Side::of(&about, |column| trigger.new_text(column)));
        (old, new)
    });
    let object = |texts| object(trigger, texts);
    let removed = |old: Side| old.told(&about, "removed", object(old.texts.clone()), Value::Null);
    let added = |new: Side| new.told(&about, "added", Value::Null, object(new.texts.clone()));
    let mut told = match (old, new) {
        (Some(old), Some(new)) if (&old.id, &old.organization) == (&new.id, &new.organization) => {
            let pairs = old.texts.iter().cloned().zip(new.texts.iter().cloned());
            let (before, after): (Vec<_>, Vec<_>) = pairs.filter(|((column, _), _)| trigger.changes(column)).unzip();
            if before.is_empty() {
                Vec::new()
            } else {
                vec![new.told(&about, "changed", object(before), object(after))]
            }
        }
        (old, new) => old.map(removed).into_iter().chain(new.map(added)).collect(),
    };
    // Whoever writes two logs writes them in one order.
    told.sort_by_key(|told| told.organization.map(|id| *id.as_bytes()));
    Some(told)
}

/// Writes down what was decided. A row of an organisation that is gone went with it, and is no decision.
pub fn note(told: Vec<Told>, author: &Author) {
    for Told { resource_type, resource_id, organization, verb, old, new } in told {
        if organization.is_some_and(|organization| !audit_chain::organization_stands(organization)) {
            continue;
        }
        let action = format!("{resource_type}_{verb}");
        let (resource_type, resource_id) = (resource_type.as_str(), resource_id.as_str());
        audit::note(Decision { action: &action, resource_type, resource_id, organization, old, new }, author);
    }
}

/// Whose audit log it is; `None` without one.
pub fn log_owner() -> Option<pgrx::pg_sys::Oid> {
    session::public_relation(super::audit_chain::LOG).map(|(_, owner)| owner)
}
