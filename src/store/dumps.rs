//! Rows that come back from a dump, while triggers fire.

use crate::pg::session;
use crate::pg::trigger::RowTrigger;

const MADE_AT: &str = "created_at";

/// When a row that is inserted says that it was made.
pub fn made_at(trigger: &RowTrigger) -> Option<i64> {
    let place = trigger.has_column(MADE_AT).then(|| trigger.place(MADE_AT))?;
    trigger.new_row().timestamp(place)
}

/// Whether a row that is inserted was made before, and comes back: what followed from it comes back too.
///
/// Whoever restores has the rights of the table's owner. A date that others write is no proof.
pub fn brings_back(trigger: &RowTrigger) -> bool {
    let by_owner = || {
        trigger
            .table_owner()
            .is_some_and(|table_owner| session::has_privileges_of(session::current_role(), table_owner))
    };
    made_at(trigger).is_some_and(|made_at| made_at < session::transaction_start()) && by_owner()
}
