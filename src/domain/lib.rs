//! The rules of `model_access`, without PostgreSQL.
//!
//! Nothing here reads a clock, a database or a socket: instants, rows and settings come in as arguments,
//! decisions go out as values. So `cargo test -p model_access_domain` proves the rules in seconds.

pub mod agent;
pub mod alarm;
pub mod answer;
pub mod armour;
pub mod audit;
pub mod bill;
pub mod breaker;
pub mod caller;
pub mod change;
pub mod charge;
pub mod counter;
pub mod cron;
pub mod decision;
pub mod expiration;
pub mod feed;
pub mod guard;
pub mod id;
pub mod inventory;
pub mod limit;
pub mod merge;
pub mod metrics;
pub mod offered;
pub mod other_usage;
pub mod page;
pub mod pattern;
pub mod plan;
pub mod preferences;
pub mod price;
pub mod pricing;
pub mod report;
pub mod reservation;
pub mod retry;
pub mod review_decision;
pub mod review_rule;
pub mod review_summary;
pub mod seeded;
pub mod seeded_agents;
pub mod source;
pub mod stored_numeric;
pub mod system_model;
pub mod tier;
pub mod usage;
pub mod window;
