//! Usage objects: counts that make sense, read back as they were written, and no cost below zero.

use crate::{fits_numeric, json, lines};
use model_access_domain::charge::ProviderCost;
use model_access_domain::other_usage::OtherUsage;
use model_access_domain::usage::Usage;
use serde_json::{Value, json};

/// One usage object a line.
pub fn check(input: &[u8]) {
    let mut lines = lines(input);
    while let Some(value) = json(&mut lines) {
        if let Ok(usage) = Usage::of_json(&value) {
            parts_sum_up(&usage);
            is_as_large_as_told(&usage, &value);
            assert_eq!(Usage::of_json(&written(&usage)), Ok(usage), "read back");
            let kept = usage.other.to_json().unwrap_or_default();
            assert_eq!(OtherUsage::of_json(&kept), usage.other, "kept by the ledger");
        }
        if let Ok(ProviderCost { cost_usd: Some(cost), .. }) = ProviderCost::of_json(&value) {
            assert!(cost >= 0 && fits_numeric(&cost), "{cost}");
        }
    }
}

fn parts_sum_up(usage: &Usage) {
    let counts = [
        usage.prompt_tokens,
        usage.completion_tokens,
        usage.cached_tokens,
        usage.cache_write_tokens,
        usage.reasoning_tokens,
        usage.requests.into(),
    ];
    assert!(counts.iter().all(|count| *count >= 0), "{usage:?}");
    assert!(usage.other.by_price().iter().all(|(_, count)| *count >= 0), "{usage:?}");
    assert!(usage.total_tokens >= usage.prompt_tokens + usage.completion_tokens, "{usage:?}");
    assert!(usage.cached_tokens + usage.cache_write_tokens <= usage.prompt_tokens, "{usage:?}");
}

/// Usage is never lost: a count is not below any that the object names for it.
fn is_as_large_as_told(usage: &Usage, value: &Value) {
    let rows = [
        ("/prompt_tokens", usage.prompt_tokens),
        ("/input_tokens", usage.prompt_tokens),
        ("/gen_ai.usage.input_tokens", usage.prompt_tokens),
        ("/completion_tokens", usage.completion_tokens),
        ("/output_tokens", usage.completion_tokens),
        ("/total_tokens", usage.total_tokens),
        ("/prompt_tokens_details/cached_tokens", usage.cached_tokens),
        ("/input_tokens_details/cached_tokens", usage.cached_tokens),
        ("/prompt_tokens_details/audio_tokens", usage.other.audio_tokens),
        ("/completion_tokens_details/reasoning_tokens", usage.reasoning_tokens),
        ("/requests", usage.requests.into()),
    ];
    for (pointer, counted) in rows {
        let told = value.pointer(pointer).and_then(Value::as_i64);
        assert!(told.is_none_or(|told| told <= counted), "{pointer}: {told:?} is counted as {counted}");
    }
}

/// The usage in the words of chat completions.
fn written(usage: &Usage) -> Value {
    let other = &usage.other;
    json!({
        "prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.total_tokens, "requests": usage.requests, "images": other.images,
        "prompt_tokens_details": {
            "cached_tokens": usage.cached_tokens, "cache_write_tokens": usage.cache_write_tokens,
            "cache_write_1h_tokens": other.cache_write_1h_tokens, "audio_tokens": other.audio_tokens,
            "image_tokens": other.image_tokens,
        },
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning_tokens, "audio_tokens": other.audio_output_tokens,
            "image_tokens": other.image_output_tokens,
        },
        "server_tool_use": { "web_search_requests": other.web_searches },
    })
}
