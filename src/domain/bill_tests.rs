//! Tests of [`super`]: what is charged for what, by tables.

use super::*;
use crate::other_usage::OtherUsage;
use serde_json::{Value, json};
use std::str::FromStr;

pub(super) fn usd(text: &str) -> Amount {
    Amount::from_str(text).unwrap()
}

fn pricing(value: &Value) -> Pricing {
    Pricing::of_json(value).unwrap_or_else(|error| panic!("{error:?} of {value}"))
}

/// A price for everything, each told by its digits.
fn all_prices() -> Value {
    json!({
        "prompt": "1", "completion": "10", "request": "100", "image": "1000", "web_search": "10000",
        "internal_reasoning": "99999999", "input_cache_read": "0.1", "input_cache_write": "0.01",
        "input_cache_write_1h": "0.001", "audio": "3", "audio_output": "30", "input_audio_cache": "0.3",
        "image_output": "50", "image_token": "5",
    })
}

/// Item, units, key that gave the price; and the total.
fn lines(prices: &Value, usage: &Usage) -> (Vec<(&'static str, i64, &'static str)>, String) {
    let bill = pricing(prices).bill(usage, 0).unwrap();
    let lines = bill.lines.iter().map(|line| (line.item, line.units, line.priced_as)).collect();
    (lines, bill.total.normalized().to_plain_string())
}

fn text(prompt_tokens: i64, completion_tokens: i64) -> Usage {
    Usage { prompt_tokens, completion_tokens, ..Usage::default() }
}

#[test]
fn every_item_is_charged_at_its_own_price() {
    let other = |other: OtherUsage, prompt: i64, completion: i64| Usage { other, ..text(prompt, completion) };
    let none = OtherUsage::default();
    let rows = [
        ("prompt", text(7, 0), "7"),
        ("completion", text(0, 7), "70"),
        ("request", Usage { requests: 7, ..Usage::default() }, "700"),
        ("input_cache_read", Usage { cached_tokens: 7, ..text(7, 0) }, "0.7"),
        ("input_cache_write", Usage { cache_write_tokens: 7, ..text(7, 0) }, "0.07"),
        (
            "input_cache_write_1h",
            Usage { cache_write_tokens: 7, ..other(OtherUsage { cache_write_1h_tokens: 7, ..none }, 7, 0) },
            "0.007",
        ),
        ("audio", other(OtherUsage { audio_tokens: 7, ..none }, 7, 0), "21"),
        ("input_audio_cache", Usage { cached_tokens: 7, ..other(OtherUsage { audio_tokens: 7, ..none }, 7, 0) }, "2.1"),
        ("image_token", other(OtherUsage { image_tokens: 7, ..none }, 7, 0), "35"),
        ("audio_output", other(OtherUsage { audio_output_tokens: 7, ..none }, 0, 7), "210"),
        ("image_output", other(OtherUsage { image_output_tokens: 7, ..none }, 0, 7), "350"),
        ("image", other(OtherUsage { images: 7, ..none }, 0, 0), "7000"),
        ("web_search", other(OtherUsage { web_searches: 7, ..none }, 0, 0), "70000"),
    ];
    for (item, usage, total) in rows {
        assert_eq!(lines(&all_prices(), &usage), (vec![(item, 7, item)], total.to_owned()), "{item}");
    }
}

#[test]
fn reasoning_is_inside_the_completion_and_never_charged_again() {
    for reasoning_tokens in [0, 5, 10, 11] {
        let usage = Usage { reasoning_tokens, ..text(0, 10) };
        assert_eq!(lines(&all_prices(), &usage), (vec![("completion", 10, "completion")], "100".to_owned()));
    }
}

