//! Chats, in the rights of whoever asks: row level security decides what there is.

use crate::agent_error::AgentError;
use crate::error::Error;
use crate::lookup;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use model_access_domain::window::Instant;
use pgrx::Uuid;
use std::ffi::CStr;

/// The tables that are written here.
pub const TABLES: [&CStr; 2] = [c"chat_sessions", c"chat_messages"];

/// No clock is set back by so much: a day, in microseconds. What lies further ahead a client has written.
const FAR_AHEAD: i64 = 86_400_000_000;

lookup!(
    LOCK,
    "SELECT s.last_message_at FROM public.chat_sessions AS s WHERE s.id OPERATOR(pg_catalog.=) $1 FOR NO KEY UPDATE"
);
lookup!(TOUCH, "UPDATE public.chat_sessions AS s SET last_message_at = $2 WHERE s.id OPERATOR(pg_catalog.=) $1");
lookup!(
    INSERT,
    "INSERT INTO public.chat_messages (id, session_id, role, content, tokens_in, tokens_out, tokens_total, metadata, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::pg_catalog.jsonb, $9)"
);

/// A message.
pub struct Message<'a> {
    /// The chat.
    pub session: Uuid,
    /// Who says it.
    pub role: &'a str,
    /// What.
    pub content: &'a str,
    /// Tokens read, written, and both.
    pub tokens: [Option<i32>; 3],
    /// A JSON object, as text.
    pub metadata: Option<String>,
}

/// Appends a message to a chat; returns its id. PT404 for a chat that the caller does not see.
///
/// The clock is read when the chat is locked, and a message is later than the one before it: their order is that of their
/// instants.
pub fn append(message: &Message) -> Result<Uuid, Error> {
    let session = message.session;
    let found = LOCK.with(|query| query.first(Snapshot::Latest, &[arg(session)], |row: &Row| row.timestamp(1)));
    let last = found.ok_or_else(|| AgentError::UnknownSession(session.to_string()))?;
    let at = after(last, session::clock());
    let id = session::random_uuid();
    let [tokens_in, tokens_out, tokens_total] = message.tokens;
    TOUCH.with(|query| query.execute(&[arg(session), timestamp_arg(at)]));
    let args = [
        arg(id),
        arg(session),
        arg(message.role),
        arg(message.content),
        arg(tokens_in),
        arg(tokens_out),
        arg(tokens_total),
        arg(message.metadata.as_deref()),
        timestamp_arg(at),
    ];
    INSERT.with(|query| query.execute(&args));
    Ok(id)
}

/// The instant of a message after one of another instant, also where the clock stands or was set back.
fn after(last: Option<Instant>, now: Instant) -> Instant {
    match last {
        Some(last) if last >= now && last.saturating_sub(now) < FAR_AHEAD => last.saturating_add(1),
        _ => now,
    }
}
