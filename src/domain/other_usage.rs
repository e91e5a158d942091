//! What a call is charged for beside tokens read and written: parts of them with a price of their own, and things.
//!
//! Each is known by the name that its price has in OpenRouter's pricing objects. The ledger keeps them by that name.

use serde_json::{Map, Value};

/// Counts beside those that every call has; all zero for most calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OtherUsage {
    /// Of the tokens written to a cache: those kept for an hour.
    pub cache_write_1h_tokens: i64,
    /// Of the prompt: audio.
    pub audio_tokens: i64,
    /// Of the prompt: images, counted in tokens.
    pub image_tokens: i64,
    /// Images sent, counted by themselves.
    pub images: i64,
    /// Of the completion: audio.
    pub audio_output_tokens: i64,
    /// Of the completion: images, counted in tokens.
    pub image_output_tokens: i64,
    /// Searches of the web.
    pub web_searches: i64,
}

impl OtherUsage {
    /// The counts by the names of their prices.
    pub fn by_price(&self) -> [(&'static str, i64); 7] {
        [
            ("input_cache_write_1h", self.cache_write_1h_tokens),
            ("audio", self.audio_tokens),
            ("image_token", self.image_tokens),
            ("image", self.images),
            ("audio_output", self.audio_output_tokens),
            ("image_output", self.image_output_tokens),
            ("web_search", self.web_searches),
        ]
    }

    fn by_price_mut(&mut self) -> [(&'static str, &mut i64); 7] {
        [
            ("input_cache_write_1h", &mut self.cache_write_1h_tokens),
            ("audio", &mut self.audio_tokens),
            ("image_token", &mut self.image_tokens),
            ("image", &mut self.images),
            ("audio_output", &mut self.audio_output_tokens),
            ("image_output", &mut self.image_output_tokens),
            ("web_search", &mut self.web_searches),
        ]
    }

    /// As the ledger keeps it: an object of the counts that are not zero; `None` without any.
    pub fn to_json(&self) -> Option<Value> {
        let counts: Map<String, Value> = self
            .by_price()
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| (name.to_owned(), count.into()))
            .collect();
        (!counts.is_empty()).then_some(Value::Object(counts))
    }

    /// As the ledger kept it. Names that are not known are ignored.
    pub fn of_json(kept: &Value) -> Self {
        let mut usage = Self::default();
        for (name, count) in usage.by_price_mut() {
            *count = kept.get(name).and_then(Value::as_i64).unwrap_or(0).max(0);
        }
        usage
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_ledger_keeps_what_is_not_zero_and_reads_it_back() {
        assert_eq!(OtherUsage::default().to_json(), None);
        let all = OtherUsage {
            cache_write_1h_tokens: 1,
            audio_tokens: 2,
            image_tokens: 3,
            images: 4,
            audio_output_tokens: 5,
            image_output_tokens: 6,
            web_searches: 7,
        };
        assert_eq!(all.to_json().map(|kept| OtherUsage::of_json(&kept)), Some(all));
        let some = OtherUsage { web_searches: 2, ..OtherUsage::default() };
        assert_eq!(some.to_json(), Some(json!({ "web_search": 2 })));
        assert_eq!(OtherUsage::of_json(&json!({ "web_search": -2, "video": 5 })), OtherUsage::default());
    }
}
