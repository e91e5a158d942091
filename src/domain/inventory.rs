//! What an installation consists of, as text, and how two states of it differ.
//!
//! `verify()` compares the database with the inventory shipped in `sql/inventory.tsv`; `install()` reports the
//! difference between before and after.

use std::collections::BTreeMap;

/// One object: its kind, its name, and everything about it that matters, in one line of text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The module that needs the object.
    pub module: String,
    /// `table`, `column`, `index`, `policy`, …
    pub kind: String,
    /// The object's name as an SQL reader would write it.
    pub object: String,
    /// What it must be.
    pub definition: String,
}

/// One line of `verify()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The module that needs the object.
    pub module: String,
    /// Kind and name.
    pub check_name: String,
    /// The definition it should have.
    pub expected: String,
    /// The one it has; `None` when it is missing.
    pub actual: Option<String>,
    /// Whether it is as it should be.
    pub ok: bool,
}

impl Check {
    fn new(module: &str, check_name: String, expected: String, actual: Option<String>) -> Self {
        let ok = actual.as_deref() == Some(expected.as_str());
        Self { module: module.to_owned(), check_name, expected, actual, ok }
    }
}

/// Whether `profiles.allowed_models` is gone.
pub fn allowed_models_check(there: bool) -> Check {
    let actual = if there { "there" } else { "gone" };
    Check::new("people", "column public.profiles.allowed_models".to_owned(), "gone".to_owned(), Some(actual.to_owned()))
}

/// Whether no function refers to `profiles.allowed_models` any more.
pub fn readers_check(readers: &[String]) -> Check {
    let actual = if readers.is_empty() { "none".to_owned() } else { readers.join(", ") };
    Check::new("people", "functions that refer to profiles.allowed_models".to_owned(), "none".to_owned(), Some(actual))
}

/// Whether there are models. None before the first sync is no failure (spec 2.10).
pub fn models_check(count: i64) -> Check {
    let actual = if count == 0 { "pending first sync".to_owned() } else { count.to_string() };
    let expected = "any number; none before the first sync".to_owned();
    Check { module: "catalogue".to_owned(), check_name: "models".to_owned(), expected, actual: Some(actual), ok: true }
}

/// What `install()` did to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It was not there before.
    Created,
    /// It was there and is different now.
    Changed,
    /// It is as it was.
    Kept,
}

impl Action {
    /// The word that `install()` returns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Kept => "kept",
        }
    }
}

/// Reads the shipped inventory: lines of module, kind, object, definition, parted by tabs.
pub fn parse(tsv: &str) -> Vec<Entry> {
    tsv.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| {
            let mut fields = line.splitn(4, '\t').map(str::to_owned);
            Some(Entry {
                module: fields.next()?,
                kind: fields.next()?,
                object: fields.next()?,
                definition: fields.next()?,
            })
        })
        .collect()
}

/// Checks every expected object against what the database has.
pub fn check(expected: &[Entry], actual: &[Entry]) -> Vec<Check> {
    let actual = by_name(actual);
    expected
        .iter()
        .map(|entry| {
            let found = actual.get(&(entry.kind.as_str(), entry.object.as_str())).map(|found| (*found).to_owned());
            let name = format!("{} {}", entry.kind, entry.object);
            Check::new(&entry.module, name, entry.definition.clone(), found)
        })
        .collect()
}

/// What became of each object that is there now.
pub fn actions(before: &[Entry], after: &[Entry]) -> Vec<(Entry, Action)> {
    let before = by_name(before);
    after
        .iter()
        .map(|entry| {
            let action = match before.get(&(entry.kind.as_str(), entry.object.as_str())) {
                None => Action::Created,
                Some(definition) if *definition == entry.definition => Action::Kept,
                Some(_) => Action::Changed,
            };
            (entry.clone(), action)
        })
        .collect()
}

/// Cuts the definition of a column down to its type.
pub fn keep_type(definition: &mut String) {
    let end = [" not null", " default ", " identity"].iter().filter_map(|more| definition.find(more)).min();
    definition.truncate(end.unwrap_or(definition.len()));
}

fn by_name(entries: &[Entry]) -> BTreeMap<(&str, &str), &str> {
    entries.iter().map(|entry| ((entry.kind.as_str(), entry.object.as_str()), entry.definition.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(lines: &str) -> Vec<Entry> {
        parse(lines)
    }

    #[test]
    fn a_missing_and_a_changed_object_are_named() {
        let expected = entries("# kinds\ncatalogue\tpolicy\ta\tselect\ncatalogue\tindex\tb\tbtree\n");
        let checks = check(&expected, &entries("catalogue\tindex\tb\thash\n"));
        assert_eq!(checks.iter().map(|check| check.ok).collect::<Vec<_>>(), [false, false]);
        assert_eq!(checks.first().map(|check| check.actual.clone()), Some(None));
        assert_eq!(checks.last().and_then(|check| check.actual.clone()).as_deref(), Some("hash"));
        assert!(check(&expected, &expected).iter().all(|check| check.ok));
    }

    #[test]
    fn a_definition_may_hold_tabs() {
        let parsed = entries("m\tk\to\ta\tb");
        assert_eq!(parsed.first().map(|entry| entry.definition.as_str()), Some("a\tb"));
    }

    #[test]
    fn the_type_of_a_column() {
        let cases = [
            ("numeric(3,2) default 0.7", "numeric(3,2)"),
            ("character varying(255) not null", "character varying(255)"),
            ("text not null default ' not null'::text", "text"),
            ("timestamp with time zone", "timestamp with time zone"),
        ];
        for (definition, expected) in cases {
            let mut definition = definition.to_owned();
            keep_type(&mut definition);
            assert_eq!(definition, expected);
        }
    }

    #[test]
    fn actions_tell_created_changed_kept() {
        let before = entries("m\tk\ta\t1\nm\tk\tb\t1\n");
        let after = entries("m\tk\ta\t1\nm\tk\tb\t2\nm\tk\tc\t1\n");
        let words: Vec<_> = actions(&before, &after).iter().map(|(_, action)| action.word()).collect();
        assert_eq!(words, ["kept", "changed", "created"]);
    }
}
