//! Chats: what is said, in the rights of whoever says it.

use crate::error::Error;
use crate::pg::Reply;
use crate::pg::jsonb::{Item, Jsonb};
use crate::store::chats::{self, Message, TABLES};
use crate::store::installation::Installation;
use pgrx::prelude::*;

/// Deeper documents are refused, as everywhere.
const MAX_DEPTH: usize = 100;

/// Appends a message to a chat that the caller sees, and notes when; returns its id. Row level security decides.
///
/// Errors: 22004, 22023 for another role than user, assistant and system and for negative tokens, PT404 for a session that the
/// caller does not see. Source: docs/design.md, "Agents".
#[pg_extern(volatile, parallel_unsafe)]
fn append_chat_message(
    p_session_id: Option<pgrx::Uuid>,
    p_role: Option<&str>,
    p_content: Option<&str>,
    p_tokens_in: default!(Option<i32>, "NULL"),
    p_tokens_out: default!(Option<i32>, "NULL"),
    p_metadata: default!(Option<Jsonb>, "'{}'"),
) -> Reply<pgrx::Uuid> {
    Reply::of(|| {
        Installation::with(&TABLES)?;
        let role = p_role.ok_or(Error::NoArgument("p_role"))?;
        if !["user", "assistant", "system"].contains(&role) {
            return Err(Error::BadArgument("p_role", role.to_owned(), "Pass user, assistant or system."));
        }
        let message = Message {
            session: p_session_id.ok_or(Error::NoArgument("p_session_id"))?,
            role,
            content: p_content.ok_or(Error::NoArgument("p_content"))?,
            tokens: tokens(p_tokens_in, p_tokens_out)?,
            metadata: p_metadata.map(|metadata| object(&metadata)).transpose()?,
        };
        chats::append(&message)
    })
}

/// Tokens in, out, and both; NULL where neither is known.
fn tokens(tokens_in: Option<i32>, tokens_out: Option<i32>) -> Result<[Option<i32>; 3], Error> {
    for (name, count) in [("p_tokens_in", tokens_in), ("p_tokens_out", tokens_out)] {
        if let Some(count) = count.filter(|count| *count < 0) {
            return Err(Error::BadArgument(name, count.to_string(), "Pass 0 or more tokens, or NULL."));
        }
    }
    let total = tokens_in.or(tokens_out).map(|_| tokens_in.unwrap_or(0).checked_add(tokens_out.unwrap_or(0)));
    match total {
        Some(None) => Err(Error::BadArgument("p_tokens_out", "too many with p_tokens_in".to_owned(), "Pass fewer.")),
        total => Ok([tokens_in, tokens_out, total.flatten()]),
    }
}

/// A JSON object as text.
fn object(document: &Jsonb) -> Result<String, Error> {
    match document.top() {
        Item::Object(_) => {
            let value = document.top().to_exact_value(MAX_DEPTH).ok_or(Error::TooDeep(MAX_DEPTH))?;
            Ok(value.to_string())
        }
        _ => Err(Error::NotAnObject("p_metadata")),
    }
}
