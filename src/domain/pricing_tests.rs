//! Tests of [`super`].

use super::*;
use proptest::prelude::*;
use serde_json::json;

/// An instant of 2026-08-16, which had peak prices.
fn at(hour: i64, minute: i64) -> Instant {
    const MIDNIGHT: Instant = 9_724 * 86_400_000_000; // from 2000-01-01
    MIDNIGHT + (hour * 60 + minute) * MICROS_PER_MINUTE
}

fn pricing(value: &Value) -> Pricing {
    Pricing::of_json(value).unwrap_or_else(|error| panic!("{error:?} of {value}"))
}

/// The price under a key, and the override that it comes from.
fn price_of(pricing: &Pricing, key: &'static str, at: Instant, prompt: i64) -> (String, Option<usize>) {
    let rates = pricing.rates(at, prompt);
    let (found, rate) = rates.first_of(&[key]).unwrap().unwrap();
    assert_eq!(found, key);
    let index = match rate.origin {
        Origin::Base => None,
        Origin::Override(index) => Some(index),
    };
    (rate.amount.to_plain_string(), index)
}

#[test]
fn every_key_keeps_its_price_to_the_last_digit() {
    let price = |index: usize| format!("0.{}1", "0".repeat(index + 10));
    let all: Map<String, Value> = price::PRICE_KEYS
        .iter()
        .enumerate()
        .map(|(index, key)| ((*key).to_owned(), Value::from(price(index))))
        .collect();
    let pricing = pricing(&Value::Object(all));
    for (index, key) in price::PRICE_KEYS.into_iter().enumerate() {
        assert_eq!(price_of(&pricing, key, 0, 0), (price(index), None), "{key}");
    }
}

#[test]
fn what_names_no_prices_has_none() {
    let rows = [
        json!(null),
        json!("0.1"),
        json!([{ "prompt": "0" }]),
        json!({}),
        json!({ "image": "0.1", "request": "0.1" }),
        json!({ "prompt": null, "completion": null }),
        json!({ "overrides": [{ "prompt": "0.1" }] }),
    ];
    for value in rows {
        assert_eq!(Pricing::of_json(&value).map(|_| ()), Err(PriceUnknown::NoPrices), "{value}");
    }
    for value in [json!({ "prompt": "0" }), json!({ "completion": "0.1" }), json!({ "prompt": 0, "image": null })] {
        assert!(Pricing::of_json(&value).is_ok(), "{value}");
    }
}

#[test]
fn what_is_no_price_is_told_by_name() {
    let with = |key: &str, value: Value| json!({ "prompt": "1", "completion": "1", key: value });
    let entry = |key: &str, value: Value| with("overrides", json!([{ key: value }]));
    let rows = [
        (with("prompt", json!("abc")), "prompt"),
        (with("completion", json!("")), "completion"),
        (with("completion", json!("1e-7")), "completion"),
        (with("request", json!(true)), "request"),
        (with("web_search", json!({})), "web_search"),
        (with("input_cache_read", json!("NaN")), "input_cache_read"),
        (with("audio", json!("0.1 ")), "audio"),
        (with("image", json!("9".repeat(65))), "image"),
        (with("discount", json!("-0.1")), "discount"),
        (with("discount", json!(1.01)), "discount"),
        (with("discount", json!("half")), "discount"),
        (with("overrides", json!({})), "overrides"),
        (with("overrides", json!([1])), "overrides"),
        (entry("prompt", json!("x")), "prompt"),
        (entry("min_prompt_tokens", json!("many")), "overrides.min_prompt_tokens"),
        (entry("min_prompt_tokens", json!(1.5)), "overrides.min_prompt_tokens"),
        (entry("utc_start", json!(100)), "overrides.utc_end"),
        (entry("utc_end", json!(100)), "overrides.utc_start"),
    ];
    for (value, key) in rows {
        let unreadable = PriceUnknown::Unreadable(key.to_owned());
        assert_eq!(Pricing::of_json(&value).map(|_| ()), Err(unreadable), "{value}");
    }
}

