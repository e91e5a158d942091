//! Archived prices, cost cases and bills, beside the repository and not in it: see `tests/replay/run`.

use super::tests::usd;
use super::*;
use crate::charge::{Charge, ProviderCost};
use serde_json::Value;
use std::collections::BTreeMap;

/// No archived bill or case is of a model with prices by the time of day.
const ANY_TIME: Instant = 0;
const NEWEST: &str = "models_2026-08-22T1835.json";

fn archived(name: &str) -> Option<Value> {
    let path = format!("{}/../../../shared/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("MODEL_ACCESS_NO_SKIP").is_none(), "no archived data in {path}");
        println!("skip - no archived {name}");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// The models of each archived catalogue, by the name of its file.
fn catalogues() -> Option<BTreeMap<String, Vec<Value>>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/openrouter");
    let Ok(files) = std::fs::read_dir(path) else {
        assert!(std::env::var_os("MODEL_ACCESS_NO_SKIP").is_none(), "no archived catalogues in {path}");
        println!("skip - no archived catalogues");
        return None;
    };
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| name.starts_with("models_") && name.ends_with(".json"));
    Some(names.map(|name| (name.clone(), models(&archived(&format!("openrouter/{name}")).unwrap()))).collect())
}

fn models(catalogue: &Value) -> Vec<Value> {
    catalogue["data"].as_array().unwrap().clone()
}

fn id(model: &Value) -> &str {
    model["id"].as_str().unwrap()
}

/// The model of an id, else of a canonical slug, of several the one without a suffix and no alias.
fn find<'a>(models: &'a [Value], name: &str) -> Option<&'a Value> {
    let of_slug = models.iter().filter(|model| model["canonical_slug"] == name);
    let by_id = models.iter().find(|model| id(model) == name);
    by_id.or_else(|| of_slug.min_by_key(|model| (id(model).starts_with('~'), id(model).contains(':'))))
}

fn bill_of(model: &Value, usage: &Usage) -> Bill {
    Pricing::of_json(&model["pricing"]).and_then(|pricing| pricing.bill(usage, ANY_TIME)).unwrap()
}

#[test]
fn every_archived_cost_case_is_computed_to_the_last_digit() {
    let (Some(cases), Some(newest)) = (archived("cost_cases.json"), archived(&format!("openrouter/{NEWEST}"))) else {
        return;
    };
    let (models, cases) = (models(&newest), cases["cases"].as_array().unwrap());
    for case in cases {
        let count = |key: &str| case[key].as_i64().unwrap();
        let usage = Usage {
            prompt_tokens: count("prompt_tokens"),
            completion_tokens: count("completion_tokens"),
            cached_tokens: count("cached_tokens"),
            cache_write_tokens: count("cache_write_tokens"),
            reasoning_tokens: count("reasoning_tokens"),
            ..Usage::default()
        };
        let bill = bill_of(find(&models, case["model_id"].as_str().unwrap()).unwrap(), &usage);
        let (output, input): (Vec<_>, Vec<_>) = bill.lines.iter().partition(|line| line.item == "completion");
        let sum = |lines: Vec<&Line>| lines.into_iter().map(|line| &line.amount_usd).sum();
        let costs: [(Amount, &str); 3] =
            [(bill.total.clone(), "cost"), (sum(input), "input_cost"), (sum(output), "output_cost")];
        for (cost, of) in costs {
            assert_eq!(cost, usd(case[format!("expected_{of}")].as_str().unwrap()), "{of} of {case}");
        }
    }
    assert_eq!(cases.len(), 321);
    println!("{} cost cases", cases.len());
}

