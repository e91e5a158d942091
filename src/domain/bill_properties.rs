//! Properties of [`super`], with an oracle that knows nothing of decimals: it goes token by token, in whole numbers.

use super::*;
use crate::other_usage::OtherUsage;
use crate::price::PRICE_KEYS;
use bigdecimal::num_bigint::BigInt;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const SCALE: usize = 40;
const DAY: i64 = 86_400_000_000;

/// A price in units of 10^-40 USD.
fn units(price: &str) -> BigInt {
    let (whole, fraction) = price.split_once('.').unwrap_or((price, ""));
    format!("{whole}{fraction:0<SCALE$}").parse().unwrap()
}

/// What each token of a prompt is, then what each of a completion is.
fn tokens(usage: &Usage) -> Vec<&'static str> {
    let count = |tokens: i64| usize::try_from(tokens).unwrap_or(0);
    let repeat = |kind, tokens| std::iter::repeat_n(kind, count(tokens));
    let mut prompt: Vec<_> =
        repeat("read", usage.cached_tokens).chain(repeat("written", usage.cache_write_tokens)).collect();
    prompt.resize(count(usage.prompt_tokens), "text");
    let mut completion = vec!["answer"; count(usage.completion_tokens)];
    let turn = |tokens: &mut Vec<&'static str>, from, to, most| {
        let mut turned = 0;
        for token in tokens.iter_mut().filter(|token| **token == from).take(count(most)) {
            *token = to;
            turned += 1;
        }
        most - turned
    };
    let rest = turn(&mut prompt, "text", "audio", usage.other.audio_tokens);
    turn(&mut prompt, "read", "read audio", rest);
    turn(&mut prompt, "text", "image", usage.other.image_tokens);
    turn(&mut prompt, "written", "written for an hour", usage.other.cache_write_1h_tokens);
    turn(&mut completion, "answer", "spoken", usage.other.audio_output_tokens);
    turn(&mut completion, "answer", "drawn", usage.other.image_output_tokens);
    [prompt, completion].concat()
}

/// The first key of each line that has a price is the price of such a token.
fn keys(token: &str) -> &'static [&'static str] {
    match token {
        "text" => &["prompt"],
        "read" => &["input_cache_read", "prompt"],
        "written" => &["input_cache_write", "prompt"],
        "written for an hour" => &["input_cache_write_1h", "input_cache_write", "prompt"],
        "audio" => &["audio", "prompt"],
        "read audio" => &["input_audio_cache", "input_cache_read", "audio", "prompt"],
        "image" => &["image_token", "prompt"],
        "answer" => &["completion"],
        "spoken" => &["audio_output", "completion"],
        "drawn" => &["image_output", "completion"],
        _ => panic!("no such token: {token}"),
    }
}

/// The prices that hold: the base, overwritten by each override that holds, one after the other.
fn table(pricing: &Value, usage: &Usage, minute: i64) -> BTreeMap<String, BigInt> {
    let mut table = BTreeMap::new();
    let mut write = |object: &Value| {
        for (key, value) in object.as_object().unwrap() {
            if let (true, Some(price)) = (PRICE_KEYS.contains(&key.as_str()), value.as_str()) {
                table.insert(key.clone(), units(price));
            }
        }
    };
    write(pricing);
    let clock = minute / 60 * 100 + minute % 60;
    for entry in pricing["overrides"].as_array().into_iter().flatten() {
        let number = |key: &str| entry.get(key).and_then(Value::as_i64);
        let long = number("min_prompt_tokens").is_none_or(|least| usage.prompt_tokens > least);
        let now = number("utc_start").zip(number("utc_end")).is_none_or(|(start, end)| {
            if start < end { (start..end).contains(&clock) } else { !(end..start).contains(&clock) }
        });
        if long && now {
            write(entry);
        }
    }
    table
}

/// The total in units of 10^-42 USD.
fn oracle(pricing: &Value, usage: &Usage, minute: i64) -> BigInt {
    let table = table(pricing, usage, minute);
    let price = |keys: &[&str]| keys.iter().find_map(|key| table.get(*key)).cloned().unwrap_or_default();
    let things = [
        ("request", i64::from(usage.requests)),
        ("image", usage.other.images),
        ("web_search", usage.other.web_searches),
    ];
    let of_tokens: BigInt = tokens(usage).into_iter().map(|token| price(keys(token))).sum();
    let of_things: BigInt = things.iter().map(|(key, count)| price(&[key]) * count).sum();
    let percent: i64 = pricing["discount"].as_str().map_or(0, |part| part.replace('.', "").parse().unwrap());
    (of_tokens + of_things) * (100 - percent)
}