#[test]
fn a_time_of_day_is_hours_and_minutes() {
    let rows = [
        (json!(0), Some(0)),
        (json!(59), Some(59)),
        (json!(100), Some(60)),
        (json!(2359), Some(1439)),
        (json!(2400), Some(1440)),
        (json!("0000"), Some(0)),
        (json!("0730"), Some(450)),
        (json!("2400"), Some(1440)),
        (json!(60), None),
        (json!(1260), None),
        (json!(2401), None),
        (json!(2500), None),
        (json!(-100), None),
        (json!(i64::MAX), None),
        (json!(i64::MIN), None),
        (json!(u64::MAX), None),
        (json!(100.5), None),
        (json!("730"), None),
        (json!("+100"), None),
        (json!("-100"), None),
        (json!("7:30"), None),
        (json!([]), None),
    ];
    for (value, minute) in rows {
        assert_eq!(hhmm(&value), minute, "{value}");
    }
}

/// The shape of the models that have a peak by day; 1000 to 100 is over midnight.
fn peaks() -> Pricing {
    pricing(&json!({ "prompt": "2", "completion": "6", "input_cache_read": "0.2", "request": "9", "overrides": [
        { "utc_start": 1000, "utc_end": 100, "prompt": "1", "completion": "3", "input_cache_read": "0.1" },
        { "utc_start": 100, "utc_end": 400, "prompt": "2", "completion": "6", "input_cache_read": "0.2" },
        { "utc_start": 400, "utc_end": 600, "prompt": "1.5", "completion": "3", "input_cache_read": "0.1" },
        { "utc_start": 600, "utc_end": 1000, "prompt": "2.5", "completion": "6", "input_cache_read": "0.2" },
    ] }))
}

#[test]
fn hours_of_the_day_are_half_open_and_wrap_over_midnight() {
    let pricing = peaks();
    let rows = [
        (at(0, 0), "1", 0),
        (at(0, 59) + MICROS_PER_MINUTE - 1, "1", 0),
        (at(1, 0), "2", 1),
        (at(4, 0) - 1, "2", 1),
        (at(4, 0), "1.5", 2),
        (at(6, 0), "2.5", 3),
        (at(10, 0) - 1, "2.5", 3),
        (at(10, 0), "1", 0),
        (at(23, 59), "1", 0),
        (at(24, 0), "1", 0),
        (at(25, 0), "2", 1),
    ];
    for (instant, price, index) in rows {
        assert_eq!(price_of(&pricing, "prompt", instant, 0), (price.to_owned(), Some(index)), "{instant}");
        assert_eq!(price_of(&pricing, "request", instant, 0), ("9".to_owned(), None), "absent keys inherit");
    }
}

#[test]
fn hours_hold_on_the_same_clock_before_2000_and_before_1970() {
    let pricing = peaks();
    const DAY: i64 = 86_400_000_000;
    for day in [0, -1, 1, -10_957, -10_958, -700_000, 700_000] {
        for (minute, index) in [(0, 0), (59, 0), (60, 1), (239, 1), (240, 2), (360, 3), (600, 0), (1439, 0)] {
            let instant = day * DAY + minute * MICROS_PER_MINUTE;
            assert_eq!(price_of(&pricing, "prompt", instant, 0).1, Some(index), "day {day}, minute {minute}");
        }
        for (minute, index) in [(0, 0), (60, 0), (240, 1), (360, 2), (600, 3)] {
            let before = day * DAY + minute * MICROS_PER_MINUTE - 1;
            assert_eq!(price_of(&pricing, "prompt", before, 0).1, Some(index), "before day {day}, minute {minute}");
        }
    }
    for infinity in [Instant::MIN, Instant::MAX] {
        assert!(pricing.rates(infinity, 0).first_of(&["prompt"]).is_ok());
    }
}

#[test]
fn the_ends_of_a_day_and_equal_ends_hold_as_they_read() {
    let holds = |start: i64, end: i64, instant: Instant| {
        let entry = json!({ "utc_start": start, "utc_end": end, "prompt": "1" });
        price_of(&pricing(&json!({ "prompt": "0", "overrides": [entry] })), "prompt", instant, 0).1.is_some()
    };
    for minute in [0, 1, 719, 720, 1439] {
        let instant = at(0, minute);
        assert!(holds(0, 2400, instant) && holds(0, 0, instant) && holds(1200, 1200, instant), "the whole day");
        assert!(!holds(2400, 0, instant), "from midnight to midnight, with no day between");
        assert_eq!(holds(1200, 2400, instant), minute >= 720);
        assert_eq!(holds(1200, 0, instant), minute >= 720);
        assert_eq!(holds(2400, 1200, instant), minute < 720);
        assert_eq!(holds(2359, 1, instant), [0, 1439].contains(&minute));
    }
}

