//! The audit log's chain: what is hashed of a row, and whether rows and the chain's head fit together.

use crate::window::Instant;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The hash of a row.
pub type Hash = [u8; 32];

/// What the first row of a chain has in the place of its predecessor's hash.
pub const NO_HASH: Hash = [0; 32];

/// Begins every encoding: should the rule ever change, rows of the old one are not mistaken for rows of the new one.
const RULE: &[u8] = b"model_access audit 1\n";

/// The most bytes of what has an index of its own: a longer one would be refused by the index.
const MAX_WORD_BYTES: usize = 1 << 10;
/// The most bytes of what else is told, as the details' text.
const MAX_DETAILS_BYTES: usize = 64 << 10;

/// What of a row never changes. Any of it may be missing in a row that somebody tampered with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Whose chain: the organisation, or nil for rows of none.
    pub chain_id: Option<Uuid>,
    /// The place in the chain, from 1.
    pub position: Option<i64>,
    /// The hash of the row before.
    pub previous_hash: Option<Vec<u8>>,
    /// The key.
    pub id: Option<Uuid>,
    /// When it was written.
    pub timestamp: Option<Instant>,
    /// The user for whom it was written.
    pub user: Option<Uuid>,
    /// The organisation for which it was written.
    pub organization: Option<Uuid>,
    /// What was done.
    pub action: Option<String>,
    /// To what kind of thing.
    pub resource_type: Option<String>,
    /// To which one.
    pub resource_id: Option<String>,
    /// Whatever else belongs to it: jsonb's own text.
    pub details: Option<String>,
    /// From where: inet's own text.
    pub ip_address: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// Whether it worked.
    pub success: Option<bool>,
    /// Why it did not.
    pub error_message: Option<String>,
}