fn price() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "0\\.0{0,12}[0-9]{1,17}",
        2 => "[0-9]{1,15}\\.[0-9]{1,16}",
        1 => "[1-9][0-9]{31}",
        1 => Just("0".to_owned()),
    ]
}

fn prices() -> impl Strategy<Value = Map<String, Value>> {
    let some = prop::collection::vec(prop::option::weighted(0.6, price()), PRICE_KEYS.len());
    some.prop_map(|prices| {
        let named = PRICE_KEYS.into_iter().zip(prices);
        named.filter_map(|(key, price)| Some((key.to_owned(), price?.into()))).collect()
    })
}

fn an_override() -> impl Strategy<Value = Value> {
    let clock = (0..1440_i64).prop_map(|minute| minute / 60 * 100 + minute % 60);
    let hours = prop::option::of((clock.clone(), clock));
    (prices(), prop::option::of(-1..30_i64), hours).prop_map(|(mut entry, least, hours)| {
        entry.extend(least.map(|least| ("min_prompt_tokens".to_owned(), least.into())));
        if let Some((start, end)) = hours {
            entry.insert("utc_start".to_owned(), start.into());
            entry.insert("utc_end".to_owned(), end.into());
        }
        Value::Object(entry)
    })
}

/// A pricing object; the discount is in whole percent, as the oracle knows it.
fn pricings() -> impl Strategy<Value = Value> {
    let overrides = prop::collection::vec(an_override(), 0..4);
    (prices(), price(), overrides, prop::option::weighted(0.3, 0..=100_i64)).prop_map(
        |(mut base, prompt, overrides, off)| {
            base.insert("prompt".to_owned(), prompt.into());
            base.insert("overrides".to_owned(), overrides.into());
            base.extend(
                off.map(|percent: i64| {
                    ("discount".to_owned(), format!("{}.{:02}", percent / 100, percent % 100).into())
                }),
            );
            Value::Object(base)
        },
    )
}

/// Counts of a usage up to some number of tokens; parts may be larger than their whole.
fn usages(most: i64) -> impl Strategy<Value = Usage> {
    let sides = (0..=most, 0..=most, 0..=100_u8, 0..=100_u8, 0..4_i32);
    let parts = (0..=most, 0..=most, 0..=most, 0..=most, 0..=most, 0..=most, 0..=most);
    (sides, parts).prop_map(|((prompt, completion, cached, written, requests), parts)| {
        let share = |whole: i64, percent: u8| whole / 100 * i64::from(percent) + whole % 100 * i64::from(percent) / 100;
        let cached_tokens = share(prompt, cached);
        Usage {
            prompt_tokens: prompt,
            completion_tokens: completion,
            cached_tokens,
            cache_write_tokens: share(prompt - cached_tokens, written),
            reasoning_tokens: completion,
            total_tokens: prompt.saturating_add(completion),
            requests,
            other: OtherUsage {
                cache_write_1h_tokens: parts.0,
                audio_tokens: parts.1,
                image_tokens: parts.2,
                images: parts.3,
                audio_output_tokens: parts.4,
                image_output_tokens: parts.5,
                web_searches: parts.6,
            },
        }
    })
}

fn read(value: &Value) -> Pricing {
    Pricing::of_json(value).unwrap_or_else(|error| panic!("{error:?} of {value}"))
}