#[test]
fn a_size_must_be_exceeded_and_the_last_that_is_wins_key_by_key() {
    let pricing = pricing(&json!({ "prompt": "1", "completion": "10", "input_cache_read": "0.1", "overrides": [
        { "min_prompt_tokens": 32_000, "prompt": "2", "completion": "20" },
        { "min_prompt_tokens": 256_000, "prompt": "3" },
    ] }));
    let rows = [
        (0, ("1", None), ("10", None)),
        (32_000, ("1", None), ("10", None)),
        (32_001, ("2", Some(0)), ("20", Some(0))),
        (256_000, ("2", Some(0)), ("20", Some(0))),
        (256_001, ("3", Some(1)), ("20", Some(0))),
        (i64::MAX, ("3", Some(1)), ("20", Some(0))),
    ];
    for (prompt, (price, index), (completion, completion_index)) in rows {
        assert_eq!(price_of(&pricing, "prompt", 0, prompt), (price.to_owned(), index), "{prompt}");
        let expected = (completion.to_owned(), completion_index);
        assert_eq!(price_of(&pricing, "completion", 0, prompt), expected, "{prompt}");
        assert_eq!(price_of(&pricing, "input_cache_read", 0, prompt), ("0.1".to_owned(), None), "{prompt}");
    }
}

#[test]
fn the_order_of_the_list_decides_and_not_the_size() {
    let pricing = pricing(&json!({ "prompt": "1", "overrides": [
        { "min_prompt_tokens": 200, "prompt": "3" },
        { "min_prompt_tokens": 100, "prompt": "2" },
        { "prompt": null, "min_prompt_tokens": 50, "request": "0.5" },
    ] }));
    assert_eq!(price_of(&pricing, "prompt", 0, 300), ("2".to_owned(), Some(1)));
    assert_eq!(price_of(&pricing, "request", 0, 51), ("0.5".to_owned(), Some(2)), "a null names no price");
    assert_eq!(pricing.rates(0, 50).first_of(&["request"]), Ok(None));
}

#[test]
fn both_conditions_of_one_entry_must_hold() {
    let both = json!({ "min_prompt_tokens": 100, "utc_start": 2200, "utc_end": 200, "prompt": "5" });
    let pricing = pricing(&json!({ "prompt": "1", "overrides": [both, { "completion": "7" }] }));
    let rows = [
        (at(23, 0), 101, "5"),
        (at(1, 59), 101, "5"),
        (at(2, 0), 101, "1"),
        (at(21, 59), 101, "1"),
        (at(23, 0), 100, "1"),
        (at(12, 0), 100, "1"),
    ];
    for (instant, prompt, price) in rows {
        assert_eq!(price_of(&pricing, "prompt", instant, prompt).0, price, "{instant} {prompt}");
        assert_eq!(price_of(&pricing, "completion", instant, prompt).0, "7", "no condition always holds");
    }
}

#[test]
fn an_unknown_condition_makes_unknown_what_it_may_decide_and_nothing_else() {
    for condition in [json!("eu"), json!(7), json!(false), json!([1]), json!({}), json!("0.000001")] {
        unknown_where_it_may_decide(&condition);
    }
}

