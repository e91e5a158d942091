//! Results of contenders side by side: what is not the same may not be compared in speed.

use crate::Result;
use postgres::Client;
use postgres::types::ToSql;

/// Characters of a differing row that an error shows, and how many of them lie before the difference.
const SHOWN: usize = 200;
const BEFORE: usize = 60;

/// The first column of every row.
pub fn texts(client: &mut Client, query: &str, arguments: &[&(dyn ToSql + Sync)]) -> Result<Vec<String>> {
    Ok(client.query(query, arguments)?.iter().map(|row| row.get(0)).collect())
}

/// An error that shows the first row in which two results differ.
pub fn same(what: &str, expected: &[String], found: &[String]) -> Result<()> {
    let differs = (0..expected.len().max(found.len())).find(|&row| expected.get(row) != found.get(row));
    let Some(row) = differs else { return Ok(()) };
    let expected = expected.get(row).map_or("", String::as_str);
    let found = found.get(row).map_or("", String::as_str);
    let common = expected.chars().zip(found.chars()).take_while(|(one, other)| one == other).count();
    let shown = |text: &str| text.chars().skip(common.saturating_sub(BEFORE)).take(SHOWN).collect::<String>();
    Err(format!("{what}: row {} differs\n  expected {}\n  found    {}", row + 1, shown(expected), shown(found)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_a_further_and_another_row_are_differences() {
        let rows = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for (expected, found, row) in [("a b", "a", "row 2"), ("a", "a b", "row 2"), ("a b", "c b", "row 1")] {
            let error = same("list", &rows(expected), &rows(found)).expect_err(found).to_string();
            assert!(error.contains(row), "{error}");
        }
        assert!(same("list", &rows("a b"), &rows("a b")).is_ok());
    }
}
