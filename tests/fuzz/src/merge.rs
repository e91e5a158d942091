//! Merging documents: whatever the second says is there, nothing of the first is lost, and once is enough.

use crate::{json, lines};
use model_access_domain::merge::deep_merge;
use serde_json::{Value, json};

/// Two documents.
pub fn check(input: &[u8]) {
    let mut lines = lines(input);
    let (Some(a), Some(b)) = (json(&mut lines), json(&mut lines)) else { return };
    let merged = deep_merge(a.clone(), b.clone());
    assert_eq!(deep_merge(merged.clone(), b.clone()), merged, "merged twice");
    assert_eq!(deep_merge(a.clone(), a.clone()), a, "merged with itself");
    if b.is_object() {
        assert_eq!(deep_merge(json!({}), b.clone()), b, "merged into nothing");
    }
    is_merged(&a, &b, &merged);
}

fn is_merged(a: &Value, b: &Value, merged: &Value) {
    let (Value::Object(a), Value::Object(b), Value::Object(merged)) = (a, b, merged) else {
        return assert_eq!(b, merged);
    };
    assert!(merged.keys().all(|key| a.contains_key(key) || b.contains_key(key)), "an invented key");
    for (key, before) in a {
        let after = merged.get(key).unwrap_or_else(|| panic!("{key} is lost"));
        match b.get(key) {
            Some(given) => is_merged(before, given, after),
            None => assert_eq!(before, after, "{key}"),
        }
    }
    for (key, given) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
        assert_eq!(merged.get(key), Some(given), "{key}");
    }
}
