//! Forgetting a person: his chats.

use crate::error::Error;
use crate::lookup;
use crate::pg::spi::{Snapshot, arg};
use crate::store::installation::Installation;
use crate::store::tenancy;
use pgrx::Uuid;
use std::ffi::CStr;

const CHATS: &CStr = c"chat_sessions";

lookup!(
    LOCK,
    "SELECT s.id FROM public.chat_sessions AS s
      WHERE s.user_id::pg_catalog.text OPERATOR(pg_catalog.=) $1::pg_catalog.text ORDER BY s.id FOR UPDATE"
);
lookup!(EXECUTIONS, include_str!("../../../sql/queries/agent_executions_forget.sql"));
lookup!(MESSAGES, "DELETE FROM public.chat_messages AS m WHERE m.session_id OPERATOR(pg_catalog.=) ANY ($1)");
lookup!(SESSIONS, "DELETE FROM public.chat_sessions AS s WHERE s.id OPERATOR(pg_catalog.=) ANY ($1)");
lookup!(
    REMAINS,
    "SELECT true FROM public.chat_sessions AS s
      WHERE s.user_id::pg_catalog.text OPERATOR(pg_catalog.=) $1::pg_catalog.text LIMIT 1"
);

/// Deletes the chats of a person, and what is kept of their calls but for those that may still be paid for; returns of how many
/// rows of which table. Chats name him in every line, and no bill needs them. Nothing where agents are not installed.
///
/// Comes before the engine's part: who finishes a call has its execution before its reservation. 40001 when others go on
/// writing chats of his, or an older snapshot does not show all of them.
pub fn forget(installation: &Installation, person: Uuid) -> Result<Vec<(&'static CStr, u64)>, Error> {
    installation.as_owner(|| {
        if !tenancy::is_ours(CHATS) {
            return Ok(Vec::new());
        }
        installation.require_owned(&[CHATS, c"chat_messages", c"agent_executions"])?;
        let chats = LOCK.with(|query| query.rows(Snapshot::Latest, &[arg(person)], |row| row.get::<Uuid>(1)));
        let chats: Vec<Uuid> = chats.into_iter().flatten().collect();
        let counts = vec![
            (c"agent_executions", EXECUTIONS.with(|query| query.execute(&[arg(chats.clone()), arg(person)]))),
            (c"chat_messages", MESSAGES.with(|query| query.execute(&[arg(chats.clone())]))),
            (CHATS, SESSIONS.with(|query| query.execute(&[arg(chats)]))),
        ];
        match REMAINS.with(|query| query.first(Snapshot::Fresh, &[arg(person)], |_| ())) {
            None => Ok(counts),
            Some(()) => Err(Error::CountersChanged),
        }
    })
}
