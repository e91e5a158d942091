//! What the answers said: the calls that were admitted, by their keys.

use std::collections::HashMap;

/// One call as the ledger must have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    pub user: String,
    pub model: String,
    pub requests: u64,
    pub tokens: u64,
}

/// All calls that were admitted for good, by their keys.
#[derive(Default)]
pub struct Book(HashMap<String, Used>);

impl Book {
    /// Notes a call. Several clients may make the same one: it counts once. `Err` when they were told different things.
    pub fn note(&mut self, key: &str, used: Used) -> Result<(), String> {
        match self.0.get(key) {
            Some(known) if *known != used => Err(format!("{key} is {known:?} and {used:?}")),
            Some(_) => Ok(()),
            None => {
                self.0.insert(key.to_owned(), used);
                Ok(())
            }
        }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Requests that the users of one group were admitted for one model.
    pub fn requests(&self, group: usize, model: &str) -> u64 {
        let of_group = |used: &&Used| (0..super::world::USERS).any(|n| used.user == super::world::user(group, n));
        self.0.values().filter(|used| used.model == model).filter(of_group).map(|used| used.requests).sum()
    }

    /// How the ledger, row by row, differs from the answers: rows that nobody was promised, twice or otherwise than
    /// promised, and promises without a row.
    pub fn differences(&self, ledger: impl Iterator<Item = (String, Used)>) -> Vec<String> {
        let mut missing: HashMap<&String, &Used> = self.0.iter().collect();
        let mut differences = Vec::new();
        for (key, row) in ledger {
            match (missing.remove(&key), self.0.get(&key)) {
                (Some(known), _) if *known == row => {}
                (Some(known), _) => differences.push(format!("{key}: {row:?} in the ledger, {known:?} by the answer")),
                (None, Some(_)) => differences.push(format!("{key}: twice in the ledger")),
                (None, None) => differences.push(format!("{key}: {row:?} in the ledger and never admitted")),
            }
        }
        differences.extend(missing.iter().map(|(key, used)| format!("{key}: {used:?} admitted and not in the ledger")));
        differences
    }
}
