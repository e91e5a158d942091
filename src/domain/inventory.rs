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
    pub(crate) fn new(module: &str, check_name: String, expected: String, actual: Option<String>) -> Self {
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

/// Whether `user_profiles.role` is what the migration guide expects (spec 6.4); the definition it has. It may be NOT NULL.
pub fn role_column_check(definition: Option<&str>) -> Check {
    let expected = "text default 'user'::text";
    let mut check = Check::new(
        "people",
        "role of user_profiles".to_owned(),
        expected.to_owned(),
        definition.map(|definition| definition.replacen(" not null", "", 1)),
    );
    check.actual = definition.map(str::to_owned);
    check
}

/// Whether everybody has a role (spec 6.4).
pub fn role_census_check(people: i64, with_role: i64) -> Check {
    let of = |number| format!("{number} of {people}");
    Check::new("people", "people of user_profiles with a role".to_owned(), of(people), Some(of(with_role)))
}

/// The policies of seed 004 on `ai_usage`: command, and what the guide says of each.
const USAGE_POLICIES: [(&str, &str, &str); 3] = [
    ("Admins can view all usage", "select", "correct: it reads user_profiles"),
    ("Service can insert usage records", "insert", "ok"),
    ("Users can view their own usage", "select", "ok"),
];

/// The guide's last look (spec 6.4): each policy, and that the one of admins reads the right table.
pub fn usage_policy_checks(standing: &[Entry]) -> Vec<Check> {
    let standing = by_name(standing);
    USAGE_POLICIES
        .iter()
        .map(|(name, command, status)| {
            let definition = standing.get(&("policy", format!("\"{name}\" on public.ai_usage").as_str())).copied();
            let actual =
                definition.map(|definition| format!("{}, {}", policy_command(definition), tables_of(definition)));
            Check::new("usage", format!("policy of the guide: {name}"), format!("{command}, {status}"), actual)
        })
        .collect()
}

/// The command of a policy, whose definition begins "permissive for select to …".
fn policy_command(definition: &str) -> &str {
    definition.split_whitespace().nth(2).unwrap_or_default()
}

/// What the guide says of a policy that reads these tables.
fn tables_of(definition: &str) -> &'static str {
    if definition.contains("public.user_profiles") {
        "correct: it reads user_profiles"
    } else if definition.contains("public.profiles") {
        "wrong table: it reads profiles"
    } else {
        "ok"
    }
}

/// What policies on `ai_usage` read, by table.
pub const READ_BY_USAGE_POLICIES: [(&str, &[&str]); 2] =
    [("user_profiles", &["id", "role"]), ("profiles", &["id", "role", "organization_id"])];

/// Whether policies on `ai_usage` can read what they ask of a table: they read with the rights of who asks.
pub fn role_readers_check(table: &str, columns: &[&str], readable: bool) -> Check {
    let actual = if readable { "readable" } else { "not readable: asking for usage fails" };
    Check::new(
        "usage",
        format!("{} of {table} for authenticated", columns.join(", ")),
        "readable".to_owned(),
        Some(actual.to_owned()),
    )
}

/// Takes columns of an application that serve whatever their type is (`public.table.column`) for those that are expected.
pub fn accept(standing: &mut [Entry], expected: &[Entry], serving: &[String]) {
    let expected = by_name(expected);
    for entry in standing.iter_mut().filter(|entry| entry.kind == "column" && serving.contains(&entry.object)) {
        if let Some(definition) = expected.get(&("column", entry.object.as_str())) {
            entry.definition = (*definition).to_owned();
        }
    }
}