impl Entry {
    /// The row as bytes, no two rows alike: every field, in this order, says whether it is NULL and how long it is.
    ///
    /// Numbers are big-endian, instants are microseconds since 2000-01-01 UTC, so no setting of a session shows in it.
    pub fn encoded(&self) -> Vec<u8> {
        let mut bytes = RULE.to_vec();
        let mut put = |field: Option<&[u8]>| match field {
            None => bytes.push(0),
            Some(field) => {
                bytes.push(1);
                bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
                bytes.extend_from_slice(field);
            }
        };
        put(self.chain_id.as_ref().map(|id| id.as_bytes().as_slice()));
        put(self.position.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
        put(self.previous_hash.as_deref());
        put(self.id.as_ref().map(|id| id.as_bytes().as_slice()));
        put(self.timestamp.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
        put(self.user.as_ref().map(|id| id.as_bytes().as_slice()));
        put(self.organization.as_ref().map(|id| id.as_bytes().as_slice()));
        put(self.action.as_deref().map(str::as_bytes));
        put(self.resource_type.as_deref().map(str::as_bytes));
        put(self.resource_id.as_deref().map(str::as_bytes));
        put(self.details.as_deref().map(str::as_bytes));
        put(self.ip_address.as_deref().map(str::as_bytes));
        put(self.user_agent.as_deref().map(str::as_bytes));
        put(self.success.map(|success| [u8::from(success)]).as_ref().map(<[u8; 1]>::as_slice));
        put(self.error_message.as_deref().map(str::as_bytes));
        bytes
    }

    /// SHA-256 of the encoded row.
    pub fn hash(&self) -> Hash {
        Sha256::digest(self.encoded()).into()
    }

    /// The first field that is longer than it may be: its column, its bytes, and how many it may have.
    pub fn too_long(&self) -> Option<(&'static str, usize, usize)> {
        let fields = [
            ("action", &self.action, MAX_WORD_BYTES),
            ("resource_type", &self.resource_type, MAX_WORD_BYTES),
            ("resource_id", &self.resource_id, MAX_WORD_BYTES),
            ("details", &self.details, MAX_DETAILS_BYTES),
            ("user_agent", &self.user_agent, MAX_DETAILS_BYTES),
            ("error_message", &self.error_message, MAX_DETAILS_BYTES),
        ];
        let length = |field: &Option<String>| field.as_ref().map_or(0, String::len);
        fields
            .into_iter()
            .map(|(column, field, allowed)| (column, length(field), allowed))
            .find(|(_, bytes, allowed)| bytes > allowed)
    }
}

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The position of the last row; 0 without any.
    pub position: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// A row as it stands.
#[derive(Clone, Debug)]
pub struct Stored {
    /// What was hashed.
    pub entry: Entry,
    /// `user_id`, which follows its user: NULL once he is gone.
    pub user: Option<Uuid>,
    /// `organization_id`, likewise.
    pub organization: Option<Uuid>,
    /// Whether the user for whom it was written, and the organisation, have stood since before it was: references to them were
    /// not let go of because they went.
    pub parents_stand: [bool; 2],
    /// Its hash.
    pub hash: Option<Vec<u8>>,
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The row, where one is there.
    pub id: Option<Uuid>,
    /// Its place, or that of the row that is not there.
    pub position: i64,
    /// What is wrong.
    pub problem: &'static str,
    /// What should be.
    pub expected: Option<String>,
    /// What is.
    pub actual: Option<String>,
}

/// Goes along a chain, row by row in the order of their positions, until something is wrong.
#[derive(Debug)]
pub struct Walk {
    head: Option<Head>,
    position: i64,
    hash: Vec<u8>,
}

impl Walk {
    /// Before the first row of a chain with this head; `None` where nothing was ever written.
    pub fn new(head: Option<Head>) -> Self {
        Self { head, position: 0, hash: NO_HASH.to_vec() }
    }

    /// Whether the next row is the next one of the chain, as it was written.
    pub fn step(&mut self, row: &Stored) -> Result<(), Broken> {
        let entry = &row.entry;
        let expected = self.position.saturating_add(1);
        let found = entry.position.unwrap_or_default();
        let place = |position| Some(format!("position {position}"));
        let broken = |problem, expected: Option<String>, actual: Option<String>| Broken {
            id: entry.id,
            position: found,
            problem,
            expected,
            actual,
        };
        if found < expected {
            return Err(broken("position taken twice", place(expected), place(found)));
        }
        let Some(head) = self.head.as_ref().filter(|head| head.position >= expected) else {
            let end = self.head.as_ref().map_or(0, |head| head.position);
            return Err(broken("row beyond the head", place(end), place(found)));
        };
        if found > expected {
            let (expected, actual) = (place(expected), place(found));
            return Err(Broken { id: None, position: self.position + 1, problem: "row missing", expected, actual });
        }
        let computed = entry.hash();
        let stored = row.hash.as_deref();
        if stored != Some(&computed) {
            return Err(broken("contents changed", stored.map(hex), Some(hex(&computed))));
        }
        let previous = entry.previous_hash.as_deref();
        if previous != Some(&self.hash) {
            return Err(broken("wrong link", Some(hex(&self.hash)), previous.map(hex)));
        }
        let [user_stands, organization_stands] = row.parents_stand;
        for (problem, written, stands, parent_stands) in [
            ("user changed", entry.user, row.user, user_stands),
            ("organization changed", entry.organization, row.organization, organization_stands),
        ] {
            if stands != written && (stands.is_some() || parent_stands) {
                return Err(broken(problem, written.map(|id| id.to_string()), stands.map(|id| id.to_string())));
            }
        }
        if found == head.position && head.hash != computed {
            return Err(broken("wrong head", Some(hex(&computed)), Some(hex(&head.hash))));
        }
        self.position = found;
        self.hash = computed.to_vec();
        Ok(())
    }

    /// Whether the rows went as far as the chain does.
    pub fn end(self) -> Result<(), Broken> {
        let Some(head) = self.head.filter(|head| head.position > self.position) else { return Ok(()) };
        Err(Broken {
            id: None,
            position: self.position + 1,
            problem: "rows missing at the end",
            expected: Some(format!("position {}", head.position)),
            actual: Some(format!("position {}", self.position)),
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