#[test]
fn every_archived_pricing_object_is_read() {
    let Some(catalogues) = catalogues() else { return };
    let text = Usage { prompt_tokens: 300_000, completion_tokens: 10, requests: 1, ..Usage::default() };
    for (name, models) in catalogues {
        let mut of_route = Vec::new();
        for model in &models {
            let pricing =
                Pricing::of_json(&model["pricing"]).unwrap_or_else(|error| panic!("{error:?}: {}", id(model)));
            match pricing.bill(&text, ANY_TIME) {
                Ok(bill) => assert!(bill.total >= Amount::default()),
                Err(unknown) => {
                    assert_eq!(unknown, PriceUnknown::DependsOnRoute("prompt"), "{}", id(model));
                    of_route.push(id(model));
                }
            }
        }
        assert!(models.len() >= 300 && (1..10).contains(&of_route.len()), "{name}");
        println!("{name}: {} models, of which the price depends on the route: {}", models.len(), of_route.join(" "));
    }
}

/// A catalogue's top prices are those of the moment when it was fetched, one of them within a peak.
#[test]
fn the_time_of_day_gives_the_price_that_an_archived_catalogue_was_fetched_with() {
    const SECONDS_TO_2000: i64 = 946_684_800;
    let Some(catalogues) = catalogues() else { return };
    let text = Usage { prompt_tokens: 1_000, completion_tokens: 100, cached_tokens: 10, ..Usage::default() };
    let mut by_day = 0;
    for (name, models) in catalogues.iter().filter(|(name, _)| name.contains('T')) {
        let fetched: jiff::Timestamp = format!("{}:{}Z", &name[7..20], &name[20..22]).parse().unwrap();
        let at = (fetched.as_second() - SECONDS_TO_2000) * 1_000_000;
        for pricing in models.iter().map(|model| &model["pricing"]) {
            let overrides = pricing["overrides"].as_array().into_iter().flatten();
            if overrides.filter(|entry| entry.get("utc_start").is_some()).count() == 0 {
                continue;
            }
            let mut top = pricing.clone();
            top.as_object_mut().unwrap().remove("overrides");
            let total = |value| Pricing::of_json(value).and_then(|pricing| pricing.bill(&text, at)).unwrap().total;
            assert_eq!(total(pricing), total(&top), "{name}: {pricing}");
            let read = Pricing::of_json(pricing).unwrap();
            let noon = read.bill(&text, at - at.rem_euclid(86_400_000_000) + 43_200_000_000).unwrap().total;
            assert_eq!(noon == total(&top), !name.contains("T0703"), "07:03 is within a peak, noon is not");
            by_day += 1;
        }
    }
    println!("{by_day} prices by the time of day");
    assert!(by_day > 1);
}

/// What is archived of one call: its usage object, and how its bill compared to listed prices.
struct Archived {
    model: String,
    literal: Value,
    check: Value,
    usage: Usage,
}

fn bills() -> Option<Vec<Archived>> {
    let entries = archived("usage_objects.json")?;
    let read = |entry: &Value| {
        let literal: Value = serde_json::from_str(entry["usage_literal_json"].as_str().unwrap()).unwrap();
        Archived {
            model: entry["model"].as_str().unwrap_or_default().to_owned(),
            usage: Usage::of_json(&literal).unwrap(),
            check: entry["check"].clone(),
            literal,
        }
    };
    Some(entries.as_array().unwrap().iter().map(read).collect())
}

/// The amount as it was billed, digit by digit.
fn billed(value: &Value) -> Amount {
    usd(&value.as_number().unwrap().to_string())
}

/// By every catalogue of the time in which the bill was found to be exact.
#[test]
fn every_archived_bill_is_computed_to_the_last_digit() {
    let (Some(bills), Some(catalogues)) = (bills(), catalogues()) else { return };
    let (mut proven, mut computations, mut not_listed) = (0, 0, Vec::new());
    for Archived { model, literal, check, usage } in bills.iter().filter(|bill| bill.check["result"] == "exact") {
        let field = check["field"].as_str().unwrap();
        let cost = billed(if field == "cost" { &literal[field] } else { &literal["cost_details"][field] });
        let date = |index: usize| check["snapshot_dates"][index].as_str().unwrap();
        let in_time = catalogues.iter().filter(|(name, _)| date(0) <= &name[7..17] && &name[7..17] <= date(1));
        let priced: Vec<_> = in_time.filter_map(|(name, models)| Some((name, find(models, model)?))).collect();
        for (name, found) in &priced {
            let bill = bill_of(found, usage);
            assert_eq!(bill.total, cost, "{model} by {name}: {literal}");
            assert_eq!(side(&bill, false), detail(literal, "prompt", "input"), "{literal}");
            assert_eq!(side(&bill, true), detail(literal, "completions", "output"), "{literal}");
        }
        proven += usize::from(!priced.is_empty());
        computations += priced.len();
        not_listed.extend(priced.is_empty().then_some(model.as_str()));
    }
    println!("{proven} bills are exact, {computations} times over; in no catalogue: {not_listed:?}");
    assert_eq!((proven, not_listed), (32, vec!["minimax/minimax-m2:free"]));
}

