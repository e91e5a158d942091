//! Which SQLSTATEs a function may answer with: `allowed.txt`.

use crate::transaction::Caller;
use std::collections::{BTreeMap, BTreeSet};

const TEXT: &str = include_str!("../allowed.txt");
/// Names of lines that are for all functions.
const ALL: &str = "*";
/// A word instead of a code: of functions that need what is not here.
const NEVER_SUCCEEDS: &str = "never_succeeds";
const BROKEN_CLAIMS: &str = "(broken-claims)";

/// The list, read.
pub struct Allowed {
    codes: BTreeMap<String, BTreeSet<String>>,
}

impl Allowed {
    /// Reads the file.
    pub fn read() -> Self {
        let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let lines = TEXT.lines().map(|line| line.split('#').next().unwrap_or_default());
        for line in lines.filter(|line| !line.trim().is_empty()) {
            let mut words = line.split_whitespace().map(str::to_owned);
            let name = words.next().unwrap_or_default();
            codes.entry(name).or_default().extend(words);
        }
        Self { codes }
    }

    /// Whether a function may fail so, when this caller calls it.
    pub fn allows(&self, caller: &Caller, function: &str, code: &str) -> bool {
        let names = [Some(ALL), Some(function), caller.has_broken_claims().then_some(BROKEN_CLAIMS)];
        names.into_iter().flatten().any(|name| self.codes.get(name).is_some_and(|codes| codes.contains(code)))
    }

    /// Whether a function is one that cannot succeed here.
    pub fn never_succeeds(&self, function: &str) -> bool {
        self.codes.get(function).is_some_and(|codes| codes.contains(NEVER_SUCCEEDS))
    }

    /// Lines about functions that are not there.
    pub fn unknown<'a>(&'a self, functions: &BTreeSet<String>) -> Vec<&'a String> {
        self.codes
            .keys()
            .filter(|name| ![ALL, BROKEN_CLAIMS].contains(&name.as_str()) && !functions.contains(*name))
            .collect()
    }
}
