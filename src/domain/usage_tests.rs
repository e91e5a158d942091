//! Tests of [`super`].

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Prompt, completion, cached, written, reasoning, total.
fn counts(value: &Value) -> Result<[i64; 6], UsageError> {
    Usage::of_json(value).map(|usage| {
        [
            usage.prompt_tokens,
            usage.completion_tokens,
            usage.cached_tokens,
            usage.cache_write_tokens,
            usage.reasoning_tokens,
            usage.total_tokens,
        ]
    })
}

#[test]
fn the_three_vocabularies_say_the_same() {
    let chat = json!({
        "prompt_tokens": 100, "completion_tokens": 40, "total_tokens": 140, "cost": 0.01, "is_byok": false,
        "prompt_tokens_details": { "cached_tokens": 60, "cache_write_tokens": 30, "audio_tokens": 0 },
        "completion_tokens_details": { "reasoning_tokens": 25 },
        "cost_details": { "upstream_inference_cost": null },
    });
    let responses = json!({
        "input_tokens": 100, "output_tokens": 40, "total_tokens": 140,
        "input_tokens_details": { "cached_tokens": 60, "cache_write_tokens": 30 },
        "output_tokens_details": { "reasoning_tokens": 25 },
    });
    let attributes = json!({
        "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 40,
        "gen_ai.usage.cache_read.input_tokens": 60, "gen_ai.usage.cache_creation.input_tokens": 30,
        "gen_ai.usage.reasoning.output_tokens": 25, "gen_ai.request.model": "a/b",
    });
    let old_attributes = json!({
        "gen_ai.usage.prompt_tokens": 100, "gen_ai.usage.completion_tokens": 40,
        "gen_ai.usage.cache_read.input_tokens": 60, "gen_ai.usage.cache_write.input_tokens": 30,
        "gen_ai.usage.reasoning.output_tokens": 25,
    });
    for value in [chat, responses, attributes, old_attributes] {
        assert_eq!(counts(&value), Ok([100, 40, 60, 30, 25, 140]), "{value}");
    }
}

#[test]
fn what_has_a_price_of_its_own_is_counted_under_either_vocabulary() {
    let chat = json!({
        "prompt_tokens": 100, "completion_tokens": 40, "images": 3,
        "prompt_tokens_details": {
            "cached_tokens": 60, "cache_write_tokens": 30, "cache_write_1h_tokens": 20, "audio_tokens": 9,
            "image_tokens": 8, "video_tokens": 99,
        },
        "completion_tokens_details": { "audio_tokens": 7, "image_tokens": 6, "accepted_prediction_tokens": 99 },
        "server_tool_use_details": { "web_search_requests": 5, "tool_calls_executed": 99 },
    });
    let responses = json!({
        "input_tokens": 100, "output_tokens": 40,
        "input_tokens_details": { "cache_write_1h_tokens": 20, "audio_tokens": 9, "image_tokens": 8, "images": 3 },
        "output_tokens_details": { "audio_tokens": 7, "image_tokens": 6 },
        "server_tool_use": { "web_search_requests": 5 },
    });
    let expected = OtherUsage {
        cache_write_1h_tokens: 20,
        audio_tokens: 9,
        image_tokens: 8,
        images: 3,
        audio_output_tokens: 7,
        image_output_tokens: 6,
        web_searches: 5,
    };
    for value in [chat, responses] {
        assert_eq!(Usage::of_json(&value).map(|usage| usage.other), Ok(expected), "{value}");
    }
    let plain = json!({ "gen_ai.usage.input_tokens": 1, "server_tool_use_details": { "web_search_requests": null } });
    assert_eq!(Usage::of_json(&plain).map(|usage| usage.other), Ok(OtherUsage::default()));
    let rows = [
        (json!({ "images": 1.5 }), UsageError::NotANumber("images".to_owned())),
        (
            json!({ "prompt_tokens_details": { "audio_tokens": -1 } }),
            UsageError::Negative("prompt_tokens_details.audio_tokens".to_owned()),
        ),
        (
            json!({ "server_tool_use_details": { "web_search_requests": u64::MAX } }),
            UsageError::TooLarge("server_tool_use_details.web_search_requests".to_owned()),
        ),
        (json!({ "server_tool_use_details": 1 }), UsageError::NotAnObject),
    ];
    for (mut value, error) in rows {
        value["prompt_tokens"] = json!(5);
        assert_eq!(Usage::of_json(&value), Err(error), "{value}");
    }
}

