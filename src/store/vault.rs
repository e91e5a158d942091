//! Secrets that the tables name and Supabase's vault keeps.

use crate::error::Error;
use crate::pg::session;
use crate::pg::spi::{Snapshot, arg};
use crate::statement;

/// What a reference to a secret begins with; the rest is the secret's name.
const PREFIX: &str = "vault:";

// A view computes with the rights of whoever reads it: one counts only when who made it has these rights anyway.
statement!(
    IS_READABLE,
    "SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
       FROM pg_catalog.pg_class AS c
       JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
      WHERE n.nspname OPERATOR(pg_catalog.=) 'vault' AND c.relname OPERATOR(pg_catalog.=) 'decrypted_secrets'
        AND pg_catalog.pg_has_role(n.nspowner, current_user, 'USAGE') AND pg_catalog.pg_has_role(c.relowner, current_user, 'USAGE')"
);
statement!(
    SECRET,
    "SELECT s.decrypted_secret::pg_catalog.text FROM vault.decrypted_secrets AS s
      WHERE s.name::pg_catalog.text OPERATOR(pg_catalog.=) $1"
);

/// The key that a system model's `api_key` is or names, read with the rights of whoever acts.
///
/// 55000 where it names a secret that cannot be read. No error repeats what is stored: it may be a key all the same.
pub fn key(stored: String, model: i64) -> Result<String, Error> {
    let Some(name) = stored.strip_prefix(PREFIX) else {
        return Ok(stored);
    };
    match IS_READABLE.with(|query| query.first(Snapshot::Callers, &[], |row| row.get::<bool>(1))).flatten() {
        None => return Err(Error::NoVault(model)),
        Some(false) => return Err(Error::VaultClosed(model, session::role_name(session::current_role()))),
        Some(true) => {}
    }
    let secret = SECRET.with(|query| query.first(Snapshot::Callers, &[arg(name)], |row| row.get::<String>(1)));
    secret.flatten().ok_or(Error::NoSecret(model))
}
