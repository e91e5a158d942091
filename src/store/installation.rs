//! The installation that the engine works in: it is there, new enough, and of one owner.

use super::modules::SCHEMA_VERSION;
use super::quota::amount;
use crate::error::Error;
use crate::pg::keyed::Seen;
use crate::pg::shape::Kind::{Bool, Integer, Name, Number};
use crate::pg::spi::{Row, Snapshot, arg};
use crate::pg::{invalidation, owner, session};
use crate::{keyed, statement};
use model_access_domain::limit::Amount;
use pgrx::pg_sys;
use std::cell::RefCell;
use std::ffi::CStr;

statement!(INSTALLATION, include_str!("../../sql/queries/installation.sql"));

keyed!(
    BY_KEY,
    c"model_access_settings",
    [(c"singleton", Bool)],
    [(c"schema_version", Integer), (c"owner_role", Name), (c"markup_percent", Number)]
);

/// What was found to belong to an owner: the definitions that stood then, whose they are by OID and name, and the tables.
type Owned = (u64, pg_sys::Oid, String, *const &'static CStr, usize);

thread_local! {
    static OWNED: RefCell<Option<Owned>> = const { RefCell::new(None) };
}

const SETTINGS: &CStr = c"model_access_settings";

fn missing(table: &CStr) -> Error {
    Error::NotInstalled(table.to_string_lossy().into_owned())
}

/// Proof that the tables stand; what is done as their owner goes through it.
pub struct Installation {
    owner: pg_sys::Oid,
    recorded: String,
    markup_percent: Amount,
}

impl Installation {
    /// The installation of the catalogue.
    pub fn current() -> Result<Self, Error> {
        Self::with(&[c"profiles", c"model_access"])
    }

    /// Looks at the settings row and at some tables. 55000 when install() did not run, is too old, or the tables changed
    /// hands.
    pub fn with(tables: &'static [&'static CStr]) -> Result<Self, Error> {
        let (_, owner) = session::public_relation(SETTINGS).ok_or_else(|| missing(SETTINGS))?;
        let read = |row: &Row| (row.get::<i32>(1), row.text(2), amount(row, 3));
        let by_key = |seen| BY_KEY.with(|rows| rows.first(seen, [arg(true)], read));
        let row = Seen::of_owner(owner, Snapshot::Callers, by_key).unwrap_or_else(|| {
            owner::act_as(owner, || INSTALLATION.with(|query| query.first(Snapshot::Callers, &[], read)))
        });
        let (Some(version), Some(recorded), Some(markup_percent)) = row.ok_or_else(|| missing(SETTINGS))? else {
            return Err(missing(SETTINGS));
        };
        if version < SCHEMA_VERSION {
            return Err(Error::SchemaTooOld(version, SCHEMA_VERSION));
        }
        let installation = Self { owner, recorded, markup_percent };
        installation.require_all(tables)?;
        Ok(installation)
    }

    /// As [`Installation::require_owned`] for the settings and some tables, once for as long as no definition changes: to look
    /// up a dozen names at each call takes as long as to read the caller.
    fn require_all(&self, tables: &'static [&'static CStr]) -> Result<(), Error> {
        let definitions = invalidation::definitions();
        let is_known = |owned: &Owned| {
            let (of, owner, recorded, at, count) = owned;
            (*of, *owner, recorded, *at, *count)
                == (definitions, self.owner, &self.recorded, tables.as_ptr(), tables.len())
        };
        if OWNED.with_borrow(|owned| owned.as_ref().is_some_and(is_known)) {
            return Ok(());
        }
        self.require_owned(&[SETTINGS])?;
        self.require_owned(tables)?;
        OWNED.set(Some((definitions, self.owner, self.recorded.clone(), tables.as_ptr(), tables.len())));
        Ok(())
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
        self.markup_percent.clone()
    }

    /// Runs `work` with the rights of the tables' owner and the pinned path.
    pub fn as_owner<R>(&self, work: impl FnOnce() -> R) -> R {
        owner::act_as(self.owner, work)
    }

    /// As [`Installation::as_owner`], the path pinned when a name is looked up first: see [`owner::act_as_by_number`].
    pub fn as_owner_by_number<R>(&self, work: impl FnOnce() -> R) -> R {
        owner::act_as_by_number(self.owner, work)
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