/// What prompt and answer were billed at, under either vocabulary's name.
fn detail(literal: &Value, chat: &str, responses: &str) -> Amount {
    let details = &literal["cost_details"];
    let cost = |side: &str| details.get(format!("upstream_inference_{side}_cost"));
    billed(cost(chat).or_else(|| cost(responses)).unwrap())
}

fn side(bill: &Bill, completion: bool) -> Amount {
    bill.lines.iter().filter(|line| (line.item == "completion") == completion).map(|line| &line.amount_usd).sum()
}

#[test]
fn archived_bills_that_differ_do_so_for_a_reason() {
    let (Some(bills), Some(catalogues)) = (bills(), catalogues()) else { return };
    let differing: Vec<_> = bills.iter().filter(|bill| bill.check["result"] == "differs").collect();
    for Archived { model, check, usage, .. } in &differing {
        let computed = Pricing::of_json(&check["prices"]).and_then(|pricing| pricing.bill(usage, ANY_TIME)).unwrap();
        assert_eq!(computed.total, usd(check["computed"].as_str().unwrap()), "{model}");
        let more = usd(check["billed"].as_str().unwrap()) - computed.total;
        let newest = bill_of(find(&catalogues[NEWEST], model).unwrap(), usage);
        match model.as_str() {
            // A page of a file was read by another service: no usage object counts that, and no price tells it.
            "openai/gpt-5.1-codex-mini" => assert_eq!(more, usd("0.002")),
            // A search that catalogues had at 0 at the time; with the price that they have now the bill is exact.
            "openai/gpt-4.1-mini" => {
                assert_eq!((usage.other.web_searches, &more), (1, &usd("0.01")));
                assert_eq!(newest.total, usd(check["billed"].as_str().unwrap()));
            }
            // Another of the model's providers answered, which charges 0.00000005 and 0.0000002.
            "openai/gpt-oss-20b" => {
                let dearer = serde_json::json!({ "prompt": "0.00000005", "completion": "0.0000002" });
                let other = Pricing::of_json(&dearer).and_then(|pricing| pricing.bill(usage, ANY_TIME)).unwrap();
                assert_eq!(other.total, usd(check["billed"].as_str().unwrap()));
            }
            _ => panic!("nobody knows why {model} differs"),
        }
    }
    assert_eq!(differing.len(), 3);
}

#[test]
fn every_archived_usage_object_gives_a_charge() {
    let Some(bills) = bills() else { return };
    let mut sources = BTreeMap::new();
    for Archived { literal, .. } in &bills {
        let provider = ProviderCost::of_json(literal).unwrap();
        let charge = Charge::of(provider, None, usd("0"));
        let upstream = literal.pointer("/cost_details/upstream_inference_cost").filter(|cost| !cost.is_null());
        let expected = match (literal.get("cost"), upstream, literal["is_byok"] == true) {
            (_, Some(upstream), true) => billed(upstream) + literal.get("cost").map_or_else(Amount::default, billed),
            (Some(cost), _, false) => billed(cost),
            (None, Some(upstream), false) => billed(upstream),
            _ => panic!("no archived object is without a cost: {literal}"),
        };
        assert_eq!(charge.total_usd(), Some(expected), "{literal}");
        *sources.entry(charge.source.word()).or_insert(0) += 1;
    }
    println!("{} usage objects: {sources:?}", bills.len());
    assert!(sources.len() == 2 && sources["provider_byok"] > 1);
}
