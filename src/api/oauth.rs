//! Logins at OAuth providers: states that are burned once, tokens that are kept encrypted (seed 003).

use super::caller;
use crate::error::Error;
use crate::pg::{Reply, session};
use crate::store::installation::Installation;
use crate::store::{oauth, pgcrypto};
use model_access_domain::armour::{armoured, unarmoured};
use pgrx::JsonB;
use pgrx::prelude::*;
use serde_json::json;

/// Tokens of real providers have some kilobytes; larger ones are refused before memory is spent on them.
const MAX_TOKEN_BYTES: usize = 16 << 20;

/// A token, encrypted with a key: an OpenPGP message in base64, another one each time.
///
/// Errors: 42501 unless privileged, 22023 for an empty key, 54000 beyond 16 MiB, 55000 without pgcrypto or before `install()`.
/// Source: docs/guide.md, "OAuth tokens".
#[pg_extern(volatile, parallel_unsafe)]
fn encrypt_token(token: &str, key: &str) -> Reply<String> {
    Reply::of(|| {
        let installation = Installation::with(&[])?;
        caller::require_privileged(&installation)?;
        if key.is_empty() {
            return Err(Error::BadArgument(
                "key",
                "empty".to_owned(),
                "Pass a secret, such as 32 random bytes in base64.",
            ));
        }
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Error::TokenTooLarge(token.len(), MAX_TOKEN_BYTES));
        }
        let message = installation.as_owner(|| pgcrypto::encrypt(token, key))?;
        Ok(armoured(&message))
    })
}

/// The token that was encrypted; NULL with another key, and for whatever else does not give a token back.
///
/// Also reads what pgcrypto's `pgp_sym_encrypt` made. Errors: 42501 unless privileged, 55000 without pgcrypto or before
/// `install()`. Source: docs/guide.md, "OAuth tokens".
// Unsafe in parallel: before 17 no subtransaction begins while workers run.
#[pg_extern(stable, parallel_unsafe)]
fn decrypt_token(encrypted_token: &str, key: &str) -> Reply<Option<String>> {
    Reply::of(|| {
        let installation = Installation::with(&[])?;
        caller::require_privileged(&installation)?;
        // The message and its base64 are less than half as long again.
        let message = Some(encrypted_token).filter(|text| text.len() <= 2 * MAX_TOKEN_BYTES).and_then(unarmoured);
        installation.as_owner(|| pgcrypto::decrypt(message.unwrap_or_default(), key))
    })
}

/// Burns the state of a login and says what it was for; NULL when it is unknown, used or expired.
///
/// `{state_id, user_id, code_verifier, provider, mcp_name, redirect_uri, created_at, expires_at}`, the verifier as it was
/// stored. Errors: 42501 unless privileged, 55000 before `install()`. Source: docs/guide.md, "OAuth tokens".
#[pg_extern(volatile, parallel_unsafe)]
fn consume_oauth_state(p_state: &str) -> Reply<Option<JsonB>> {
    Reply::of(|| {
        let installation = Installation::with(&oauth::STATES)?;
        caller::require_privileged(&installation)?;
        let login = installation.as_owner(|| oauth::consume(p_state));
        Ok::<_, Error>(login.map(|login| {
            JsonB(json!({
                "state_id": login.id.map(|id| id.to_string()),
                "user_id": login.user.map(|user| user.to_string()),
                "code_verifier": login.code_verifier,
                "provider": login.provider,
                "mcp_name": login.mcp_name,
                "redirect_uri": login.redirect_uri,
                "created_at": login.created_at.and_then(session::iso_8601),
                "expires_at": login.expires_at.and_then(session::iso_8601),
            }))
        }))
    })
}

/// Deletes states of logins that have expired.
///
/// Errors: 42501 unless privileged, 55000 before `install()`. Source: seed 003.
#[pg_extern(volatile, parallel_unsafe)]
fn cleanup_expired_oauth_states() -> Reply<()> {
    Reply::of(|| {
        let installation = Installation::with(&oauth::STATES)?;
        caller::require_privileged(&installation)?;
        installation.as_owner(oauth::cleanup_states);
        Ok::<_, Error>(())
    })
}

/// Deletes OAuth tokens that expired more than 7 days ago, refreshable or not.
///
/// Errors: as [`cleanup_expired_oauth_states`]. Source: seed 003.
#[pg_extern(volatile, parallel_unsafe)]
fn cleanup_expired_oauth_tokens() -> Reply<()> {
    Reply::of(|| {
        let installation = Installation::with(&oauth::TOKENS)?;
        caller::require_privileged(&installation)?;
        installation.as_owner(oauth::cleanup_tokens);
        Ok::<_, Error>(())
    })
}
