//! The installation that the engine works in: it is there, new enough, and of one owner.

use super::modules::SCHEMA_VERSION;
use crate::error::Error;
use crate::pg::spi::{Row, Snapshot};
use crate::pg::{owner, session};
use crate::statement;
use model_access_domain::limit::Amount;
use pgrx::pg_sys;
use std::ffi::CStr;
use std::str::FromStr;

statement!(INSTALLATION, include_str!("../../sql/queries/installation.sql"));

const SETTINGS: &CStr = c"model_access_settings";

fn missing(table: &CStr) -> Error {
    Error::NotInstalled(table.to_string_lossy().into_owned())
}

/// Proof that the tables stand; what is done as their owner goes through it.
pub struct Installation {
    owner: pg_sys::Oid,
    recorded: String,
    markup_percent: String,
}

impl Installation {
    /// The installation of the catalogue.
    pub fn current() -> Result<Self, Error> {
        Self::with(&[c"profiles", c"model_access"])
    }

    /// Looks at the settings row and at some tables. 55000 when install() did not run, is too old, or the tables changed
    /// hands.
    pub fn with(tables: &[&CStr]) -> Result<Self, Error> {
        let (_, owner) = session::public_relation(SETTINGS).ok_or_else(|| missing(SETTINGS))?;
        let read = |row: &Row| (row.get::<i32>(1), row.get::<String>(2), row.get::<String>(3));
        let row = owner::act_as(owner, || INSTALLATION.with(|query| query.first(Snapshot::Callers, &[], read)));
        let (Some(version), Some(recorded), Some(markup_percent)) = row.ok_or_else(|| missing(SETTINGS))? else {
            return Err(missing(SETTINGS));
        };
        if version < SCHEMA_VERSION {
            return Err(Error::SchemaTooOld(version, SCHEMA_VERSION));
        }
        let installation = Self { owner, recorded, markup_percent };
        installation.require_owned(&[SETTINGS])?;
        installation.require_owned(tables)?;
        Ok(installation)
    }

    /// 55000 unless the tables stand and belong to the owner that install() recorded.
    ///
    /// The owner of the schema may drop a table and put one of his own in its place; the engine must not write there.
    pub fn require_owned(&self, tables: &[&CStr]) -> Result<(), Error> {
        let recorded = session::role(&session::c_string(&self.recorded));
        for table in tables {
            let (_, found) = session::public_relation(table).ok_or_else(|| missing(table))?;
            if found != self.owner || recorded != Some(self.owner) {
                let table = table.to_string_lossy().into_owned();
                return Err(Error::OwnerChanged(table, session::role_name(found), self.recorded.clone()));
            }
        }
        Ok(())
    }

    /// What is added to the cost of a call, percent of it.
    pub fn markup_percent(&self) -> Amount {
        Amount::from_str(&self.markup_percent).unwrap_or_default()
    }

    /// Runs `work` with the rights of the tables' owner and the pinned path.
    pub fn as_owner<R>(&self, work: impl FnOnce() -> R) -> R {
        owner::act_as(self.owner, work)
    }

    /// Whether a role is privileged: a superuser, the owner, or one with the rights of service_role.
    ///
    /// The rights are those of the effective role; membership alone, which `authenticator` has, is not enough.
    pub fn is_privileged(&self, role: pg_sys::Oid) -> bool {
        is_privileged(role, self.owner)
    }
}

/// As [`Installation::is_privileged`], for a table whose owner is known.
pub fn is_privileged(role: pg_sys::Oid, owner: pg_sys::Oid) -> bool {
    session::has_privileges_of(role, owner)
        || session::role(c"service_role").is_some_and(|service| session::has_privileges_of(role, service))
}
