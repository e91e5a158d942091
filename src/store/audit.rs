//! Rows of the audit log: what applications tell, and what admins and operators decide.
//!
//! What writes here acts as the owner of our tables. The trigger that makes a chain of the rows is in [`super::audit_chain`].

use super::audit_chain::{HEADS, LOG};
use crate::error::{Error, shown};
use crate::lookup;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg};
use model_access_domain::caller;
use pgrx::Uuid;
use serde_json::{Value, json};
use std::ffi::CStr;

/// The tables that are read and written here.
pub const TABLES: [&CStr; 4] = [c"users", c"organizations", LOG, HEADS];

lookup!(PARTIES, include_str!("../../sql/queries/audit_parties.sql"));
lookup!(INSERT, include_str!("../../sql/queries/audit_insert.sql"));
lookup!(INSERT_MODELS, include_str!("../../sql/queries/audit_insert_models.sql"));
lookup!(
    IS_CHAINED,
    "SELECT true FROM pg_catalog.pg_trigger AS t
      WHERE t.tgrelid OPERATOR(pg_catalog.=) $1 AND t.tgname OPERATOR(pg_catalog.=) 'zz_chain_audit_log'"
);
/// Who changes something, and why.
pub struct Author {
    /// The signed-in user, else the role.
    pub name: String,
    /// The current user, as tenancy knows him.
    user: Option<Uuid>,
    /// His words.
    pub reason: Option<String>,
}

impl Author {
    /// Whoever calls; to be asked before the owner acts. 22P02 for malformed claims.
    pub fn of_call(reason: Option<&str>) -> Result<Self, Error> {
        let claims = session::setting(c"request.jwt.claims");
        let subject = caller::subject(claims.as_deref())?;
        let user = caller::member(claims.as_deref(), session::setting(c"app.user_id").as_deref())?;
        Ok(Self {
            name: subject.map_or_else(|| session::role_name(session::current_role()), |user| user.to_string()),
            user: user.map(|user| Uuid::from_bytes(user.into_bytes())),
            reason: reason.map(str::to_owned),
        })
    }

    /// The same one, with other words.
    pub fn because(&self, reason: Option<String>) -> Self {
        Self { name: self.name.clone(), user: self.user, reason }
    }

    /// A rule of the review that a sync follows: whoever syncs has not decided this.
    pub fn of_rule(name: &str) -> Self {
        Self { name: format!("rule {name}"), user: None, reason: None }
    }

    /// Whoever writes a table, as far as he says; to be asked before the owner acts. A subject of another identity provider is
    /// named as it is, and whose claims or settings make no sense is his role: no write fails for what the log would say.
    pub fn of_writer() -> Self {
        let claims = session::setting(c"request.jwt.claims");
        let setting = session::setting(c"app.user_id");
        let subject = caller::subject_text(claims.as_deref()).ok().flatten();
        let user = caller::member(claims.as_deref(), setting.as_deref()).ok().flatten();
        Self {
            name: subject.map_or_else(|| session::role_name(session::current_role()), shown),
            user: user.map(|user| Uuid::from_bytes(user.into_bytes())),
            reason: None,
        }
    }
}

/// A row to be written.
#[derive(Default)]
pub struct Event<'a> {
    /// Who did it.
    pub user: Option<Uuid>,
    /// In whose log it stands.
    pub organization: Option<Uuid>,
    /// What was done.
    pub action: &'a str,
    /// To what kind of thing.
    pub resource_type: &'a str,
    /// To which one.
    pub resource_id: Option<&'a str>,
    /// Whatever else belongs to it, JSON as text.
    pub details: Option<String>,
    /// From where, as inet's text.
    pub ip_address: Option<&'a str>,
    /// With what.
    pub user_agent: Option<&'a str>,
    /// Whether it worked.
    pub success: bool,
    /// Why it did not.
    pub error_message: Option<&'a str>,
}

