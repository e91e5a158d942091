//! Decisions that are made by writing a table: what of a row changed, for the audit log.

use super::audit::{self, Author, Decision};
use crate::error::Error;
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

/// Writes down what the trigger's statement decides: the named columns that it changes, and all of a row that comes or goes.
///
/// A row of an organisation that is gone went with it, and is no decision. `false` for arguments that do not fit the table.
pub fn note(trigger: &RowTrigger, author: &Author) -> Result<bool, Error> {
    let Some(About { resource_type, key, organization, columns }) = About::of(trigger) else { return Ok(false) };
    let is_insert = !trigger.is_update() && !trigger.is_delete();
    let old = |column: &str| if is_insert { None } else { trigger.old_text(column) };
    let new = |column: &str| if trigger.is_delete() { None } else { trigger.new_text(column) };
    let told = |column: &&String| !trigger.is_update() || old(column) != new(column);
    let (mut before, mut after) = (Map::new(), Map::new());
    for column in columns.iter().filter(told) {
        before.insert(column.clone(), value(trigger, column, old(column)));
        after.insert(column.clone(), value(trigger, column, new(column)));
    }
    if before.is_empty() {
        return Ok(true);
    }
    let object = |is_there: bool, values| if is_there { Value::Object(values) } else { Value::Null };
    let id = new(&key).or_else(|| old(&key)).unwrap_or_default();
    let whose = new(&organization).or_else(|| old(&organization));
    let whose = whose.and_then(|text| uuid::Uuid::parse_str(&text).ok()).map(|id| Uuid::from_bytes(id.into_bytes()));
    if whose.is_some_and(|organization| !audit::organization_stands(organization)) {
        return Ok(true);
    }
    let verb = if trigger.is_update() {
        "changed"
    } else if is_insert {
        "added"
    } else {
        "removed"
    };
    let decision = Decision {
        action: &format!("{resource_type}_{verb}"),
        resource_type: &resource_type,
        resource_id: &id,
        organization: whose,
        old: object(!is_insert, before),
        new: object(!trigger.is_delete(), after),
    };
    audit::note(decision, author);
    Ok(true)
}

/// Whose audit log it is; `None` without one.
pub fn log_owner() -> Option<pgrx::pg_sys::Oid> {
    session::public_relation(super::audit_chain::LOG).map(|(_, owner)| owner)
}
