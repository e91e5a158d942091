//! Tests of [`super`].

use super::*;
use crate::pricing::Pricing;
use crate::usage::Usage;
use proptest::prelude::*;
use serde_json::json;

fn usd(text: &str) -> Amount {
    Amount::from_str(text).unwrap()
}

/// What the provider says, of the text of a usage object.
fn of(text: &str) -> Result<ProviderCost, UsageError> {
    ProviderCost::of_json(&serde_json::from_str(text).unwrap())
}

#[test]
fn a_cost_is_read_however_it_is_written() {
    let rows = [
        ("0", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("0.95", "0.95"),
        ("4.01e-05", "0.0000401"),
        ("4.01E-05", "0.0000401"),
        ("9.25e-06", "0.00000925"),
        ("1e-40", "0.0000000000000000000000000000000000000001"),
        ("1.5E+2", "150"),
        ("1e40", "10000000000000000000000000000000000000000"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        (
            "12345678901234567890.123456789012345678901234567890123456789012",
            "12345678901234567890.123456789012345678901234567890123456789012",
        ),
    ];
    for (text, expected) in rows {
        for cost in [text.to_owned(), format!("\"{text}\"")] {
            let told = of(&format!(r#"{{"cost": {cost}}}"#));
            assert_eq!(told, Ok(ProviderCost { cost_usd: Some(usd(expected)), is_byok: false }), "{cost}");
        }
    }
}

#[test]
fn what_is_no_amount_is_refused_by_key() {
    let long = format!("0.{}", "1".repeat(63));
    let texts = [
        "",
        " ",
        "free",
        "NaN",
        "Infinity",
        "-",
        ".",
        ".5",
        "5.",
        "+1",
        "1_0",
        "0x1",
        " 1",
        "1 ",
        "1e",
        "1e5.0",
        "1e41",
        "1e-41",
        "1e999999999",
        "1e99999999999999999999",
        "--1",
        "1,5",
        "$1",
        "٣",
        long.as_str(),
    ];
    let details = |cost: &Value| json!({ "cost": 1, "cost_details": { "upstream_inference_cost": cost } });
    for text in texts {
        let cost = json!(text);
        assert_eq!(ProviderCost::of_json(&json!({ "cost": cost })), Err(UsageError::NotAnAmount("cost")), "{text}");
        assert_eq!(ProviderCost::of_json(&details(&cost)), Err(UsageError::NotAnAmount("upstream_inference_cost")));
    }
    for cost in [json!(true), json!([1]), json!({ "usd": 1 })] {
        assert_eq!(ProviderCost::of_json(&json!({ "cost": cost })), Err(UsageError::NotAnAmount("cost")), "{cost}");
    }
    for number in ["1e41", "-1e-41", "1e999999999", long.as_str()] {
        assert_eq!(of(&format!(r#"{{"cost": {number}}}"#)), Err(UsageError::NotAnAmount("cost")), "{number}");
    }
    for cost in [json!(-1), json!("-0.000001"), json!("-1e-40")] {
        assert_eq!(ProviderCost::of_json(&json!({ "cost": cost })), Err(UsageError::NegativeAmount("cost")), "{cost}");
        assert_eq!(ProviderCost::of_json(&details(&cost)), Err(UsageError::NegativeAmount("upstream_inference_cost")));
    }
    let started = std::time::Instant::now();
    assert!(ProviderCost::of_json(&json!({ "cost": "9".repeat(3_000_000) })).is_err());
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn whose_word_it_is_follows_from_the_key_of_the_call() {
    let upstream = |cost: Value| json!({ "upstream_inference_cost": cost });
    let rows = [
        (json!(null), None, false),
        (json!([]), None, false),
        (json!({}), None, false),
        (json!({ "cost": null, "cost_details": null, "is_byok": null }), None, false),
        (json!({ "cost": "0.5", "cost_details": [] }), Some("0.5"), false),
        (json!({ "cost": 0.5, "is_byok": false, "cost_details": upstream(json!(0.4)) }), Some("0.5"), false),
        (json!({ "cost": 0.5, "cost_details": upstream(json!(19)) }), Some("0.5"), false),
        (json!({ "cost": 0, "cost_details": upstream(json!(19)) }), Some("0"), false),
        (json!({ "cost_details": upstream(json!(19)) }), Some("19"), false),
        (json!({ "cost_details": upstream(json!("3.6e-3")) }), Some("0.0036"), false),
        (json!({ "cost_details": upstream(json!(null)) }), None, false),
        (json!({ "is_byok": true, "cost": 0, "cost_details": upstream(json!(0.0360795)) }), Some("0.0360795"), true),
        (json!({ "is_byok": true, "cost": 0.95, "cost_details": upstream(json!(19)) }), Some("19.95"), true),
        (json!({ "is_byok": true, "cost_details": upstream(json!(19)) }), Some("19"), true),
        (json!({ "is_byok": true, "cost": 0.95 }), None, true),
        (json!({ "is_byok": true, "cost": 0.95, "cost_details": upstream(json!(null)) }), None, true),
        (json!({ "is_byok": "true", "cost": 0.95 }), Some("0.95"), false),
    ];
    for (value, cost, is_byok) in rows {
        let expected = ProviderCost { cost_usd: cost.map(usd), is_byok };
        assert_eq!(ProviderCost::of_json(&value), Ok(expected), "{value}");
    }
}

fn bill(prompt_price: &str) -> Bill {
    let usage = Usage { prompt_tokens: 1, ..Usage::default() };
    Pricing::of_json(&json!({ "prompt": prompt_price })).and_then(|pricing| pricing.bill(&usage, 0)).unwrap()
}

#[test]
fn the_provider_wins_then_our_prices_then_nobody() {
    let said = |cost: Option<&str>, is_byok| ProviderCost { cost_usd: cost.map(usd), is_byok };
    let rows = [
        (said(Some("2"), false), None, Some("2"), CostSource::Provider, None),
        (said(Some("2"), false), Some("3"), Some("2"), CostSource::Provider, Some("3")),
        (said(Some("2"), false), Some("2.000"), Some("2"), CostSource::Provider, None),
        (said(Some("0"), false), Some("3"), Some("0"), CostSource::Provider, Some("3")),
        (said(Some("2"), true), Some("3"), Some("2"), CostSource::ProviderByok, Some("3")),
        (said(None, false), Some("3"), Some("3"), CostSource::Computed, None),
        (said(None, true), Some("3"), Some("3"), CostSource::Computed, None),
        (said(None, false), Some("0"), Some("0"), CostSource::Computed, None),
        (said(None, false), None, None, CostSource::Unknown, None),
        (said(None, true), None, None, CostSource::Unknown, None),
    ];
    for (provider, computed, cost, source, other) in rows {
        let charge = Charge::of(provider.clone(), computed.map(bill), usd("10"));
        let expected =
            Charge { cost_usd: cost.map(usd), source, computed_usd: other.map(usd), markup_percent: usd("10") };
        assert_eq!(charge, expected, "{provider:?} {computed:?}");
    }
}

#[test]
fn an_estimate_is_told_as_one_and_nothing_is_never_zero() {
    let charge = Charge::estimated(Some(usd("0.3")), usd("50"));
    assert_eq!((charge.source, charge.total_usd()), (CostSource::Estimated, Some(usd("0.45"))));
    let unknown = Charge::estimated(None, usd("50"));
    assert_eq!((unknown.source, unknown.markup_usd(), unknown.total_usd()), (CostSource::Unknown, None, None));
}

#[test]
fn sources_have_the_words_that_are_stored() {
    let rows = [
        (CostSource::Provider, "provider"),
        (CostSource::ProviderByok, "provider_byok"),
        (CostSource::Computed, "computed"),
        (CostSource::Estimated, "estimated"),
        (CostSource::Unknown, "unknown"),
    ];
    for (source, word) in rows {
        assert_eq!(source.word(), word);
    }
}

#[test]
fn a_markup_is_exact() {
    let rows = [
        ("0.0000401", "20", "0.00000802"),
        ("0.00000008333333333333334", "7.25", "0.00000000604166666666666715"),
        ("0", "20", "0"),
        ("3", "0", "0"),
        ("1", "0.0001", "0.000001"),
        ("99999999999999999999999999999999", "33.333", "33332999999999999999999999999999.66667"),
    ];
    for (cost, percent, expected) in rows {
        assert_eq!(markup(&usd(cost), &usd(percent)), usd(expected), "{cost} {percent}");
        let said = ProviderCost { cost_usd: Some(usd(cost)), is_byok: false };
        let charge = Charge::of(said, None, usd(percent));
        assert_eq!(charge.markup_usd(), Some(usd(expected)));
        assert_eq!(charge.total_usd(), Some(usd(cost) + usd(expected)));
    }
}

proptest! {
    #[test]
    fn a_plain_cost_is_kept_to_the_last_digit(whole in 0..u64::MAX, fraction in "[0-9]{1,30}", shift in 0..10_usize) {
        let plain = format!("{whole}.{fraction}");
        let told = of(&format!(r#"{{"cost": {plain}}}"#)).unwrap().cost_usd.unwrap();
        prop_assert_eq!(told.to_plain_string(), plain.clone());
        // The same, as an exponent says it.
        let shifted = format!("{whole}{}.{fraction}e-{shift}", "0".repeat(shift));
        let expected = Amount::new(format!("{whole}{}{fraction}", "0".repeat(shift)).parse().unwrap(), 0)
            * Amount::new(1.into(), i64::try_from(fraction.len() + shift).unwrap());
        prop_assert_eq!(of(&format!(r#"{{"cost": "{shifted}"}}"#)).unwrap().cost_usd, Some(expected));
    }

    #[test]
    fn any_text_is_an_amount_or_refused(text in "\\PC{0,70}", number in "[-+.0-9eE]{0,12}") {
        for text in [text, number] {
            if let Ok(told) = ProviderCost::of_json(&json!({ "cost": text })) {
                prop_assert!(told.cost_usd.is_some_and(|cost| cost >= Amount::default()));
            }
        }
    }

    #[test]
    fn a_markup_is_that_of_whole_numbers(cost in 0..u64::MAX, percent in 0..1_000_000_u64) {
        let (scaled, hundredths) = (Amount::new(cost.into(), 15), Amount::new(percent.into(), 2));
        let expected = u128::from(cost) * u128::from(percent);
        prop_assert_eq!(markup(&scaled, &hundredths), Amount::new(expected.into(), 19));
    }
}