#[test]
fn what_is_missing_follows_from_what_is_there() {
    let rows = [
        (json!({ "prompt_tokens": 7 }), [7, 0, 0, 0, 0, 7]),
        (json!({ "completion_tokens": 7 }), [0, 7, 0, 0, 0, 7]),
        (json!({ "total_tokens": 7 }), [7, 0, 0, 0, 0, 7]),
        (json!({ "prompt_tokens": 7, "total_tokens": 10 }), [7, 3, 0, 0, 0, 10]),
        (json!({ "completion_tokens": 7, "total_tokens": 10 }), [3, 7, 0, 0, 0, 10]),
        (json!({ "prompt_tokens": 7, "total_tokens": 5 }), [7, 0, 0, 0, 0, 7]),
        (json!({ "prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 12 }), [7, 2, 0, 0, 0, 12]),
        (json!({ "prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 8 }), [7, 2, 0, 0, 0, 9]),
        (json!({ "prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0 }), [0; 6]),
        (json!({ "prompt_tokens": 0 }), [0; 6]),
        (json!({ "prompt_tokens": 9, "input_tokens": 0, "output_tokens": 4 }), [9, 4, 0, 0, 0, 13]),
        (json!({ "prompt_tokens": 0, "input_tokens": 9, "completion_tokens": 4 }), [9, 4, 0, 0, 0, 13]),
        (json!({ "prompt_tokens": null, "input_tokens": 9, "total_tokens": null }), [9, 0, 0, 0, 0, 9]),
        (json!({ "prompt_tokens": 9, "prompt_tokens_details": null }), [9, 0, 0, 0, 0, 9]),
        (json!({ "prompt_tokens": 9, "prompt_tokens_details": { "cached_tokens": null } }), [9, 0, 0, 0, 0, 9]),
        (json!({ "total_tokens": 9, "prompt_tokens_details": { "cached_tokens": 9 } }), [9, 0, 9, 0, 0, 9]),
        (
            json!({ "input_tokens": 43, "output_tokens": 10, "output_tokens_details": { "reasoning_tokens": 11 } }),
            [43, 10, 0, 0, 11, 53],
        ),
    ];
    for (value, expected) in rows {
        assert_eq!(counts(&value), Ok(expected), "{value}");
    }
}

#[test]
fn nonsense_is_refused_by_name() {
    let key = |key: &str| key.to_owned();
    let cached = |tokens: Value| json!({ "prompt_tokens": 9, "prompt_tokens_details": tokens });
    let rows = [
        (json!(null), UsageError::NotAnObject),
        (json!([{ "prompt_tokens": 1 }]), UsageError::NotAnObject),
        (cached(json!([])), UsageError::NotAnObject),
        (json!({}), UsageError::Empty),
        (json!({ "cost": 1, "requests": 2 }), UsageError::Empty),
        (json!({ "prompt_tokens": null, "prompt_tokens_details": {} }), UsageError::Empty),
        (json!({ "prompt_tokens": "9" }), UsageError::NotANumber(key("prompt_tokens"))),
        (json!({ "output_tokens": true }), UsageError::NotANumber(key("output_tokens"))),
        (json!({ "gen_ai.usage.input_tokens": 1.5 }), UsageError::NotANumber(key("gen_ai.usage.input_tokens"))),
        (cached(json!({ "cached_tokens": {} })), UsageError::NotANumber(key("prompt_tokens_details.cached_tokens"))),
        (json!({ "prompt_tokens": 9, "input_tokens": -1 }), UsageError::Negative(key("input_tokens"))),
        (json!({ "prompt_tokens": 1, "requests": -1 }), UsageError::Negative(key("requests"))),
        (json!({ "prompt_tokens": 1, "requests": 2_147_483_648_u32 }), UsageError::TooLarge(key("requests"))),
        (json!({ "total_tokens": u64::MAX }), UsageError::TooLarge(key("total_tokens"))),
        (json!({ "prompt_tokens": i64::MAX, "completion_tokens": 1 }), UsageError::TooLarge(key("total_tokens"))),
        (cached(json!({ "cached_tokens": 10 })), UsageError::CachedBeyondPrompt),
        (cached(json!({ "cached_tokens": 5, "cache_write_tokens": 5 })), UsageError::CachedBeyondPrompt),
        (cached(json!({ "cached_tokens": i64::MAX, "cache_write_tokens": 1 })), UsageError::CachedBeyondPrompt),
        (json!({ "input_tokens_details": { "cached_tokens": 1 } }), UsageError::CachedBeyondPrompt),
    ];
    for (value, error) in rows {
        assert_eq!(Usage::of_json(&value), Err(error), "{value}");
    }
}

#[test]
fn requests_are_one_unless_told() {
    let rows = [("1", 1), ("0", 0), ("null", 1), ("25.0", 25), ("2147483647", i32::MAX)];
    for (text, expected) in rows {
        let usage = Usage::of_json(&parse(&format!(r#"{{"prompt_tokens": 0, "requests": {text}}}"#)));
        assert_eq!(usage.map(|usage| usage.requests), Ok(expected), "{text}");
    }
    assert_eq!(Usage::of_json(&json!({ "total_tokens": 3 })).map(|usage| usage.requests), Ok(1));
}

#[test]
fn a_whole_number_counts_however_it_is_written() {
    let of = |text: &str| counts(&parse(&format!(r#"{{"total_tokens": {text}}}"#))).map(|counts| counts[5]);
    let rows = [
        ("0", 0),
        ("-0", 0),
        ("-0.0e5", 0),
        ("0e99999999999999999999", 0),
        ("1.0", 1),
        ("1.50e1", 15),
        ("1200e-2", 12),
        ("1E+3", 1000),
        ("0.0012e4", 12),
        ("9007199254740993", 9_007_199_254_740_993),
        ("9007199254740993.0", 9_007_199_254_740_993),
        ("9223372036854775807", i64::MAX),
        ("9.223372036854775807e18", i64::MAX),
    ];
    for (text, expected) in rows {
        assert_eq!(of(text), Ok(expected), "{text}");
    }
    let key = || "total_tokens".to_owned();
    for text in ["1.5", "1e-1", "12e-2", "0.5", "1e-99999999999999999999"] {
        assert_eq!(of(text), Err(UsageError::NotANumber(key())), "{text}");
    }
    for text in ["9223372036854775808", "9223372036854775808.0", "1e19", "1e999999999", "1e99999999999999999999"] {
        assert_eq!(of(text), Err(UsageError::TooLarge(key())), "{text}");
    }
    for text in ["-1", "-1.0", "-1e999999999", "-9223372036854775809"] {
        assert_eq!(of(text), Err(UsageError::Negative(key())), "{text}");
    }
}

/// Archived answers, beside the repository and not in it: see `tests/replay/run`.
#[test]
fn every_archived_usage_object_is_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/usage_objects.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        assert!(std::env::var_os("MODEL_ACCESS_NO_SKIP").is_none(), "no archived usage objects in {path}");
        return println!("skip - no archived usage objects");
    };
    let archived = parse(&text);
    let archived = archived.as_array().unwrap();
    assert!(archived.len() > 40);
    for entry in archived {
        let literal = parse(entry["usage_literal_json"].as_str().unwrap());
        let field = |chat: &str, responses: &str| literal.pointer(chat).or(literal.pointer(responses));
        let told = |chat: &str, responses: &str| field(chat, responses).and_then(Value::as_i64).unwrap_or(0);
        let (prompt, completion) =
            (told("/prompt_tokens", "/input_tokens"), told("/completion_tokens", "/output_tokens"));
        let expected = [
            prompt,
            completion,
            told("/prompt_tokens_details/cached_tokens", "/input_tokens_details/cached_tokens"),
            told("/prompt_tokens_details/cache_write_tokens", "/input_tokens_details/cache_write_tokens"),
            told("/completion_tokens_details/reasoning_tokens", "/output_tokens_details/reasoning_tokens"),
            prompt + completion,
        ];
        assert_eq!(counts(&literal), Ok(expected), "{literal}");
    }
}

/// Any JSON, with a liking for the keys that are read.
fn any_json() -> impl Strategy<Value = Value> {
    let groups =
        ["prompt_tokens_details", "input_tokens_details", "completion_tokens_details", "output_tokens_details"];
    let names: Vec<String> =
        [PROMPT.as_slice(), &COMPLETION, &CACHED, &CACHE_WRITE, &REASONING, &TOTAL, &[REQUESTS], &AUDIO, &IMAGES]
            .iter()
            .flat_map(|keys| keys.iter().map(|key| key.name))
            .chain(groups)
            .map(str::to_owned)
            .collect();
    let key = prop_oneof![9 => prop::sample::select(names), 1 => "\\PC{0,8}"];
    let number = "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,25})?".prop_map(|text| parse(&text));
    let leaf = prop_oneof![
        4 => (0_i64..100).prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        2 => number,
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => "\\PC{0,5}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            9 => prop::collection::hash_map(key.clone(), inner, 0..6)
                .prop_map(|object| object.into_iter().collect::<Map<String, Value>>().into()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_json_is_read_sensibly_or_refused(value in any_json()) {
        if let Ok(usage) = Usage::of_json(&value) {
            prop_assert!(usage.cached_tokens + usage.cache_write_tokens <= usage.prompt_tokens);
            prop_assert!(usage.prompt_tokens + usage.completion_tokens <= usage.total_tokens);
            prop_assert!(usage.cached_tokens >= 0 && usage.cache_write_tokens >= 0);
            prop_assert!(usage.completion_tokens >= 0 && usage.reasoning_tokens >= 0 && usage.requests >= 0);
        }
    }

    #[test]
    fn whole_numbers_survive_a_fraction_and_an_exponent(count in 0..=i64::MAX, zeros in 0_usize..5) {
        let shifted = format!("{count}{}e-{zeros}", "0".repeat(zeros));
        let fraction = format!("{count}.{}0", "0".repeat(zeros));
        for text in [count.to_string(), shifted, fraction] {
            let value = parse(&format!(r#"{{"prompt_tokens": {text}}}"#));
            prop_assert_eq!(counts(&value), Ok([count, 0, 0, 0, 0, count]));
        }
    }
}