/// A user and an organisation as far as they are there, kept there until the transaction ends.
fn parties(user: Option<Uuid>, organization: Option<Uuid>) -> (Option<Uuid>, Option<Uuid>) {
    let read = |row: &Row| (row.get::<Uuid>(1), row.get::<Uuid>(2));
    PARTIES.with(|query| query.first(Snapshot::Latest, &[arg(user), arg(organization)], read)).unwrap_or_default()
}

fn insert(event: &Event) -> Option<Uuid> {
    let args = [
        arg(event.user),
        arg(event.organization),
        arg(event.action),
        arg(event.resource_type),
        arg(event.resource_id),
        arg(event.details.clone()),
        arg(event.ip_address),
        arg(event.user_agent),
        arg(event.success),
        arg(event.error_message),
    ];
    INSERT.with(|query| query.first(Snapshot::Latest, &args, |row| row.get::<Uuid>(1))).flatten()
}

/// Writes a row and returns its key. 23503 for a user or an organisation that there is not.
pub fn write(event: &Event) -> Result<Option<Uuid>, Error> {
    let found = parties(event.user, event.organization);
    for (kind, asked, found) in [("user", event.user, found.0), ("organization", event.organization, found.1)] {
        if let (Some(asked), None) = (asked, found) {
            return Err(Error::UnknownParty(kind, asked.to_string()));
        }
    }
    Ok(insert(event))
}

/// What an operator or an admin decided.
pub struct Decision<'a> {
    /// What he did.
    pub action: &'a str,
    /// To what kind of thing.
    pub resource_type: &'a str,
    /// To which one.
    pub resource_id: &'a str,
    /// Whose affair it is; `None` where it is no single organisation's.
    pub organization: Option<Uuid>,
    /// What was so before.
    pub old: Value,
    /// What is so now.
    pub new: Value,
}

/// So much of a reason is told; quota_limit_history has all of it.
const MAX_REASON_CHARS: usize = 500;
/// Larger values are left out, so that no decision fails for its row's sake. A row's details may have twice as much.
const MAX_VALUES_BYTES: usize = 32 << 10;

/// Writes down a decision, in the transaction that carries it out, where the module tenancy is installed.
pub fn note(decision: Decision, author: &Author) {
    if !is_installed() {
        return;
    }
    let (user, organization) = parties(author.user, decision.organization);
    insert(&Event {
        user,
        organization,
        action: decision.action,
        resource_type: decision.resource_type,
        resource_id: Some(decision.resource_id),
        details: Some(details(&decision, author)),
        success: true,
        ..Event::default()
    });
}

fn details(decision: &Decision, author: &Author) -> String {
    let reason = author.reason.as_ref().map(|reason| reason.chars().take(MAX_REASON_CHARS).collect::<String>());
    let details = json!({ "by": author.name, "reason": reason, "old": decision.old, "new": decision.new }).to_string();
    if details.len() <= MAX_VALUES_BYTES {
        return details;
    }
    json!({ "by": author.name, "reason": reason, "left_out": ["old", "new"] }).to_string()
}

/// As [`note`], for decisions about models that were made at once, in one statement: of one user, and of one kind.
pub fn note_models(decisions: Vec<(Decision, &Author)>) {
    let Some((first, author)) = decisions.first() else { return };
    if !is_installed() {
        return;
    }
    let (user, _) = parties(author.user, None);
    let ids: Vec<String> = decisions.iter().map(|(decision, _)| decision.resource_id.to_owned()).collect();
    let told: Vec<String> = decisions.iter().map(|(decision, author)| details(decision, author)).collect();
    let args = [arg(user), arg(first.action), arg(ids), arg(told)];
    INSERT_MODELS.with(|query| query.execute(&args));
}

/// Whether our tables stand with the trigger that makes a chain of the rows: an application may have a table of that name, and
/// ours stays when the module is uninstalled.
fn is_installed() -> bool {
    let [Some(_), Some(log), Some(_)] = [c"users", LOG, HEADS].map(session::own_public_relation) else { return false };
    IS_CHAINED.with(|query| query.first(Snapshot::Latest, &[arg(log)], |_| ())).is_some()
}
