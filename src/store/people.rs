//! Preferences of people, and what they did.

use super::installation::Installation;
use crate::pg::spi::{Snapshot, arg, timestamp_arg};
use crate::statement;
use pgrx::{Uuid, pg_sys};
use std::ffi::CStr;

/// The tables that are read and written here.
pub const TABLES: [&CStr; 2] = [c"profiles", c"user_activity_log"];

statement!(UI_PREFERENCES_MERGE, include_str!("../../sql/queries/ui_preferences_merge.sql"));
statement!(SESSION_PREFERENCES_MERGE, include_str!("../../sql/queries/session_preferences_merge.sql"));
statement!(MODEL_PREFERENCES_SET, include_str!("../../sql/queries/model_preferences_set.sql"));
statement!(ACTIVITY_INSERT, include_str!("../../sql/queries/activity_insert.sql"));

/// Which preferences of a person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Preferences {
    /// Of the user interface.
    Ui,
    /// Of chat sessions.
    Session,
    /// Of model, temperature and system prompt.
    Model,
}

impl Preferences {
    /// By the word that callers use.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "ui" => Some(Self::Ui),
            "session" => Some(Self::Session),
            "model" => Some(Self::Model),
            _ => None,
        }
    }
}

/// Merges or sets preferences (a JSON object as text) and returns the bytes of the merged ones as text; `None` when the user
/// has no profile.
pub fn update_preferences(
    installation: &Installation,
    user: Uuid,
    kind: Preferences,
    preferences: &str,
    now: pg_sys::TimestampTz,
) -> Option<usize> {
    let statement = match kind {
        Preferences::Ui => &UI_PREFERENCES_MERGE,
        Preferences::Session => &SESSION_PREFERENCES_MERGE,
        Preferences::Model => &MODEL_PREFERENCES_SET,
    };
    let args = [arg(user), arg(preferences), timestamp_arg(now)];
    let bytes = installation
        .as_owner(|| statement.with(|query| query.first(Snapshot::Latest, &args, |row| row.get::<i32>(1))))?;
    Some(bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or_default())
}

/// One action of a person.
pub struct Activity<'a> {
    /// Who.
    pub user: Uuid,
    /// What, for example `preferences_updated`.
    pub action: &'a str,
    /// Kind of the thing it was done to.
    pub resource_type: Option<&'a str>,
    /// Key of the thing it was done to.
    pub resource_id: Option<&'a str>,
    /// Whatever else belongs to it, JSON as text; `None` is an empty object.
    pub details: Option<String>,
}

/// Writes a row of `user_activity_log` and returns its key.
pub fn log_activity(installation: &Installation, activity: &Activity, now: pg_sys::TimestampTz) -> Option<Uuid> {
    let args = [
        arg(activity.user),
        arg(activity.action),
        arg(activity.resource_type),
        arg(activity.resource_id),
        arg(activity.details.clone()),
        timestamp_arg(now),
    ];
    installation
        .as_owner(|| ACTIVITY_INSERT.with(|query| query.first(Snapshot::Latest, &args, |row| row.get::<Uuid>(1))))
        .flatten()
}
