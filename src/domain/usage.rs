//! What a provider's usage object says about tokens.
//!
//! Three vocabularies are read: OpenRouter's chat completions, OpenAI's Responses and the flat attributes of
//! OpenTelemetry's GenAI conventions, current and deprecated. Unknown keys are ignored; costs are read by
//! [`crate::charge`].
//!
//! Where objects leave room, as much is counted as one of them says, because usage is never lost:
//!
//! - Several names of one count: the largest. Gateways send the names of the other vocabulary as zeros.
//! - A side (prompt or completion) that is absent is what the total leaves for it; the prompt if both are.
//! - A total above prompt + completion stands, one below it is replaced by that sum.
//!
//! Cached and written tokens are part of the prompt, reasoning is part of the completion. Only the former is enforced:
//! an archived answer of OpenRouter has 11 reasoning tokens in a completion of 10, and its call happened.

use crate::other_usage::OtherUsage;
use serde_json::{Map, Number, Value};

/// What one call, or several of one record, used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens read, cached and written ones included.
    pub prompt_tokens: i64,
    /// Tokens produced, reasoning included.
    pub completion_tokens: i64,
    /// Of the prompt: read from a cache.
    pub cached_tokens: i64,
    /// Of the prompt: written to a cache.
    pub cache_write_tokens: i64,
    /// Of the completion: reasoning. Real answers exceed the completion by a token.
    pub reasoning_tokens: i64,
    /// At least prompt + completion; what token limits count.
    pub total_tokens: i64,
    /// Requests, 1 unless told.
    pub requests: i32,
    /// What else is charged for.
    pub other: OtherUsage,
}

