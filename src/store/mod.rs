//! Every SQL statement of the engine. Long ones are files in `sql/queries`.

pub mod admin;
pub mod adoption;
pub mod catalogue;
pub mod catalogue_version;
pub mod cutover;
pub mod entitlement;
pub mod feed;
pub mod in_owners_name;
pub mod install;
pub mod installation;
pub mod inventory;
pub mod left;
pub mod list_cache;
pub mod modules;
pub mod old_catalogue;
pub mod people;
pub mod prerequisites;
pub mod privileged_columns;
pub mod quota;
pub mod replaced;
pub mod sync;
pub mod sync_log;
pub mod uninstall;
pub mod usage_partitions;
pub mod wrapper;