fn unknown_where_it_may_decide(condition: &Value) {
    let pricing = pricing(&json!({ "prompt": "1", "completion": "2", "overrides": [
        { "min_prompt_tokens": 100, "region": condition, "prompt": "3", "input_cache_read": "0.5" },
        { "min_prompt_tokens": 200, "prompt": "4", "season": null },
    ] }));
    let price = |key: &'static str, prompt: i64| {
        let rates = pricing.rates(0, prompt);
        rates.first_of(&[key]).map(|found| found.map(|(_, rate)| rate.amount.to_plain_string()))
    };
    let (is, unknown) =
        (|price: &str| Ok(Some(price.to_owned())), Err(PriceUnknown::UnknownCondition("region".into())));
    assert_eq!((price("prompt", 100), price("input_cache_read", 100)), (is("1"), Ok(None)), "its size is not reached");
    assert_eq!((price("prompt", 101), price("completion", 101)), (unknown.clone(), is("2")), "it names one of them");
    assert_eq!((price("prompt", 201), price("input_cache_read", 201)), (is("4"), unknown), "a later entry decides");
}

#[test]
fn a_negative_price_is_unknown_where_it_is_asked_for() {
    let pricing = pricing(&json!({ "prompt": "-1", "completion": "-1.0", "image": "-2", "audio": "-0", "request": 0 }));
    let rates = pricing.rates(0, 0);
    assert_eq!(rates.first_of(&["prompt"]), Err(PriceUnknown::DependsOnRoute("prompt")));
    assert_eq!(rates.first_of(&["input_cache_read", "completion"]), Err(PriceUnknown::DependsOnRoute("completion")));
    assert_eq!(rates.first_of(&["image"]), Err(PriceUnknown::Unreadable("image".to_owned())));
    assert!(rates.first_of(&["audio"]).is_ok_and(|found| found.is_some()));
    assert!(rates.first_of(&["request", "prompt"]).is_ok_and(|found| found.is_some()), "the prompt is not asked for");
    assert_eq!(rates.first_of(&["web_search"]), Ok(None));
}

#[test]
fn as_many_overrides_as_allowed_are_fast_and_more_are_refused() {
    let with = |count: i64| {
        let entry = |least: i64| json!({ "min_prompt_tokens": least, "prompt": least.to_string() });
        json!({ "prompt": "1", "overrides": (0..count).map(entry).collect::<Vec<_>>() })
    };
    let most = i64::try_from(MAX_OVERRIDES).unwrap();
    for count in [most + 1, 100_000] {
        let unreadable = PriceUnknown::Unreadable("overrides".to_owned());
        assert_eq!(Pricing::of_json(&with(count)).map(|_| ()), Err(unreadable));
    }
    let pricing = pricing(&with(most));
    let started = std::time::Instant::now();
    // A batch has a thousand calls.
    for _ in 0..1000 {
        assert_eq!(pricing.highest_cost(1_000, 0, 1, 0), Ok(Amount::from((most - 1) * 1_000)));
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(15), "took {:?}", started.elapsed());
}

#[test]
fn an_unknown_price_says_why_in_words() {
    let rows = [
        (PriceUnknown::NoPrices, "the pricing object names no prices"),
        (PriceUnknown::DependsOnRoute("prompt"), "the price of prompt depends on the route"),
        (PriceUnknown::Unreadable("audio".to_owned()), "the value of audio is no price"),
        (PriceUnknown::UnknownCondition("region".to_owned()), "an override has the unknown condition region"),
    ];
    for (unknown, text) in rows {
        assert_eq!(unknown.text(), text);
    }
}

proptest! {
    #[test]
    fn the_time_of_day_is_that_of_a_calendar(at in -15_000_000_000_000_000_i64..15_000_000_000_000_000, start in 0..1440_i64, end in 0..1440_i64) {
        const SECONDS_TO_2000: i64 = 946_684_800;
        let civil = jiff::Timestamp::from_microsecond(at + SECONDS_TO_2000 * 1_000_000).unwrap();
        let civil = civil.to_zoned(jiff::tz::TimeZone::UTC);
        let clock = i64::from(civil.hour()) * 100 + i64::from(civil.minute());
        let number = |minute: i64| minute / 60 * 100 + minute % 60;
        let (from, to) = (number(start), number(end));
        let expected = if from < to { from <= clock && clock < to } else { clock >= from || clock < to };
        let hours = json!([{ "utc_start": from, "utc_end": to, "prompt": "1" }]);
        let pricing = pricing(&json!({ "prompt": "0", "overrides": hours }));
        prop_assert_eq!(price_of(&pricing, "prompt", at, 0).1.is_some(), expected);
    }
}
