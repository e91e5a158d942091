//! Merging JSON documents.

use serde_json::Value;

/// For every key of `b`: where both sides hold an object they are merged, otherwise `b`'s value takes the place of `a`'s.
///
/// Arrays are replaced whole, null replaces too, and nothing is ever deleted. The recursion is as deep as the
/// shallower of the two: the caller bounds it.
pub fn deep_merge(a: Value, b: Value) -> Value {
    match (a, b) {
        (Value::Object(mut a), Value::Object(b)) => {
            for (key, value) in b {
                let merged = match a.remove(&key) {
                    Some(before) => deep_merge(before, value),
                    None => value,
                };
                a.insert(key, merged);
            }
            Value::Object(a)
        }
        (_, b) => b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn cases() {
        let cases = [
            (json!({}), json!({}), json!({})),
            (json!({"a": 1}), json!({}), json!({"a": 1})),
            (json!({}), json!({"a": 1}), json!({"a": 1})),
            (json!({"a": 1, "b": 2}), json!({"b": 3}), json!({"a": 1, "b": 3})),
            (json!({"a": {"x": 1, "y": 2}}), json!({"a": {"y": 3}}), json!({"a": {"x": 1, "y": 3}})),
            (json!({"a": {"x": {"p": 1}}}), json!({"a": {"x": {"q": 2}}}), json!({"a": {"x": {"p": 1, "q": 2}}})),
            (json!({"a": [1, 2]}), json!({"a": [3]}), json!({"a": [3]})),
            (json!({"a": {"x": 1}}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({"a": [1]}), json!({"a": {"x": 1}}), json!({"a": {"x": 1}})),
            (json!({"a": {"x": 1}}), json!({"a": null}), json!({"a": null})),
            (json!({"a": null}), json!({"a": {"x": 1}}), json!({"a": {"x": 1}})),
            (json!([1]), json!({"a": 1}), json!({"a": 1})),
        ];
        for (a, b, merged) in cases {
            assert_eq!(deep_merge(a.clone(), b.clone()), merged, "{a} and {b}");
        }
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from)];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::hash_map("[a-d]", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// Every path to a leaf: what is neither a non-empty object nor on the way to one.
    fn leaves(value: &Value, path: String, into: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(object) if !object.is_empty() => {
                object.iter().for_each(|(key, value)| leaves(value, format!("{path}/{key}"), into));
            }
            leaf => into.push((path, leaf.clone())),
        }
    }

    proptest! {
        #[test]
        fn merging_twice_is_merging_once(a in document(), b in document()) {
            let once = deep_merge(a, b.clone());
            prop_assert_eq!(deep_merge(once.clone(), b), once);
        }

        #[test]
        fn every_key_of_both_is_there(a in document(), b in document()) {
            let merged = deep_merge(a.clone(), b.clone());
            if let (Value::Object(a), Value::Object(b), Value::Object(merged)) = (a, b, merged) {
                prop_assert!(a.keys().chain(b.keys()).all(|key| merged.contains_key(key)));
            }
        }

        #[test]
        fn every_leaf_of_the_second_wins(a in document(), b in document()) {
            let merged = deep_merge(a, b.clone());
            let mut wanted = Vec::new();
            leaves(&b, String::new(), &mut wanted);
            for (path, leaf) in wanted {
                let found = merged.pointer(&path);
                // An empty object merges into an object and leaves it as it is.
                let kept = leaf == json!({}) && found.is_some_and(Value::is_object);
                prop_assert!(kept || found == Some(&leaf), "{} in {}", path, merged);
            }
        }
    }
}