/// Why a usage object cannot be counted. Keys of details come with their group: `prompt_tokens_details.cached_tokens`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsageError {
    /// The usage, or one of its details, is no JSON object.
    NotAnObject,
    /// No token count under any known key. Zeros are counts, nulls are none.
    Empty,
    /// The value of this key is not a whole JSON number.
    NotANumber(String),
    /// The value of this key is below zero.
    Negative(String),
    /// The value of this key does not fit; `total_tokens` also when prompt + completion does not.
    TooLarge(String),
    /// More tokens cached and written than the prompt has.
    CachedBeyondPrompt,
    /// The value of this key is no amount of money: not a decimal, or longer than any.
    NotAnAmount(&'static str),
    /// The amount of money of this key is below zero.
    NegativeAmount(&'static str),
}

/// A key of a usage object, perhaps inside one of its details.
struct Key {
    group: Option<&'static str>,
    name: &'static str,
}

const fn top(name: &'static str) -> Key {
    Key { group: None, name }
}

const fn inside(group: &'static str, name: &'static str) -> Key {
    Key { group: Some(group), name }
}

const PROMPT: [Key; 4] = [
    top("prompt_tokens"),
    top("input_tokens"),
    top("gen_ai.usage.input_tokens"),
    top("gen_ai.usage.prompt_tokens"), // deprecated
];
const COMPLETION: [Key; 4] = [
    top("completion_tokens"),
    top("output_tokens"),
    top("gen_ai.usage.output_tokens"),
    top("gen_ai.usage.completion_tokens"), // deprecated
];
const CACHED: [Key; 3] = [
    inside("prompt_tokens_details", "cached_tokens"),
    inside("input_tokens_details", "cached_tokens"),
    top("gen_ai.usage.cache_read.input_tokens"),
];
const CACHE_WRITE: [Key; 4] = [
    inside("prompt_tokens_details", "cache_write_tokens"),
    inside("input_tokens_details", "cache_write_tokens"),
    top("gen_ai.usage.cache_creation.input_tokens"),
    top("gen_ai.usage.cache_write.input_tokens"), // the word of the conventions' metrics
];
const REASONING: [Key; 3] = [
    inside("completion_tokens_details", "reasoning_tokens"),
    inside("output_tokens_details", "reasoning_tokens"),
    top("gen_ai.usage.reasoning.output_tokens"),
];
const CACHE_WRITE_1H: [Key; 2] =
    [inside("prompt_tokens_details", "cache_write_1h_tokens"), inside("input_tokens_details", "cache_write_1h_tokens")];
const AUDIO: [Key; 2] =
    [inside("prompt_tokens_details", "audio_tokens"), inside("input_tokens_details", "audio_tokens")];
const IMAGE: [Key; 2] =
    [inside("prompt_tokens_details", "image_tokens"), inside("input_tokens_details", "image_tokens")];
const IMAGES: [Key; 3] =
    [top("images"), inside("prompt_tokens_details", "images"), inside("input_tokens_details", "images")];
const AUDIO_OUTPUT: [Key; 2] =
    [inside("completion_tokens_details", "audio_tokens"), inside("output_tokens_details", "audio_tokens")];
const IMAGE_OUTPUT: [Key; 2] =
    [inside("completion_tokens_details", "image_tokens"), inside("output_tokens_details", "image_tokens")];
const WEB_SEARCHES: [Key; 2] =
    [inside("server_tool_use_details", "web_search_requests"), inside("server_tool_use", "web_search_requests")];
const TOTAL: [Key; 1] = [top("total_tokens")];
const REQUESTS: Key = top("requests");

impl Key {
    fn path(&self) -> String {
        self.group.map_or_else(|| self.name.to_owned(), |group| format!("{group}.{}", self.name))
    }

    /// The count under the key; `None` when the key or its group is absent or null.
    fn count(&self, usage: &Map<String, Value>) -> Result<Option<i64>, UsageError> {
        let group = match self.group.map(|group| usage.get(group)) {
            None => usage,
            Some(None | Some(Value::Null)) => return Ok(None),
            Some(Some(Value::Object(details))) => details,
            Some(Some(_)) => return Err(UsageError::NotAnObject),
        };
        match group.get(self.name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => whole(number).map(Some).map_err(|error| error(self.path())),
            Some(_) => Err(UsageError::NotANumber(self.path())),
        }
    }
}

/// The largest count under any of the names.
fn largest(usage: &Map<String, Value>, names: &[Key]) -> Result<Option<i64>, UsageError> {
    names.iter().try_fold(None, |largest, key| Ok(largest.max(key.count(usage)?)))
}

impl Usage {
    /// Reads the usage object of one answer, or one that an application put together.
    pub fn of_json(value: &Value) -> Result<Self, UsageError> {
        let usage = value.as_object().ok_or(UsageError::NotAnObject)?;
        let (prompt, completion) = (largest(usage, &PROMPT)?, largest(usage, &COMPLETION)?);
        let (cached, written) = (largest(usage, &CACHED)?, largest(usage, &CACHE_WRITE)?);
        let (reasoning, total) = (largest(usage, &REASONING)?, largest(usage, &TOTAL)?);
        if [prompt, completion, cached, written, reasoning, total].iter().all(Option::is_none) {
            return Err(UsageError::Empty);
        }
        let (prompt_tokens, completion_tokens, total_tokens) = sides(prompt, completion, total)?;
        let of_prompt = cached.unwrap_or(0).checked_add(written.unwrap_or(0));
        if of_prompt.is_none_or(|part| part > prompt_tokens) {
            return Err(UsageError::CachedBeyondPrompt);
        }
        Ok(Self {
            prompt_tokens,
            completion_tokens,
            cached_tokens: cached.unwrap_or(0),
            cache_write_tokens: written.unwrap_or(0),
            reasoning_tokens: reasoning.unwrap_or(0),
            total_tokens,
            requests: requests(usage)?,
            other: other(usage)?,
        })
    }
}

fn other(usage: &Map<String, Value>) -> Result<OtherUsage, UsageError> {
    let count = |names: &[Key]| Ok(largest(usage, names)?.unwrap_or(0));
    Ok(OtherUsage {
        cache_write_1h_tokens: count(&CACHE_WRITE_1H)?,
        audio_tokens: count(&AUDIO)?,
        image_tokens: count(&IMAGE)?,
        images: count(&IMAGES)?,
        audio_output_tokens: count(&AUDIO_OUTPUT)?,
        image_output_tokens: count(&IMAGE_OUTPUT)?,
        web_searches: count(&WEB_SEARCHES)?,
    })
}

fn requests(usage: &Map<String, Value>) -> Result<i32, UsageError> {
    let count = REQUESTS.count(usage)?.unwrap_or(1);
    i32::try_from(count).map_err(|_| UsageError::TooLarge(REQUESTS.path()))
}

/// Prompt, completion and total, each of which may be absent.
fn sides(prompt: Option<i64>, completion: Option<i64>, total: Option<i64>) -> Result<(i64, i64, i64), UsageError> {
    let told = total.unwrap_or(0);
    let rest_of = |other: i64| told.saturating_sub(other).max(0);
    let (prompt, completion) = match (prompt, completion) {
        (Some(prompt), Some(completion)) => (prompt, completion),
        (Some(prompt), None) => (prompt, rest_of(prompt)),
        (None, completion) => (rest_of(completion.unwrap_or(0)), completion.unwrap_or(0)),
    };
    let sum = prompt.checked_add(completion).ok_or_else(|| UsageError::TooLarge("total_tokens".to_owned()))?;
    Ok((prompt, completion, told.max(sum)))
}

/// The value of a JSON number that is whole, however it is written (`12`, `12.0`, `1.2e1`), or the error's variant.
///
/// Read as text: a float of 2^53 and more would be another number, and `1e999999999` must cost nothing.
fn whole(number: &Number) -> Result<i64, fn(String) -> UsageError> {
    if let Some(count) = number.as_i64() {
        return if count < 0 { Err(UsageError::Negative) } else { Ok(count) };
    }
    let text = number.to_string();
    let amount = text.strip_prefix('-').unwrap_or(&text);
    let (mantissa, exponent) = amount.split_once(['e', 'E']).unwrap_or((amount, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let padded = format!("{integer}{fraction}");
    let digits = padded.trim_start_matches('0').trim_end_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    if amount.len() < text.len() {
        return Err(UsageError::Negative);
    }
    let dropped = padded.len() - padded.trim_end_matches('0').len();
    match zeros_after(exponent, fraction.len(), dropped) {
        None => Err(UsageError::NotANumber),
        Some(zeros) => format!("{digits}{}", "0".repeat(zeros)).parse().map_err(|_| UsageError::TooLarge as _),
    }
}

/// How many zeros follow the significant digits, at most as many as already overflow; `None` for a fraction.
fn zeros_after(exponent: &str, fraction: usize, dropped: usize) -> Option<usize> {
    const OVERFLOWING: i64 = 19; // 10^19 > i64::MAX
    let limit = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
    let exponent: i64 = exponent.parse().unwrap_or(limit);
    let shift = i64::try_from(dropped).ok()?.saturating_sub(i64::try_from(fraction).ok()?);
    usize::try_from(exponent.saturating_add(shift).min(OVERFLOWING)).ok()
}

#[cfg(test)]
#[path = "usage_tests.rs"]
mod tests;
