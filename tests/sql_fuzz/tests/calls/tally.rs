//! What became of the calls, function by function.

use model_access_sql_fuzz::allowed::Allowed;
use model_access_sql_fuzz::functions::Function;
use model_access_sql_fuzz::transaction::Caller;
use std::collections::{BTreeMap, BTreeSet};

/// More failures are only counted.
const SHOWN: usize = 40;

/// Of one function.
#[derive(Default)]
struct Outcomes {
    calls: u64,
    succeeded: u64,
    codes: BTreeMap<String, u64>,
}

pub struct Tally {
    allowed: Allowed,
    outcomes: BTreeMap<String, Outcomes>,
    broken: Vec<String>,
    seen: BTreeSet<(String, String)>,
}

impl Tally {
    pub fn new(functions: &[Function]) -> Self {
        let allowed = Allowed::read();
        let names: BTreeSet<String> = functions.iter().map(|function| function.name.clone()).collect();
        let broken = allowed
            .unknown(&names)
            .into_iter()
            .map(|name| format!("allowed.txt names {name}, which is no function"))
            .collect();
        let outcomes = functions.iter().map(|function| (function.path(), Outcomes::default())).collect();
        Self { allowed, outcomes, broken, seen: BTreeSet::new() }
    }

    /// A failure of a kind is told once per function.
    pub fn fail(&mut self, function: &str, kind: &str, story: String) {
        if self.seen.insert((function.to_owned(), kind.to_owned())) {
            self.broken.push(format!("{function}: {kind}: {story}"));
        }
    }

    pub fn succeeded(&mut self, function: &Function) {
        let outcomes = self.outcomes.entry(function.path()).or_default();
        outcomes.calls += 1;
        outcomes.succeeded += 1;
    }

    pub fn failed(&mut self, caller: &Caller, function: &Function, code: &str, story: &str) {
        let outcomes = self.outcomes.entry(function.path()).or_default();
        outcomes.calls += 1;
        *outcomes.codes.entry(code.to_owned()).or_default() += 1;
        let never = code.starts_with("XX") || code == "P0001";
        if never || !self.allowed.allows(caller, &function.name, code) {
            self.fail(&function.path(), code, story.to_owned());
        }
    }

    /// Whether it has yet to succeed for the first time.
    pub fn has_to_succeed(&self, function: &Function) -> bool {
        !self.allowed.never_succeeds(&function.name)
            && self.outcomes.get(&function.path()).is_none_or(|outcomes| outcomes.succeeded == 0)
    }

    pub fn calls(&self) -> u64 {
        self.outcomes.values().map(|outcomes| outcomes.calls).sum()
    }

    /// What is wrong, all in all.
    pub fn failures(&self, least: u64) -> Vec<String> {
        let mut failures: Vec<String> = self.broken.iter().take(SHOWN).cloned().collect();
        if self.broken.len() > SHOWN {
            failures.push(format!("and {} more", self.broken.len() - SHOWN));
        }
        for (path, outcomes) in &self.outcomes {
            if outcomes.calls == 0 {
                failures.push(format!("{path} was never called"));
            } else if outcomes.succeeded == 0
                && !self.allowed.never_succeeds(path.rsplit('.').next().unwrap_or_default())
            {
                failures.push(format!("{path} never succeeded in {} calls: {:?}", outcomes.calls, outcomes.codes));
            }
        }
        if self.calls() < least {
            failures.push(format!("{} calls, fewer than {least}", self.calls()));
        }
        failures
    }

    /// A line for people.
    pub fn figures(&self) -> String {
        let succeeded: u64 = self.outcomes.values().map(|outcomes| outcomes.succeeded).sum();
        let mut codes: BTreeMap<&str, u64> = BTreeMap::new();
        for (code, count) in self.outcomes.values().flat_map(|outcomes| &outcomes.codes) {
            *codes.entry(code).or_default() += count;
        }
        let codes: Vec<String> = codes.into_iter().map(|(code, count)| format!("{code} {count}")).collect();
        format!(
            "{} functions, {} calls, {succeeded} succeeded; {}",
            self.outcomes.len(),
            self.calls(),
            codes.join(", ")
        )
    }
}
