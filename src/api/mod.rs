//! The SQL face: each function checks its caller and arguments, calls, converts.

mod admin;
mod agents;
mod audit;
mod caller;
mod chats;
mod corrections;
mod cutover;
mod engine_stats;
mod entitlement;
mod estimate;
mod forget;
mod install;
mod oauth;
mod people;
mod quota;
mod quota_answer;
mod quota_arguments;
mod quota_operators;
mod refresh;
mod reservation;
mod retention;
mod review;
mod schema_file;
mod sync;
mod system_models;
mod tenancy;
mod token_quota;
mod trigger;
mod usage;
mod usage_report;

#[cfg(feature = "pg_test")]
mod quota_hooks;
