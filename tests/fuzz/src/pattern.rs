//! Patterns of model ids: the list that limits are found by holds exactly what matches.

use crate::lines;
use model_access_domain::pattern::{MAX_PATTERN_CHARS, is_pattern, matches, patterns_of};

/// A pattern and an id.
pub fn check(input: &[u8]) {
    let mut lines = lines(input);
    let (pattern, model) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let listed = patterns_of(model);
    // A slash a character, the id itself and everything.
    assert!(listed.len() <= MAX_PATTERN_CHARS + 1 && listed.last().is_some_and(|last| last == "*"), "{listed:?}");
    for found in &listed {
        assert!(is_pattern(found) && by_segments(found, model), "{found}");
        assert_eq!(listed.iter().filter(|other| *other == found).count(), 1, "{found} is listed twice");
    }
    assert_eq!(is_pattern(pattern), is_stored(pattern), "{pattern}");
    if is_pattern(pattern) {
        assert_eq!(by_segments(pattern, model), matches(pattern, model), "{pattern} {model}");
        assert_eq!(by_segments(pattern, model), listed.iter().any(|found| found == pattern), "{pattern} {model}");
    }
}

/// What a pattern may be, in other words: 1 to 100 characters, a star nowhere but as the whole last segment.
fn is_stored(pattern: &str) -> bool {
    let segments: Vec<_> = pattern.split('/').collect();
    let has_star = |segment: &&&str| segment.contains('*');
    let stars = segments.iter().filter(has_star).count();
    let fits = (1..=MAX_PATTERN_CHARS).contains(&pattern.chars().count());
    fits && (stars == 0 || stars == 1 && segments.last() == Some(&"*"))
}

/// The same rule in other words: segment by segment, the last of a prefix pattern being `*`.
fn by_segments(pattern: &str, model: &str) -> bool {
    let (wanted, there): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), model.split('/').collect());
    match wanted.split_last() {
        Some((&"*", [])) => true,
        Some((&"*", before)) => there.len() > before.len() && there.starts_with(before),
        _ => wanted == there,
    }
}
