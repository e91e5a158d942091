//! What `verify()` says of seed 003: its own verification, of the modules that are looked at.

use crate::inventory::{Check, Entry};

/// The tables of seed 003.
const TABLES: [&str; 18] = [
    "organizations",
    "users",
    "user_sessions",
    "mcp_configurations",
    "oauth_states",
    "mcp_oauth_tokens",
    "system_prompts",
    "audit_logs",
    "platform_admins",
    "admin_audit_log",
    "agents",
    "models",
    "chat_sessions",
    "chat_messages",
    "agent_executions",
    "agent_health",
    "agent_metrics",
    "circuit_breaker_state",
];
/// The views of seed 003.
const VIEWS: [&str; 4] =
    ["active_user_sessions", "effective_mcp_configurations", "v_recent_sessions", "v_agent_status"];

/// The names among some that stand as objects of a kind.
fn named<'a>(entries: &[Entry], kind: &str, names: &'a [&str]) -> Vec<&'a str> {
    let stands = |name: &&&str| {
        entries.iter().any(|entry| entry.kind == kind && entry.object.strip_prefix("public.") == Some(**name))
    };
    names.iter().filter(stands).copied().collect()
}

/// The indexes of some tables, without those of their keys.
fn indexes(entries: &[Entry], tables: &[&str]) -> usize {
    let of_theirs = |definition: &str| tables.iter().any(|table| definition.contains(&format!(" ON public.{table} ")));
    entries.iter().filter(|entry| entry.kind == "index" && of_theirs(&entry.definition)).count()
}

/// Tables, views and indexes of seed 003: how many should stand, and how many do. All of its tables have row security here.
pub fn seed_003_checks(expected: &[Entry], standing: &[Entry]) -> Vec<Check> {
    let check = |name: &str, expected: String, actual: String| {
        Check::new("tenancy", format!("{name} of seed 003"), expected, Some(actual))
    };
    let tables = named(expected, "table", &TABLES);
    let found = named(standing, "table", &tables);
    let secured = |table: &&&str| {
        let entry = standing.iter().find(|entry| entry.kind == "table" && entry.object == format!("public.{table}"));
        entry.is_some_and(|entry| entry.definition.starts_with("row security on"))
    };
    let views = named(expected, "view", &VIEWS);
    let count = indexes(expected, &tables);
    let standing_indexes = indexes(standing, &tables);
    let mut enough = check("indexes", format!("at least {count}"), standing_indexes.to_string());
    enough.ok = standing_indexes >= count;
    vec![
        check("tables", tables.len().to_string(), found.len().to_string()),
        check("tables with row security", tables.len().to_string(), found.iter().filter(secured).count().to_string()),
        check("views", views.join(", "), named(standing, "view", &views).join(", ")),
        enough,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::parse;

    #[test]
    fn what_seed_003_asks_of_the_modules_at_hand() {
        let expected = parse(concat!(
            "people\ttable\tpublic.organizations\trow security on, owner as the settings\n",
            "tenancy\ttable\tpublic.users\trow security on, owner as the settings\n",
            "tenancy\tindex\tidx_users_email\tCREATE INDEX idx_users_email ON public.users USING btree (email)\n",
            "tenancy\tview\tpublic.active_user_sessions\twith security_invoker=true\n",
            "quota\ttable\tpublic.quota_limits\trow security on, owner as the settings\n",
            "quota\tindex\ti\tCREATE INDEX i ON public.quota_limits USING btree (id)\n",
        ));
        let told = |standing: &[Entry]| {
            let checks = seed_003_checks(&expected, standing);
            checks.into_iter().map(|check| (check.ok, check.actual.unwrap_or_default())).collect::<Vec<_>>()
        };
        let all = ["2", "2", "active_user_sessions", "1"].map(|actual| (true, actual.to_owned()));
        assert_eq!(told(&expected), all);
        let less = parse("tenancy\ttable\tpublic.users\trow security off, owner as the settings\n");
        assert_eq!(told(&less), ["1", "0", "", "0"].map(|actual| (false, actual.to_owned())));
    }
}
