//! Logins at OAuth providers, and the tokens that they bring.
//!
//! What writes here acts as the owner of our tables: callers go through [`super::installation::Installation::as_owner`].

use crate::pg::spi::{Row, Snapshot, arg};
use crate::{lookup, statement};
use pgrx::{Uuid, pg_sys};
use std::ffi::CStr;

/// The table of states.
pub const STATES: [&CStr; 1] = [c"oauth_states"];
/// The table of tokens.
pub const TOKENS: [&CStr; 1] = [c"mcp_oauth_tokens"];

lookup!(CONSUME, include_str!("../../sql/queries/oauth_state_consume.sql"));
statement!(
    CLEANUP_STATES,
    "DELETE FROM public.oauth_states AS s WHERE s.expires_at OPERATOR(pg_catalog.<) pg_catalog.clock_timestamp()"
);
// Hours, since a day of the session's zone may have 23 of them.
statement!(
    CLEANUP_TOKENS,
    "DELETE FROM public.mcp_oauth_tokens AS t
      WHERE t.expires_at OPERATOR(pg_catalog.<) (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) pg_catalog.make_interval(hours => 168))"
);

/// A login that was begun and comes back.
pub struct Login {
    /// `oauth_states.id`
    pub id: Option<Uuid>,
    /// `oauth_states.user_id`
    pub user: Option<Uuid>,
    /// `oauth_states.code_verifier`, as it is stored.
    pub code_verifier: Option<String>,
    /// `oauth_states.provider`
    pub provider: Option<String>,
    /// `oauth_states.mcp_name`
    pub mcp_name: Option<String>,
    /// `oauth_states.redirect_uri`
    pub redirect_uri: Option<String>,
    /// `oauth_states.created_at`
    pub created_at: Option<pg_sys::TimestampTz>,
    /// `oauth_states.expires_at`
    pub expires_at: Option<pg_sys::TimestampTz>,
}

/// Burns a state; `None` when there is none to burn.
pub fn consume(state: &str) -> Option<Login> {
    let read = |row: &Row| Login {
        id: row.get::<Uuid>(1),
        user: row.get::<Uuid>(2),
        code_verifier: row.get::<String>(3),
        provider: row.get::<String>(4),
        mcp_name: row.get::<String>(5),
        redirect_uri: row.get::<String>(6),
        created_at: row.timestamp(7),
        expires_at: row.timestamp(8),
    };
    CONSUME.with(|query| query.first(Snapshot::Latest, &[arg(state)], read))
}

/// Deletes states that have expired.
pub fn cleanup_states() {
    CLEANUP_STATES.with(|query| query.execute(&[]));
}

/// Deletes tokens that expired more than 7 days ago.
pub fn cleanup_tokens() {
    CLEANUP_TOKENS.with(|query| query.execute(&[]));
}
