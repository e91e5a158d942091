//! Patterns of model ids: an exact id, all models below a prefix of whole segments (`vendor/*`), or all (`*`).
//!
//! A `*` is no wildcard inside a segment: `bedrock*` would also take in a vendor that is registered tomorrow.

/// The most characters a pattern may have: the width of `model_access.model_id`. Real ids reach 61.
pub const MAX_PATTERN_CHARS: usize = 100;

/// What every model matches.
const EVERYTHING: &str = "*";

/// Whether a text can be stored as a pattern: 1 to 100 characters, `*` nowhere but alone or as the last whole segment.
pub fn is_pattern(text: &str) -> bool {
    let fixed = if text == EVERYTHING { "" } else { text.strip_suffix("/*").unwrap_or(text) };
    !text.is_empty() && !fixed.contains('*') && text.chars().nth(MAX_PATTERN_CHARS).is_none()
}

/// Whether a valid pattern takes in a model.
///
/// `a/*` takes in `a/b`, `a/b/c:free` and, empty segments being ordinary, `a/`; neither `a` nor `ab/c`.
pub fn matches(pattern: &str, model: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(prefix) if prefix.ends_with('/') => model.starts_with(prefix),
        _ => pattern == model,
    }
}

/// Every valid pattern that matches the model, most specific first: the id itself, `a/b/*`, `a/*`, `*`.
///
/// So limits are found by equality, through an index, however many patterns are stored. An id that is no pattern (too
/// long, empty, with a `*`) is left out, and nothing is listed twice; the list is short however long the id.
pub fn patterns_of(model: &str) -> Vec<String> {
    let exact = Some(model).filter(|model| !model.contains('*') && is_pattern(model));
    // A slash further on could only begin a pattern that is too long.
    let slashes = model.char_indices().take(MAX_PATTERN_CHARS - 1).filter(|(_, character)| *character == '/');
    let mut prefixes: Vec<String> = slashes
        .filter_map(|(at, _)| model.get(..at))
        .map(|prefix| format!("{prefix}/*"))
        .filter(|pattern| is_pattern(pattern))
        .collect();
    prefixes.reverse();
    exact.map(str::to_owned).into_iter().chain(prefixes).chain([EVERYTHING.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_star_stands_alone_or_as_the_last_segment() {
        for valid in ["*", "a/*", "a/b/*", "a/b:free", "a", "/*", "a//*", "/", "~v/x-latest", "system/7", "ü/*"] {
            assert!(is_pattern(valid), "{valid}");
        }
        for invalid in ["", "**", "a*", "*a", "*/a", "*/*", "a/*/b", "a/b*", "a/**", "a/*b", "*/", "a/*/*"] {
            assert!(!is_pattern(invalid), "{invalid}");
        }
    }

    #[test]
    fn a_pattern_has_at_most_a_hundred_characters_not_bytes() {
        assert!(is_pattern(&"é".repeat(100)));
        assert!(!is_pattern(&"a".repeat(101)));
        assert!(is_pattern(&format!("{}/*", "é".repeat(98))));
        assert!(!is_pattern(&format!("{}/*", "a".repeat(99))));
    }

    #[test]
    fn a_prefix_matches_by_whole_segments() {
        let rows = [
            ("bedrock/*", "bedrock/x", true),
            ("bedrock/*", "bedrockz/x", false),
            ("bedrock/*", "bedrock", false),
            ("bedrock/*", "bedrock/", true),
            ("bedrock/*", "x/bedrock/y", false),
            ("bedrock*", "bedrockz/x", false), // no pattern, so at most an id
            ("a/*", "a/b/c:free", true),
            ("a/b/*", "a/b/c:free", true),
            ("a/b/*", "a/b", false),
            ("a/b/*", "a/bc/d", false),
            ("a/*", "A/b", false),
            ("a//*", "a//b", true),
            ("a//*", "a/b", false),
            ("/*", "/x", true),
            ("/*", "x", false),
            ("a/b", "a/b", true),
            ("a/b", "a/b:free", false),
            ("*", "anything/at:all", true),
            ("*", "", true),
        ];
        for (pattern, model, expected) in rows {
            assert_eq!(matches(pattern, model), expected, "{pattern} {model}");
        }
    }

    #[test]
    fn patterns_of_a_model_go_from_the_id_to_everything() {
        let rows: [(&str, &[&str]); 8] = [
            ("a/b/c:free", &["a/b/c:free", "a/b/*", "a/*", "*"]),
            ("gpt", &["gpt", "*"]),
            ("a/", &["a/", "a/*", "*"]),
            ("a//b", &["a//b", "a//*", "a/*", "*"]),
            ("/", &["/", "/*", "*"]),
            ("", &["*"]),
            ("a/*", &["a/*", "*"]),
            ("a*/b/c", &["*"]),
        ];
        for (model, expected) in rows {
            assert_eq!(patterns_of(model), expected, "{model}");
        }
    }

    #[test]
    fn an_endless_id_has_few_patterns() {
        let model = "/".repeat(1_000_000);
        assert_eq!(patterns_of(&model).len(), MAX_PATTERN_CHARS);
        let long = format!("{}/x", "a".repeat(98));
        assert_eq!(patterns_of(&long), [long.clone(), format!("{}/*", "a".repeat(98)), "*".to_owned()]);
        let longer = format!("{}/x", "a".repeat(99));
        assert_eq!(patterns_of(&longer), ["*"]);
    }

    proptest! {
        #[test]
        fn the_list_holds_what_matches(pattern in "[ab*/]{0,7}", model in "[ab*/]{0,9}") {
            prop_assume!(is_pattern(&pattern));
            prop_assert_eq!(matches(&pattern, &model), patterns_of(&model).contains(&pattern));
        }

        #[test]
        fn what_is_listed_is_valid_matches_and_narrows(model in "\\PC{0,120}") {
            let patterns = patterns_of(&model);
            prop_assert!(patterns.iter().all(|pattern| is_pattern(pattern) && matches(pattern, &model)));
            let lengths: Vec<usize> = patterns.iter().map(String::len).collect();
            prop_assert_eq!(patterns.last().map(String::as_str), Some("*"));
            // The id itself may be as short as its own prefix pattern (`a/b` and `a/*`); after it each is shorter.
            prop_assert!(lengths.iter().skip(1).is_sorted_by(|left, right| left > right));
        }
    }
}
