//! Whether a feed element changes its catalogue row.

use crate::feed::Model;
use crate::price;
use serde_json::{Map, Value};

/// How an accepted element stands to the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The id is new.
    Added,
    /// The row was inactive; it becomes `new` again with its flags and limits kept.
    Reactivated,
    /// A mapped column or the pricing differs.
    Updated,
    /// Nothing that the catalogue stores differs.
    Unchanged,
}

/// What the catalogue has of a model that is in the feed.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The mapped columns.
    pub model: Model,
    /// Whether the row's status is `inactive`.
    pub inactive: bool,
    /// The pricing object of the open price row; `None` when there is none.
    pub open_pricing: Option<Map<String, Value>>,
}

/// Classifies an element against the stored row; `None` when there is no such row.
pub fn classify(stored: Option<&Stored>, feed: &Model) -> Change {
    match stored {
        None => Change::Added,
        Some(stored) if stored.inactive => Change::Reactivated,
        Some(stored) if pricing_differs(Some(stored), feed) || columns_differ(&stored.model, feed) => Change::Updated,
        Some(_) => Change::Unchanged,
    }
}

/// Whether a new price row must be opened: no row is open, or its prices differ.
pub fn pricing_differs(stored: Option<&Stored>, feed: &Model) -> bool {
    let open = stored.and_then(|stored| stored.open_pricing.as_ref());
    open.is_none_or(|open| !price::same_pricing(open, &feed.pricing))
}

fn columns_differ(stored: &Model, feed: &Model) -> bool {
    let prices = |model: &Model| {
        [
            Some(model.prompt_price.clone()),
            Some(model.completion_price.clone()),
            Some(model.request_price.clone()),
            Some(model.image_price.clone()),
            Some(model.web_search_price.clone()),
            Some(model.internal_reasoning_price.clone()),
            model.input_cache_read_price.clone(),
            model.input_cache_write_price.clone(),
        ]
    };
    let prices_differ = prices(stored).iter().zip(&prices(feed)).any(|(left, right)| !same_price(left, right));
    prices_differ || without_prices(stored) != without_prices(feed)
}

/// The columns that compare exactly. `created` counts only when a row is made.
fn without_prices(model: &Model) -> impl PartialEq + '_ {
    (
        (&model.canonical_slug, &model.hugging_face_id, &model.model_name, &model.model_description),
        (model.context_length, &model.modality, &model.input_modalities, &model.output_modalities),
        (&model.tokenizer, model.max_completion_tokens, model.is_moderated, &model.supported_parameters),
        model.expiration_date,
    )
}

fn same_price(left: &Option<String>, right: &Option<String>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => match (price::decimal(left), price::decimal(right)) {
            (Some(left), Some(right)) => price::same(&left, &right),
            _ => left == right,
        },
        (left, right) => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn element(prompt: &str, name: &str) -> Value {
        json!({ "id": "acme/one", "name": name, "created": 1, "pricing": { "prompt": prompt } })
    }

    fn model(value: &Value) -> Model {
        match Model::parse(value.clone()) {
            Ok(model) => model,
            Err(error) => unreachable!("{error}"),
        }
    }

    fn stored(value: &Value, inactive: bool) -> Stored {
        let model = model(value);
        Stored { open_pricing: Some(model.pricing.clone()), model, inactive }
    }

    #[test]
    fn each_kind_of_change_is_told_apart() {
        let before = element("0.5", "One");
        let cases = [
            (None, before.clone(), Change::Added),
            (Some(stored(&before, false)), before.clone(), Change::Unchanged),
            (Some(stored(&before, true)), before.clone(), Change::Reactivated),
            (Some(stored(&before, false)), element("0.5", "Two"), Change::Updated),
            (Some(stored(&before, false)), element("0.6", "One"), Change::Updated),
            (Some(stored(&before, false)), element("0.50000000000000001", "One"), Change::Unchanged),
        ];
        for (stored, feed, expected) in cases {
            assert_eq!(classify(stored.as_ref(), &model(&feed)), expected, "{feed}");
        }
    }

    #[test]
    fn created_and_unmapped_keys_are_no_change() {
        let before = element("0.5", "One");
        let mut after = before.clone();
        after["created"] = json!(99);
        after["benchmarks"] = json!({ "any": 1 });
        assert_eq!(classify(Some(&stored(&before, false)), &model(&after)), Change::Unchanged);
    }

    #[test]
    fn a_date_that_comes_moves_or_goes_is_a_change() {
        let dated = |date: &str| {
            let mut element = element("0.5", "One");
            element["expiration_date"] = json!(date);
            element
        };
        let change = |before: &Value, after: &Value| classify(Some(&stored(before, false)), &model(after));
        let without = element("0.5", "One");
        assert_eq!(change(&without, &dated("2026-12-01")), Change::Updated);
        assert_eq!(change(&dated("2026-12-01"), &dated("2026-12-02")), Change::Updated);
        assert_eq!(change(&dated("2026-12-01"), &without), Change::Updated);
        assert_eq!(change(&dated("2026-12-01"), &dated("2026-12-01T00:00:00Z")), Change::Unchanged);
        assert_eq!(change(&without, &dated("soon")), Change::Unchanged);
    }

    #[test]
    fn a_price_that_has_no_column_is_a_change() {
        let before = element("0.5", "One");
        let mut after = before.clone();
        after["pricing"]["audio"] = json!("0.1");
        assert_eq!(classify(Some(&stored(&before, false)), &model(&after)), Change::Updated);
    }

    #[test]
    fn a_row_without_price_history_gets_one() {
        let before = element("0.5", "One");
        let adopted = Stored { open_pricing: None, ..stored(&before, false) };
        assert!(pricing_differs(Some(&adopted), &model(&before)));
        assert_eq!(classify(Some(&adopted), &model(&before)), Change::Updated);
    }
}
