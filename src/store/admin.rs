//! Catalogue administration: who administers, and the verdict on one model.

use super::audit::{self, Author, Decision};
use super::installation::Installation;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::statement;
use pgrx::{Uuid, pg_sys};
use serde_json::Value;

statement!(
    IS_ADMIN,
    "SELECT true FROM public.profiles AS p WHERE p.id OPERATOR(pg_catalog.=) $1
        AND (p.role OPERATOR(pg_catalog.=) 'superadmin' OR p.account_type OPERATOR(pg_catalog.=) 'admin')"
);
statement!(TIER_ACCESS_UPDATE, include_str!("../../sql/queries/tier_access_update.sql"));

/// Whether a user administers the catalogue.
pub fn is_admin(installation: &Installation, user: Uuid) -> bool {
    installation.as_owner(|| IS_ADMIN.with(|query| query.first(Snapshot::Callers, &[arg(user)], |_| ())).is_some())
}

/// What an admin decides about a model; `None` leaves a value as it is.
pub struct TierAccess<'a> {
    /// Open to every tier.
    pub is_free: Option<bool>,
    /// Open to pro and enterprise.
    pub is_pro: Option<bool>,
    /// Open to enterprise.
    pub is_enterprise: Option<bool>,
    /// One of the four words of the status column.
    pub status: Option<&'a str>,
}

/// Writes the verdict, and a row of the audit log; false when there is no such model.
pub fn update_tier_access(
    installation: &Installation,
    model_id: &str,
    access: &TierAccess,
    author: &Author,
    now: pg_sys::TimestampTz,
) -> bool {
    let args = [
        arg(model_id),
        arg(access.is_free),
        arg(access.is_pro),
        arg(access.is_enterprise),
        arg(access.status),
        timestamp_arg(now),
    ];
    let json =
        |text: Option<String>| text.and_then(|text| serde_json::from_str::<Value>(&text).ok()).unwrap_or_default();
    installation.as_owner(|| {
        let read = |row: &Row| (json(row.get::<String>(1)), json(row.get::<String>(2)));
        let Some((old, new)) = TIER_ACCESS_UPDATE.with(|query| query.first(Snapshot::Latest, &args, read)) else {
            return false;
        };
        let action = "model_tier_access_updated";
        let decision = Decision { action, resource_type: "model", resource_id: model_id, organization: None, old, new };
        audit::note(decision, author);
        true
    })
}
