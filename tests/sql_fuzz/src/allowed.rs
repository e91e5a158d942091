//! Which SQLSTATEs a function may answer with: `allowed.txt`.

use std::collections::{BTreeMap, BTreeSet};

const TEXT: &str = include_str!("../allowed.txt");

/// The list, read.
pub struct Allowed {
    codes: BTreeMap<String, BTreeSet<String>>,
    never_succeeds: BTreeSet<String>,
}

impl Allowed {
    /// Reads the file.
    pub fn read() -> Self {
        let mut allowed = Self { codes: BTreeMap::new(), never_succeeds: BTreeSet::new() };
        let lines = TEXT.lines().map(|line| line.split('#').next().unwrap_or_default());
        for line in lines.filter(|line| !line.trim().is_empty()) {
            let mut words = line.split_whitespace().map(str::to_owned);
            let name = words.next().unwrap_or_default();
            for word in words {
                if word == "never_succeeds" {
                    allowed.never_succeeds.insert(name.clone());
                } else {
                    allowed.codes.entry(name.clone()).or_default().insert(word);
                }
            }
        }
        allowed
    }

    /// Whether a function may fail so. The line `*` is for all.
    pub fn allows(&self, function: &str, code: &str) -> bool {
        ["*", function].iter().any(|name| self.codes.get(*name).is_some_and(|codes| codes.contains(code)))
    }

    /// Whether no call here can succeed.
    pub fn never_succeeds(&self, function: &str) -> bool {
        self.never_succeeds.contains(function)
    }

    /// Lines about functions that are not there.
    pub fn unknown<'a>(&'a self, functions: &BTreeSet<String>) -> Vec<&'a String> {
        self.codes
            .keys()
            .chain(&self.never_succeeds)
            .filter(|name| *name != "*" && !functions.contains(*name))
            .collect()
    }
}
