//! What `verify()` says of agents: seed 003's own counts.

use crate::inventory::{Check, Entry};

/// The agents that seed 003 brings.
const AGENTS: [&str; 2] = ["ccrouter", "droid"];
/// Their models.
const MODELS: [(&str, &str); 4] =
    [("ccrouter", "gemini-1.5-pro"), ("ccrouter", "gemini-1.5-flash"), ("droid", "claude-3-opus"), ("droid", "gpt-4")];
/// The views of seed 003 that stand with the agents; two more stand with the tenancy.
const VIEWS: [&str; 2] = ["public.v_recent_sessions", "public.v_agent_status"];

fn count(name: &str, expected: usize, actual: usize) -> Check {
    Check::new("agents", name.to_owned(), expected.to_string(), Some(actual.to_string()))
}

/// How many of the seed's agents, models and views there are. A model comes with the name of its agent; an agent without one too.
pub fn agent_checks(standing: &[Entry], found: &[(String, Option<String>)]) -> Vec<Check> {
    let agents = AGENTS.iter().filter(|name| found.iter().any(|(agent, _)| agent == **name)).count();
    let has = |agent: &str, model: &str| found.iter().any(|(of, name)| of == agent && name.as_deref() == Some(model));
    let models = MODELS.iter().filter(|(agent, model)| has(agent, model)).count();
    let stands = |view: &str| standing.iter().any(|entry| entry.kind == "view" && entry.object == view);
    let views = VIEWS.iter().filter(|view| stands(view)).count();
    vec![
        count("agents of the seed", AGENTS.len(), agents),
        count("models of the seed's agents", MODELS.len(), models),
        count("views of agents", VIEWS.len(), views),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::parse;

    #[test]
    fn the_seeds_counts_of_agents() {
        let standing = parse("agents\tview\tpublic.v_agent_status\tdefined\n");
        let model = |agent: &str, model: &str| (agent.to_owned(), Some(model.to_owned()));
        let told = |checks: Vec<Check>| checks.into_iter().map(|check| (check.ok, check.actual)).collect::<Vec<_>>();
        let actual = |counts: [&str; 3], ok: [bool; 3]| {
            ok.into_iter().zip(counts).map(|(ok, count)| (ok, Some(count.to_owned()))).collect::<Vec<_>>()
        };
        let found = [("ccrouter".to_owned(), None), model("droid", "gpt-4"), model("mine", "claude-3-opus")];
        assert_eq!(told(agent_checks(&standing, &found)), actual(["2", "1", "1"], [true, false, false]));
        let all = MODELS.map(|(agent, name)| model(agent, name));
        assert_eq!(told(agent_checks(&standing, &all)), actual(["2", "4", "1"], [true, true, false]));
    }
}
