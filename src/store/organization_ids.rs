//! Ids of organisations that something knows already: people, limits, bills.
//!
//! None of it has a foreign key, so that it outlives the organisation. Who makes one under such an id takes it over, with a plan
//! and a quota that are those of a new one.

use super::tenancy;
use crate::lookup;
use crate::pg::spi::{Snapshot, Statement, arg};
use crate::pg::trigger::RowTrigger;
use crate::pg::{owner, session};
use pgrx::Uuid;
use std::ffi::CStr;
use std::thread::LocalKey;

// It waits for whoever deletes the organisation in another transaction, and lets nobody after it.
lookup!(STANDS, "SELECT true FROM public.organizations AS o WHERE o.id OPERATOR(pg_catalog.=) $1 FOR KEY SHARE");
// Without an index, which an application's table should not have for our sake: an organisation is made once.
lookup!(BY_PEOPLE, "SELECT true FROM public.profiles AS p WHERE p.organization_id OPERATOR(pg_catalog.=) $1 LIMIT 1");
lookup!(BY_BILLS, "SELECT true FROM public.ai_usage AS u WHERE u.organization_id OPERATOR(pg_catalog.=) $1 LIMIT 1");
lookup!(
    BY_OLD_BILLS,
    "SELECT true FROM public.ai_usage_folded AS u WHERE u.organization_id OPERATOR(pg_catalog.=) $1 LIMIT 1"
);
lookup!(
    BY_USAGE,
    "SELECT true FROM public.ai_model_usage AS u WHERE u.organization_id OPERATOR(pg_catalog.=) $1 LIMIT 1"
);
lookup!(BY_COUNTERS, "SELECT true FROM public.quota_usage AS u WHERE u.subject OPERATOR(pg_catalog.=) $1 LIMIT 1");
lookup!(
    BY_LIMITS,
    "SELECT true FROM public.quota_limits AS l
      WHERE l.scope OPERATOR(pg_catalog.=) 'organization' AND l.subject OPERATOR(pg_catalog.=) $1::pg_catalog.text LIMIT 1"
);
lookup!(
    BY_TRIALS,
    "SELECT true FROM public.system_model_trials AS t WHERE t.organization_id OPERATOR(pg_catalog.=) $1 LIMIT 1"
);
lookup!(BY_LOGS, "SELECT true FROM public.audit_log_heads AS h WHERE h.chain_id OPERATOR(pg_catalog.=) $1 LIMIT 1");

/// The tables that know organisations, and how each is asked.
const WITNESSES: [(&CStr, &LocalKey<Statement>); 8] = [
    (c"profiles", &BY_PEOPLE),
    (c"ai_usage", &BY_BILLS),
    (c"ai_usage_folded", &BY_OLD_BILLS),
    (c"ai_model_usage", &BY_USAGE),
    (c"quota_usage", &BY_COUNTERS),
    (c"quota_limits", &BY_LIMITS),
    (c"system_model_trials", &BY_TRIALS),
    (c"audit_log_heads", &BY_LOGS),
];

/// The id under which the statement makes an organisation, if something knows it already. `None` for other tables and statements.
///
/// One that stands is no new one: the statement meets its key, or is an upsert.
pub fn taken(trigger: &RowTrigger) -> Option<Uuid> {
    let (organizations, table_owner) = session::public_relation(c"organizations")?;
    if trigger.is_update() || trigger.table() != organizations || !trigger.is_uuid("id") {
        return None;
    }
    let id = trigger.new_row().get::<Uuid>(trigger.place("id"))?;
    owner::act_as(table_owner, || !stands(id) && is_known(id)).then_some(id)
}

fn stands(id: Uuid) -> bool {
    STANDS.with(|query| query.first(Snapshot::Latest, &[arg(id)], |_| ())).is_some()
}

fn is_known(id: Uuid) -> bool {
    let knows = |query: &Statement| query.first(Snapshot::Fresh, &[arg(id)], |_| ()).is_some();
    WITNESSES.iter().any(|(table, query)| tenancy::is_ours(table) && query.with(knows))
}