/// The same prices for every prompt, and for cached audio that of fresh audio.
fn at_fixed_prices(mut value: Value) -> Pricing {
    if let Some(object) = value.as_object_mut() {
        object.remove("overrides");
        object.remove("input_audio_cache");
        object.remove("input_cache_read");
    }
    read(&value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_bill_is_what_each_token_costs(value in pricings(), usage in usages(40), day in -20_000..20_000_i64, minute in 0..1440_i64) {
        let bill = read(&value).bill(&usage, day * DAY + minute * 60_000_000).unwrap();
        prop_assert_eq!(bill.total, Amount::new(oracle(&value, &usage, minute), 42));
    }

    #[test]
    fn lines_sum_up_and_each_is_units_times_price(value in pricings(), usage in usages(i64::MAX), at in any::<i64>()) {
        let bill = read(&value).bill(&usage, at).unwrap();
        let sum: Amount = bill.lines.iter().map(|line| &line.amount_usd).sum();
        prop_assert_eq!(&sum, &bill.total);
        prop_assert!(bill.total >= Amount::default());
        for line in bill.lines.iter().filter(|line| line.item != "discount") {
            let (price, scale) = line.unit_price_usd.as_bigint_and_exponent();
            prop_assert!(line.units > 0 && line.unit_price_usd >= Amount::default());
            prop_assert_eq!(&line.amount_usd, &Amount::new(price * line.units, scale));
        }
    }

    #[test]
    fn tokens_of_a_bill_are_those_of_the_call(usage in usages(i64::MAX), signs in any::<[bool; 7]>()) {
        let mut odd = usage;
        let flip = |count: &mut i64, sign: bool| if sign { *count = -*count };
        flip(&mut odd.cached_tokens, signs[0]);
        flip(&mut odd.cache_write_tokens, signs[1]);
        flip(&mut odd.other.cache_write_1h_tokens, signs[2]);
        flip(&mut odd.other.audio_tokens, signs[3]);
        flip(&mut odd.other.image_tokens, signs[4]);
        flip(&mut odd.other.audio_output_tokens, signs[5]);
        flip(&mut odd.other.image_output_tokens, signs[6]);
        for usage in [usage, odd] {
            let items = items(&usage);
            let sum = |of: &[Item]| of.iter().map(|(_, units, _)| i128::from(*units)).sum::<i128>();
            prop_assert!(items[..10].iter().all(|(_, units, _)| *units >= 0));
            prop_assert_eq!(sum(&items[..7]), i128::from(usage.prompt_tokens));
            prop_assert_eq!(sum(&items[7..10]), i128::from(usage.completion_tokens));
        }
    }

    /// At the same prices. Overrides by size may be cheaper (see the tests), a part of a prompt may be cheaper than text,
    /// and audio from a cache might be dearer than fresh.
    #[test]
    fn more_never_costs_less(value in pricings(), usage in usages(40), more in 1..40_i64, field in 0..6) {
        let pricing = at_fixed_prices(value);
        let mut larger = usage;
        let other = &mut larger.other;
        *match field {
            0 => &mut larger.prompt_tokens,
            1 => &mut larger.completion_tokens,
            2 => &mut other.images,
            3 => &mut other.web_searches,
            4 => &mut larger.reasoning_tokens,
            _ => &mut larger.total_tokens,
        } += more;
        larger.requests += 1;
        prop_assert!(pricing.bill(&larger, 0).unwrap().total >= pricing.bill(&usage, 0).unwrap().total);
    }

    #[test]
    fn nothing_that_is_not_written_and_is_text_costs_more_than_the_highest(
        value in pricings(), at in any::<i64>(), used in usages(60), spare in (0..30_i64, 0..30_i64, 0..3_i32),
    ) {
        let pricing = read(&value);
        let usage = Usage { cache_write_tokens: 0, other: OtherUsage::default(), ..used };
        let total = pricing.bill(&usage, at).unwrap().total;
        let (prompt, completion) = (usage.prompt_tokens + spare.0, usage.completion_tokens + spare.1);
        prop_assert!(pricing.highest_cost(prompt, completion, usage.requests + spare.2, at).unwrap() >= total);
        let tokens = prompt + completion;
        prop_assert!(pricing.highest_cost_of_tokens(tokens, usage.requests + spare.2, at).unwrap() >= total);
    }

    #[test]
    fn any_json_is_priced_or_unknown(value in any_json(), usage in usages(i64::MAX), at in any::<i64>()) {
        if let Ok(pricing) = Pricing::of_json(&value) {
            if let Ok(bill) = pricing.bill(&usage, at) {
                prop_assert!(bill.total >= Amount::default());
            }
            let _ = pricing.highest_cost(usage.prompt_tokens, usage.completion_tokens, usage.requests, at);
            let _ = pricing.highest_cost_of_tokens(usage.total_tokens, usage.requests, at);
        }
    }
}

/// Any JSON, with a liking for the keys that are read.
fn any_json() -> impl Strategy<Value = Value> {
    let conditions = ["overrides", "discount", "min_prompt_tokens", "utc_start", "utc_end", "region"];
    let key = prop::sample::select([PRICE_KEYS.as_slice(), &conditions].concat());
    let leaf = prop_oneof![
        6 => "-?[0-9]{1,3}(\\.[0-9]{1,20})?".prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        1 => (0..2400_i64).prop_map(Value::from),
        1 => Just(json!("-1")),
        1 => Just(Value::Null),
        1 => any::<f64>().prop_map(Value::from),
        1 => "\\PC{0,5}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        let object = prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner.clone(), 0..6);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::from),
            3 => object.prop_map(|object| object.into_iter().collect::<Map<String, Value>>().into()),
        ]
    })
}