/// The entries of a partitioned table as those of a plain one of an application: its key is its own, and it has no
/// partitions.
pub fn as_plain(entries: &mut Vec<Entry>, table: &str) {
    entries.retain(|entry| !(entry.kind == "partitions" && entry.object == table));
    for entry in entries {
        match entry.kind.as_str() {
            "index" => {
                entry.definition = entry.definition.replacen(&format!(" ON ONLY {table} "), &format!(" ON {table} "), 1)
            }
            "constraint" if entry.object.ends_with(&format!(" on {table}")) => {
                entry.object = entry.object.replacen("PRIMARY KEY (id, occurred_at)", "PRIMARY KEY (id)", 1);
            }
            _ => {}
        }
    }
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
    fn the_guides_policies() {
        let standing = entries(concat!(
            "usage\tpolicy\t\"Users can view their own usage\" on public.ai_usage\tpermissive for select to PUBLIC using (auth.uid() = user_id)\n",
            "usage\tpolicy\t\"Admins can view all usage\" on public.ai_usage\tpermissive for select to PUBLIC using (EXISTS ( SELECT 1 FROM public.profiles))\n",
        ));
        let told: Vec<_> = usage_policy_checks(&standing).into_iter().map(|check| (check.ok, check.actual)).collect();
        assert_eq!(
            told,
            [
                (false, Some("select, wrong table: it reads profiles".to_owned())),
                (false, None),
                (true, Some("select, ok".to_owned())),
            ]
        );
    }

    #[test]
    fn a_role_is_text_and_user_by_default() {
        let cases = [
            (Some("text default 'user'::text"), true),
            (Some("text not null default 'user'::text"), true),
            (Some("text"), false),
            (Some("text default 'member'::text"), false),
            (None, false),
        ];
        for (definition, ok) in cases {
            let check = role_column_check(definition);
            assert_eq!((check.ok, check.actual.as_deref()), (ok, definition));
        }
        assert!(role_census_check(0, 0).ok);
        assert!(!role_census_check(3, 2).ok);
    }

    #[test]
    fn a_column_that_serves_is_as_expected_and_no_other() {
        let expected = entries(concat!(
            "people\tcolumn\tpublic.organizations.type\tcharacter varying(50)\n",
            "people\tcolumn\tpublic.organizations.token_usage_current\tbigint\n",
        ));
        let there = entries(concat!(
            "people\tcolumn\tpublic.organizations.type\ttext\n",
            "people\tcolumn\tpublic.organizations.token_usage_current\treal\n",
            "people\tcolumn\tpublic.organizations.theirs\treal\n",
        ));
        let taken = |serving: &[&str]| {
            let serving: Vec<String> = serving.iter().map(|column| format!("public.organizations.{column}")).collect();
            let mut standing = there.clone();
            accept(&mut standing, &expected, &serving);
            standing.into_iter().map(|entry| entry.definition).collect::<Vec<_>>()
        };
        assert_eq!(taken(&["type", "theirs"]), ["character varying(50)", "real", "real"]);
        assert_eq!(taken(&[]), ["text", "real", "real"]);
    }

    #[test]
    fn a_plain_ledger_has_its_own_key_and_no_partitions() {
        let mut ledger = entries(concat!(
            "usage\tpartitions\tpublic.ai_usage\tclosed\n",
            "usage\tindex\ti\tCREATE INDEX i ON ONLY public.ai_usage USING btree (user_id)\n",
            "usage\tconstraint\tPRIMARY KEY (id, occurred_at) on public.ai_usage\tvalid\n",
            "quota\tconstraint\tPRIMARY KEY (id, occurred_at) on public.other\tvalid\n",
        ));
        as_plain(&mut ledger, "public.ai_usage");
        let expected = entries(concat!(
            "usage\tindex\ti\tCREATE INDEX i ON public.ai_usage USING btree (user_id)\n",
            "usage\tconstraint\tPRIMARY KEY (id) on public.ai_usage\tvalid\n",
            "quota\tconstraint\tPRIMARY KEY (id, occurred_at) on public.other\tvalid\n",
        ));
        assert_eq!(ledger, expected);
    }

    #[test]
    fn actions_tell_created_changed_kept() {
        let before = entries("m\tk\ta\t1\nm\tk\tb\t1\n");
        let after = entries("m\tk\ta\t1\nm\tk\tb\t2\nm\tk\tc\t1\n");
        let words: Vec<_> = actions(&before, &after).iter().map(|(_, action)| action.word()).collect();
        assert_eq!(words, ["kept", "changed", "created"]);
    }
}
