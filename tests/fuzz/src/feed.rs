//! Elements of the feed: what is accepted fits the columns of the catalogue and can be billed.

use crate::{json, lines};
use model_access_domain::feed::Model;
use model_access_domain::price::{MAX_PRICE_CHARS, decimal, same_pricing};
use model_access_domain::pricing::Pricing;
use model_access_domain::usage::Usage;
use serde_json::Value;

/// One element a line.
pub fn check(input: &[u8]) {
    let mut lines = lines(input);
    while let Some(element) = json(&mut lines) {
        match Model::parse(element.clone()) {
            Ok(model) => {
                texts_fit(&model);
                numbers_fit(&model);
                prices_fit(&model);
                is_what_came(&model, &element);
                can_be_billed(&model);
            }
            Err(rejection) => assert!(rejection.to_string().len() < 200, "{rejection}"),
        }
    }
}

fn texts_fit(model: &Model) {
    let short = |text: &str, most| assert!(text.chars().count() <= most, "{} characters: {text}", text.chars().count());
    let known = |text: &Option<String>, most| text.iter().for_each(|text| short(text, most));
    short(&model.model_id, 100);
    assert!(!model.model_id.trim().is_empty() && !model.model_id.starts_with("system/"), "{}", model.model_id);
    short(&model.model_name, 255);
    assert!(!model.model_name.trim().is_empty());
    known(&model.canonical_slug, 255);
    known(&model.hugging_face_id, 255);
    known(&model.modality, 50);
    known(&model.tokenizer, 100);
}

fn numbers_fit(model: &Model) {
    assert!(model.context_length >= 0);
    assert!(model.max_completion_tokens.is_none_or(|tokens| tokens >= 0));
    assert!(model.created_timestamp.is_none_or(|seconds| seconds >= 0));
    assert!(model.input_modalities.is_array() && model.output_modalities.is_array());
    assert!(model.supported_parameters.is_array());
}

fn prices_fit(model: &Model) {
    let always = [
        &model.prompt_price,
        &model.completion_price,
        &model.request_price,
        &model.image_price,
        &model.web_search_price,
        &model.internal_reasoning_price,
    ];
    let perhaps = model.input_cache_read_price.iter().chain(&model.input_cache_write_price);
    for price in always.into_iter().chain(perhaps) {
        assert!(price.chars().count() <= MAX_PRICE_CHARS, "{price}");
        let amount = decimal(price);
        assert!(amount.is_some_and(|amount| amount >= 0 || amount == -1), "{price}");
    }
}

fn is_what_came(model: &Model, element: &Value) {
    assert_eq!(Model::parse(element.clone()).as_ref(), Ok(model));
    assert_eq!(element["id"].as_str(), Some(model.model_id.as_str()));
    assert_eq!(element["name"].as_str(), Some(model.model_name.as_str()));
    assert!(same_pricing(&model.pricing, &model.pricing), "a price differs from itself");
}

fn can_be_billed(model: &Model) {
    let Ok(pricing) = Pricing::of_json(&Value::Object(model.pricing.clone())) else { return };
    let usage =
        Usage { prompt_tokens: 1000, completion_tokens: 10, cached_tokens: 300, requests: 1, ..Usage::default() };
    if let Ok(bill) = pricing.bill(&usage, 0) {
        assert!(bill.total >= 0, "{}", bill.total);
    }
}