#[test]
fn a_missing_price_is_that_of_the_next_key_in_line() {
    let parts = OtherUsage {
        cache_write_1h_tokens: 1,
        audio_tokens: 2,
        image_tokens: 1,
        audio_output_tokens: 1,
        image_output_tokens: 1,
        ..OtherUsage::default()
    };
    let all_but_one = Usage { cached_tokens: 2, cache_write_tokens: 2, other: parts, ..text(7, 2) };
    let audio = OtherUsage { audio_tokens: 1, ..OtherUsage::default() };
    let cached_audio = Usage { cached_tokens: 1, other: audio, ..text(1, 0) };
    let priced = |prices: Value| -> Vec<(&'static str, &'static str)> {
        let lines = [&all_but_one, &cached_audio].map(|usage| lines(&prices, usage).0).concat();
        lines.into_iter().map(|(item, _, key)| (item, key)).collect()
    };
    let items = [
        "audio",
        "image_token",
        "input_cache_read",
        "input_cache_write",
        "input_cache_write_1h",
        "audio_output",
        "image_output",
        "input_audio_cache",
    ];
    let with = |keys: [&'static str; 8]| items.into_iter().zip(keys).collect::<Vec<_>>();
    let (p, c) = ("prompt", "completion");
    assert_eq!(priced(json!({ p: "1", c: "2" })), with([p, p, p, p, p, c, c, p]));
    let read = "input_cache_read";
    assert_eq!(priced(json!({ p: "1", c: "2", read: "0" })), with([p, p, read, p, p, c, c, read]));
    let write = "input_cache_write";
    assert_eq!(priced(json!({ p: "1", c: "2", write: "0" })), with([p, p, p, write, write, c, c, p]));
    let hour = "input_cache_write_1h";
    assert_eq!(priced(json!({ p: "1", c: "2", hour: "0" })), with([p, p, p, p, hour, c, c, p]));
    // As of a model whose audio is thirteen times as dear as its text and whose caches have no price.
    let audio = "audio";
    assert_eq!(priced(json!({ p: "1", c: "2", audio: "13" })), with([audio, p, p, p, p, c, c, audio]));
    assert_eq!(priced(json!({ p: "1", c: "2", audio: "13", read: "0" })), with([audio, p, read, p, p, c, c, read]));
    // Without the price of a side its parts are shown under their own names, at zero.
    let of_none = with([audio, p, p, p, p, "audio_output", "image_output", audio]);
    assert_eq!(priced(json!({ p: "1", audio: "13" })), of_none);
}

#[test]
fn a_missing_price_of_a_side_or_a_thing_is_zero() {
    let things = OtherUsage { images: 2, web_searches: 3, ..OtherUsage::default() };
    let usage = Usage { other: things, requests: 4, ..text(5, 6) };
    let tokens = |total: &str| (vec![("prompt", 5, "prompt"), ("completion", 6, "completion")], total.to_owned());
    assert_eq!(lines(&json!({ "prompt": "1" }), &usage), tokens("5"));
    assert_eq!(lines(&json!({ "completion": "1" }), &usage), tokens("6"));
    assert_eq!(lines(&json!({ "prompt": "0", "completion": "0", "request": "0", "image": 0 }), &usage), tokens("0"));
}

#[test]
fn a_price_that_depends_on_the_route_makes_unknown_only_what_needs_it() {
    let prices = json!({ "prompt": "1", "completion": "-1", "request": "0", "web_search": "-1", "image": "-3" });
    let bill = |usage: &Usage| pricing(&prices).bill(usage, 0).map(|bill| bill.total);
    let thing = |other: OtherUsage| Usage { other, ..text(5, 0) };
    let none = OtherUsage::default();
    assert_eq!(bill(&text(5, 0)), Ok(usd("5")));
    assert_eq!(bill(&text(5, 1)), Err(PriceUnknown::DependsOnRoute("completion")));
    assert_eq!(bill(&thing(OtherUsage { web_searches: 1, ..none })), Err(PriceUnknown::DependsOnRoute("web_search")));
    assert_eq!(bill(&thing(OtherUsage { images: 1, ..none })), Err(PriceUnknown::Unreadable("image".to_owned())));
    // A call that is still to come may answer, whatever its estimate says.
    let unknown = Err(PriceUnknown::DependsOnRoute("completion"));
    assert_eq!(pricing(&prices).highest_cost(5, 0, 1, 0), unknown);
    assert_eq!(pricing(&prices).highest_cost(0, 0, 1, 0), unknown);
    assert_eq!(pricing(&prices).highest_cost_of_tokens(5, 1, 0), unknown);
    assert_eq!(pricing(&prices).highest_cost_of_tokens(0, 1, 0), unknown);
}

#[test]
fn overlaps_are_never_negative_and_never_charged_twice() {
    // Prompt 10 with cached, written, written for an hour, audio, image; then prompt, audio, image, cached, cached audio,
    // written, written for an hour.
    let rows = [
        ([0, 0, 0, 0, 0], [10, 0, 0, 0, 0, 0, 0]),
        ([4, 3, 0, 0, 0], [3, 0, 0, 4, 0, 3, 0]),
        ([4, 3, 2, 2, 1], [0, 2, 1, 4, 0, 1, 2]),
        ([4, 3, 3, 5, 9], [0, 3, 0, 2, 2, 0, 3]),
        ([4, 3, 9, 99, 99], [0, 3, 0, 0, 4, 0, 3]),
        ([10, 0, 0, 6, 6], [0, 0, 0, 4, 6, 0, 0]),
        ([0, 10, 0, 6, 6], [0, 0, 0, 0, 0, 10, 0]),
        ([0, 0, 5, 6, 6], [0, 6, 4, 0, 0, 0, 0]),
        ([99, 99, 99, 99, 99], [0, 0, 0, 0, 10, 0, 0]),
        ([-1, -2, -3, -4, -5], [10, 0, 0, 0, 0, 0, 0]),
        ([i64::MAX, i64::MAX, 0, 0, 0], [0, 0, 0, 10, 0, 0, 0]),
        ([i64::MIN, i64::MIN, i64::MIN, i64::MIN, i64::MIN], [10, 0, 0, 0, 0, 0, 0]),
        ([4, i64::MIN, i64::MAX, i64::MAX, i64::MIN], [0, 6, 0, 0, 4, 0, 0]),
    ];
    for (parts @ [cached_tokens, cache_write_tokens, cache_write_1h_tokens, audio_tokens, image_tokens], expected) in
        rows
    {
        let other = OtherUsage { cache_write_1h_tokens, audio_tokens, image_tokens, ..OtherUsage::default() };
        let usage = Usage { cached_tokens, cache_write_tokens, other, ..text(10, 0) };
        assert_eq!(items(&usage).map(|(_, units, _)| units)[..7], expected, "{parts:?}");
    }
}

#[test]
fn parts_of_a_completion_stay_inside_it() {
    let rows = [
        ([0, 0], [10, 0, 0]),
        ([4, 5], [1, 4, 5]),
        ([8, 8], [0, 8, 2]),
        ([99, 99], [0, 10, 0]),
        ([-9, -9], [10, 0, 0]),
    ];
    for ([audio_output_tokens, image_output_tokens], expected) in rows {
        let other = OtherUsage { audio_output_tokens, image_output_tokens, ..OtherUsage::default() };
        let usage = Usage { other, ..text(0, 10) };
        assert_eq!(items(&usage).map(|(_, units, _)| units)[7..10], expected);
    }
}

#[test]
fn counts_below_zero_cost_nothing() {
    let least = OtherUsage {
        cache_write_1h_tokens: i64::MIN,
        audio_tokens: i64::MIN,
        image_tokens: i64::MIN,
        images: i64::MIN,
        audio_output_tokens: i64::MIN,
        image_output_tokens: i64::MIN,
        web_searches: i64::MIN,
    };
    let usage = Usage { requests: i32::MIN, cached_tokens: 5, other: least, ..text(i64::MIN, i64::MIN) };
    assert_eq!(lines(&all_prices(), &usage), (vec![], "0".to_owned()));
    assert_eq!(pricing(&all_prices()).highest_cost(i64::MIN, i64::MIN, i32::MIN, 0), Ok(usd("0")));
    assert_eq!(pricing(&all_prices()).highest_cost_of_tokens(i64::MIN, i32::MIN, 0), Ok(usd("0")));
}

#[test]
fn a_longer_prompt_changes_the_price_of_all_tokens() {
    let prices = json!({ "prompt": "0.000003", "completion": "0.000015", "input_cache_read": "0.0000003", "overrides": [
        { "min_prompt_tokens": 200_000, "prompt": "0.000006", "completion": "0.0000225", "input_cache_read": "0.0000006" },
    ] });
    let usage = |prompt: i64| Usage { cached_tokens: 100_000, ..text(prompt, 1_000) };
    assert_eq!(lines(&prices, &usage(200_000)).1, "0.345");
    assert_eq!(lines(&prices, &usage(200_001)).1, "0.682506");
    let bill = pricing(&prices).bill(&usage(200_001), 0).unwrap();
    assert!(bill.lines.iter().all(|line| line.origin == Origin::Override(0)), "each line says where its price stands");
}

/// A size override that lowers the price breaks it: the only case in which more tokens cost less.
#[test]
fn a_longer_prompt_may_cost_less_only_where_an_override_is_cheaper() {
    let prices = json!({ "prompt": "2", "overrides": [{ "min_prompt_tokens": 10, "prompt": "1" }] });
    assert_eq!((lines(&prices, &text(10, 0)).1, lines(&prices, &text(11, 0)).1), ("20".to_owned(), "11".to_owned()));
    assert_eq!(pricing(&prices).highest_cost(11, 0, 1, 0), Ok(usd("22")));
}

#[test]
fn a_discount_is_a_line_of_its_own() {
    let bill = |discount: Value| {
        let prices = json!({ "prompt": "0.000003", "request": "0.01", "discount": discount });
        pricing(&prices).bill(&Usage { requests: 1, ..text(7, 0) }, 0).unwrap()
    };
    for (discount, off, total) in [(json!(0.25), "0.00250525", "0.00751575"), (json!("1"), "0.010021", "0")] {
        let bill = bill(discount);
        let last = bill.lines.last().unwrap();
        assert_eq!((last.item, last.units, last.priced_as), ("discount", 1, "discount"));
        assert_eq!((last.unit_price_usd.clone(), last.amount_usd.clone()), (-usd(off), -usd(off)));
        assert_eq!(bill.total, usd(total));
    }
    for discount in [json!(0), json!("0.0"), json!(null)] {
        let bill = bill(discount);
        assert_eq!((bill.lines.len(), bill.total), (2, usd("0.010021")));
    }
}

#[test]
fn the_largest_counts_stay_exact() {
    let price = "0.000000000000000000000000000001"; // 32 characters
    let dear = "99999999999999999999999999999999";
    let prices =
        json!({ "prompt": price, "completion": dear, "input_cache_read": "0.10000000000000000000000000000001" });
    let tokens = |usage: &Usage| lines(&prices, usage).1;
    assert_eq!(tokens(&text(i64::MAX, 0)), "0.000000000009223372036854775807");
    assert_eq!(tokens(&text(0, i64::MAX)), "922337203685477580699999999999990776627963145224193");
    let both = tokens(&text(i64::MAX, i64::MAX));
    assert_eq!(both, "922337203685477580699999999999990776627963145224193.000000000009223372036854775807");
    let requests = json!({ "prompt": "0", "request": dear });
    assert_eq!(
        lines(&requests, &Usage { requests: i32::MAX, ..text(0, 0) }).1,
        "214748364699999999999999999999997852516353"
    );
}

#[test]
fn the_highest_cost_knows_dearer_and_cheaper_prices_of_other_lengths() {
    let with =
        |entry: Value| pricing(&json!({ "prompt": "1", "completion": "10", "request": "0.5", "overrides": [entry] }));
    let dearer = with(json!({ "min_prompt_tokens": 100, "prompt": "2" }));
    assert_eq!(dearer.highest_cost(100, 1, 1, 0), Ok(usd("110.5")));
    assert_eq!(dearer.highest_cost(101, 1, 2, 0), Ok(usd("213")));
    assert_eq!(dearer.highest_cost_of_tokens(10, 0, 0), Ok(usd("100")));
    // An answer to an empty prompt is charged at prices that a threshold of 0 replaces.
    let any_prompt = with(json!({ "min_prompt_tokens": 0, "completion": "1" }));
    assert_eq!(any_prompt.highest_cost(5, 2, 0, 0), Ok(usd("25")));
    let always = with(json!({ "min_prompt_tokens": -1, "completion": "1" }));
    assert_eq!(always.highest_cost(5, 2, 0, 0), Ok(usd("7")));
    let cached = pricing(&json!({ "prompt": "1", "completion": "1", "input_cache_read": "3" }));
    assert_eq!(cached.highest_cost(5, 1, 0, 0), Ok(usd("16")), "a cache that is dearer than none");
    let unknown = with(json!({ "min_prompt_tokens": 100, "prompt": "-1" }));
    assert_eq!(unknown.highest_cost(100, 0, 0, 0), Ok(usd("100")));
    assert_eq!(unknown.highest_cost(101, 0, 0, 0), Err(PriceUnknown::DependsOnRoute("prompt")));
}
