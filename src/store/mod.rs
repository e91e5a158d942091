//! Every SQL statement of the engine. Long ones are files in `sql/queries`.

pub mod admin;
pub mod catalogue;
pub mod entitlement;
pub mod feed;
pub mod install;
pub mod installation;
pub mod inventory;
pub mod modules;
pub mod privileged_columns;
pub mod sync;
pub mod sync_log;
pub mod uninstall;
pub mod wrapper;
