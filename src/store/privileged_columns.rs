//! Columns that decide about rights, in tables whose rows people write themselves.

use crate::pg::owner;
use crate::pg::trigger::RowTrigger;

/// Whose row it is. A row that was given its rights by others keeps its person: else any policy that lets clients write
/// others' rows would let one put his own id into an admin's.
const KEY: &str = "id";

/// The first of the trigger's columns that the statement sets to what a client may not set: on UPDATE another value
/// than before, of the key too, on INSERT another than the column's default.
///
/// Values are compared as they are stored: a session may choose settings under which two of them are written alike.
pub fn first_set(trigger: &RowTrigger) -> Option<String> {
    let key = (trigger.is_update() && trigger.has_column(KEY)).then(|| KEY.to_owned());
    trigger.arguments().into_iter().chain(key).find(|column| {
        // A guard of a column that was renamed away guards nothing: then nobody passes.
        if !trigger.has_column(column) {
            return true;
        }
        if trigger.is_update() { trigger.changes(column) } else { differs_from_default(trigger, column) }
    })
}

/// The default is evaluated as the table's owner, whose expression it is.
fn differs_from_default(trigger: &RowTrigger, column: &str) -> bool {
    trigger.table_owner().is_none_or(|table_owner| owner::act_as(table_owner, || trigger.differs_from_default(column)))
}
