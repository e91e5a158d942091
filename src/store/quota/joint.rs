//! Whether a counter may be written by the statement that writes what it counts.

use crate::pg::{invalidation, session};
use std::cell::Cell;
use std::ffi::CStr;

/// The tables that such statements write.
const WRITTEN: [&CStr; 4] = [c"ai_usage", c"quota_usage", c"quota_holds", c"quota_reservations"];

thread_local! {
    /// The answer, and the definitions that stood then.
    static KNOWN: Cell<Option<(u64, bool)>> = const { Cell::new(None) };
}

/// Whether no rule of the application stands on the tables: a rule rewrites a statement as a whole. One that comes into being
/// meanwhile makes the statement fail, since it returns what it stored.
pub fn is_possible() -> bool {
    let definitions = invalidation::definitions();
    match KNOWN.get() {
        Some((of, known)) if of == definitions => known,
        _ => {
            let found = !WRITTEN.into_iter().any(session::has_rules);
            KNOWN.set(Some((definitions, found)));
            found
        }
    }
}
