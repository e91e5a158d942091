//! What `verify()` says of system models: seed 002's own verification.

use crate::inventory::{Check, Entry};

/// The tables of seed 002.
const SYSTEM_TABLES: [&str; 3] = ["ai_models_system", "org_system_model_config", "ai_model_usage"];
/// The columns that seed 002 adds to `organizations`.
const ORGANIZATION_COLUMNS: [&str; 4] =
    ["pricing_plan", "token_quota_monthly", "token_usage_current", "token_reset_date"];
/// The fewest policies that seed 002 asks for.
const SYSTEM_POLICIES: usize = 10;
/// The models that seed 002 brings.
const SEEDED: [&str; 6] = [
    "Basic Assistant",
    "Blog Content Writer Pro",
    "Education Tutor (Trial)",
    "Legal Document Analyst",
    "Healthcare Information Assistant",
    "Property Listing Writer",
];

fn system_check(name: &str, expected: usize, actual: usize) -> Check {
    Check::new("system_models", name.to_owned(), expected.to_string(), Some(actual.to_string()))
}

/// The first four queries of seed 002's verification: tables, columns, row security, policies.
pub fn system_model_checks(standing: &[Entry]) -> Vec<Check> {
    let of_kind = |kind: &str, object: &str| standing.iter().find(|entry| entry.kind == kind && entry.object == object);
    let tables = || SYSTEM_TABLES.iter().filter_map(|table| of_kind("table", &format!("public.{table}")));
    let columns = ORGANIZATION_COLUMNS
        .iter()
        .filter(|column| of_kind("column", &format!("public.organizations.{column}")).is_some())
        .count();
    let secured = tables().filter(|table| table.definition.starts_with("row security on")).count();
    let policies = standing
        .iter()
        .filter(|entry| entry.kind == "policy")
        .filter(|entry| SYSTEM_TABLES.iter().any(|table| entry.object.ends_with(&format!(" on public.{table}"))))
        .count();
    let mut enough = system_check("policies of system models", SYSTEM_POLICIES, policies);
    enough.expected = format!("at least {SYSTEM_POLICIES}");
    enough.ok = policies >= SYSTEM_POLICIES;
    vec![
        system_check("tables of system models", SYSTEM_TABLES.len(), tables().count()),
        system_check("columns of organizations for system models", ORGANIZATION_COLUMNS.len(), columns),
        system_check("tables of system models with row security", SYSTEM_TABLES.len(), secured),
        enough,
    ]
}

/// A system model as `verify()` lists it.
#[derive(Clone, Debug)]
pub struct Offered {
    /// `ai_models_system.name`
    pub name: String,
    /// What it does.
    pub role: String,
    /// The least plan.
    pub required_plan: String,
    /// The types of organisations that it is for; none means all.
    pub types: Vec<String>,
    /// Whether it still has the key that `install()` gave it.
    pub lacks_key: bool,
}

/// The last two queries of seed 002's verification: how many of its models there are, and the list of all. And which still
/// lack a key, which is no failure.
pub fn offered_checks(models: &[Offered]) -> Vec<Check> {
    let seeded = SEEDED.iter().filter(|name| models.iter().any(|model| model.name == **name)).count();
    let told = |check_name: String, expected: &str, actual: String| Check {
        module: "system_models".to_owned(),
        check_name,
        expected: expected.to_owned(),
        actual: Some(actual),
        ok: true,
    };
    let mut checks = vec![system_check("system models of the seed", SEEDED.len(), seeded)];
    checks.extend(models.iter().map(|model| {
        let types = if model.types.is_empty() { "All types".to_owned() } else { model.types.join(", ") };
        let actual = format!("{}, plan {}, for: {types}", model.role, model.required_plan);
        told(format!("system model {}", model.name), "role, plan and types", actual)
    }));
    let lacking: Vec<&str> = models.iter().filter(|model| model.lacks_key).map(|model| model.name.as_str()).collect();
    let actual = if lacking.is_empty() { "none".to_owned() } else { lacking.join(", ") };
    checks.push(told("system models that need a key".to_owned(), "none before they are called", actual));
    checks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::parse;

    #[test]
    fn the_seeds_six_queries_of_system_models() {
        let standing = parse(concat!(
            "system_models\ttable\tpublic.ai_models_system\trow security on, owner as the settings\n",
            "system_models\ttable\tpublic.ai_model_usage\trow security off, owner as the settings\n",
            "people\tcolumn\tpublic.organizations.pricing_plan\ttext\n",
            "system_models\tpolicy\tp on public.ai_model_usage\tpermissive\n",
            "system_models\tpolicy\tp on public.system_model_trials\tpermissive\n",
        ));
        let told = |checks: Vec<Check>| checks.into_iter().map(|check| (check.ok, check.actual)).collect::<Vec<_>>();
        let counted = ["2", "1", "1", "1"].map(|count| (false, Some(count.to_owned())));
        assert_eq!(told(system_model_checks(&standing)), counted);
        let model = |name: &str, types: &[&str]| Offered {
            name: name.to_owned(),
            role: "writer".to_owned(),
            required_plan: "pro".to_owned(),
            types: types.iter().map(|name| (*name).to_owned()).collect(),
            lacks_key: types.is_empty(),
        };
        let checks = offered_checks(&[model("Basic Assistant", &[]), model("Mine", &["a", "b"])]);
        let actual = ["1", "writer, plan pro, for: All types", "writer, plan pro, for: a, b", "Basic Assistant"];
        assert_eq!(checks.iter().filter_map(|check| check.actual.as_deref()).collect::<Vec<_>>(), actual);
        assert_eq!(checks.iter().map(|check| check.ok).collect::<Vec<_>>(), [false, true, true, true]);
        let all = offered_checks(&SEEDED.map(|name| model(name, &["a"])));
        assert!(all.iter().all(|check| check.ok));
        assert_eq!(all.last().and_then(|check| check.actual.as_deref()), Some("none"));
    }
}
