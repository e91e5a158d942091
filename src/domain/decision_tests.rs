use super::*;
use crate::counter::Slot;
use crate::limit::{Applied, CounterKey, Per, Scope, Source, applying};
use crate::window::{Calendar, Period, Window, Zone};
use proptest::prelude::*;
use std::str::FromStr;

const DAY: Instant = 86_400_000_000;

fn limit(metric: Metric, period: Option<Period>, amount: &str) -> Limit {
    let calendar = period.map(|period| Calendar { period, zone: Zone::utc(), anchor: None });
    Limit {
        name: metric.word().to_owned(),
        metric,
        calendar,
        amount: Amount::from_str(amount).ok(),
        per_model: false,
        source: Source::Limit,
        limit_id: 7,
        pattern: "*".to_owned(),
        ..Limit::of_model(Source::Daily, "*", None)
    }
}

fn counter(limit: &Limit, used: i64, held: i64, now: Instant) -> Counter {
    let key = CounterKey { subject: Uuid::nil(), source: "limit", limit_id: limit.limit_id, model: String::new() };
    let slot = Slot { used: used.into(), held: held.into(), ..Slot::empty(0, limit.window(now)) };
    Counter { key, slots: vec![slot], next_expiry: None }
}

fn demand(requests: i64, tokens: i64) -> Demand {
    Demand { requests: requests.into(), tokens: tokens.into(), cost_usd: None }
}

fn decided(limits: &[(Limit, i64, i64)], asked: &Demand, now: Instant) -> Decision {
    let applied: Vec<Applied> =
        limits.iter().map(|(limit, ..)| Applied { limit, key: counter(limit, 0, 0, now).key, decides: true }).collect();
    let counters: Vec<Counter> = limits.iter().map(|(limit, used, held)| counter(limit, *used, *held, now)).collect();
    let checked: Vec<Checked> =
        applied.iter().zip(&counters).map(|(applied, counter)| Checked { applied, counter, secured: false }).collect();
    decide(asked, &checked, now)
}

#[test]
fn a_limit_admits_up_to_its_amount() {
    // (metric, amount, used, held, requested tokens) → admitted
    let rows = [
        (Metric::Requests, "2", 1, 0, 0, true),
        (Metric::Requests, "2", 1, 1, 0, false),
        (Metric::Requests, "0", 0, 0, 0, false),
        (Metric::Tokens, "10", 4, 3, 3, true),
        (Metric::Tokens, "10", 4, 3, 4, false),
        (Metric::Tokens, "10", 9, 0, 0, true),
        (Metric::Tokens, "10", 10, 0, 0, false),
        (Metric::Tokens, "0", 0, 0, 0, false),
        (Metric::Tokens, "0.5", 0, 0, 0, true),
        (Metric::Concurrent, "1", 0, 0, 0, true),
        (Metric::Concurrent, "1", 0, 1, 0, false),
        (Metric::Tokens, "5", 9, 0, 1, false),
    ];
    for (metric, amount, used, held, tokens, expected) in rows {
        let period = (metric != Metric::Concurrent).then_some(Period::Daily);
        let decision = decided(&[(limit(metric, period, amount), used, held)], &demand(1, tokens), 0);
        assert_eq!(decision.is_allowed(), expected, "{metric:?} {amount}: {used} + {held} + {tokens}");
    }
}

#[test]
fn the_limit_that_frees_last_is_named_and_all_are_told() {
    let full = |period| (limit(Metric::Requests, Some(period), "3"), 3, 0);
    let decision = decided(&[full(Period::Daily), full(Period::Monthly), full(Period::Hourly)], &demand(1, 0), 5 * DAY);
    assert_eq!(decision.reason, Some(Reason::QuotaExceeded));
    assert_eq!(decision.figures.as_ref().and_then(|found| found.period), Some("monthly"));
    assert_eq!(decision.retry_after_seconds, Some(26 * 86_400));
    assert_eq!(decision.warnings.len(), 3);
    // Never is later than any instant.
    let decision = decided(&[full(Period::Monthly), full(Period::Lifetime)], &demand(1, 0), 0);
    assert_eq!(decision.figures.as_ref().and_then(|found| found.period), Some("lifetime"));
    assert_eq!((decision.retry_after_seconds, decision.figures.and_then(|found| found.resets_at)), (None, None));
}

#[test]
fn waiting_helps_only_a_call_that_will_ever_fit() {
    let never = decided(&[(limit(Metric::Tokens, Some(Period::Daily), "10"), 0, 0)], &demand(1, 11), 0);
    assert_eq!((never.retry_after_seconds, never.figures.and_then(|found| found.resets_at)), (None, None));
    let later = decided(&[(limit(Metric::Tokens, Some(Period::Daily), "10"), 1, 0)], &demand(1, 10), DAY - 1);
    assert_eq!(later.retry_after_seconds, Some(1), "rounded up");
}

#[test]
fn a_soft_limit_warns_and_an_unknown_price_refuses() {
    let soft = Limit { hard: false, ..limit(Metric::Requests, Some(Period::Daily), "1") };
    let decision = decided(&[(soft, 1, 0)], &demand(1, 0), 0);
    assert!(decision.is_allowed());
    assert_eq!(decision.warnings.iter().map(|warning| warning.kind).collect::<Vec<_>>(), ["soft_limit_exceeded"]);
    let cost = limit(Metric::CostUsd, Some(Period::Daily), "100");
    let decision = decided(&[(cost.clone(), 0, 0)], &demand(1, 1), 0);
    assert_eq!((decision.reason, decision.retry_after_seconds), (Some(Reason::PriceUnknown), None));
    // Both a quota and a price: the quota is named, since it is what can be told in figures.
    let both = [(cost, 0, 0), (limit(Metric::Requests, Some(Period::Daily), "1"), 1, 0)];
    assert_eq!(decided(&both, &demand(1, 1), 0).reason, Some(Reason::QuotaExceeded));
}

#[test]
fn an_admission_names_the_limit_with_the_smallest_share_left() {
    let limits = [
        (limit(Metric::Requests, Some(Period::Daily), "100"), 50, 0),
        (limit(Metric::Tokens, Some(Period::Daily), "1000"), 900, 40),
    ];
    let decision = decided(&limits, &demand(1, 10), 0);
    let after = decision.clone().counted(false).figures.map(|found| (found.metric, found.used, found.remaining));
    assert_eq!(after, Some(("tokens", 910.into(), Some(50.into()))));
    let held = decision.counted(true).figures.map(|found| (found.used, found.held));
    assert_eq!(held, Some((900.into(), 50.into())));
}

#[test]
fn a_threshold_is_reached_once_on_the_way_up() {
    let limit = limit(Metric::Tokens, Some(Period::Daily), "100");
    let reached = |before: i64, after: i64| thresholds_reached(&limit, &before.into(), &after.into()).len();
    assert_eq!([reached(0, 79), reached(79, 80), reached(80, 99), reached(99, 100), reached(0, 500)], [0, 1, 0, 1, 2]);
    let none = Limit { amount: None, ..limit.clone() };
    assert!(thresholds_reached(&none, &0.into(), &100.into()).is_empty());
}

fn named(name: &str, scope: Scope, subject: &str, amount: Option<i32>) -> Limit {
    Limit {
        name: name.to_owned(),
        scope,
        subject: subject.to_owned(),
        amount: amount.map(Amount::from),
        ..limit(Metric::Requests, Some(Period::Daily), "0")
    }
}

#[test]
fn of_one_name_the_narrowest_scope_decides() {
    let (user, organization) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let caller = crate::limit::Caller {
        user,
        organization: Some(organization),
        tier: "free".to_owned(),
        plan: Some("pro".to_owned()),
    };
    let all = [
        named("chat", Scope::Everyone, "", Some(1)),
        named("chat", Scope::Tier, "free", Some(2)),
        named("chat", Scope::Plan, "pro", Some(3)),
        named("chat", Scope::Organization, &organization.to_string(), Some(4)),
        named("chat", Scope::User, &user.to_string(), Some(5)),
        named("other", Scope::Everyone, "", Some(6)),
        named("chat", Scope::Tier, "pro", Some(7)),
    ];
    let deciding = |limits: &[Limit]| -> Vec<String> {
        let applied = applying(limits, &caller, "a/b", false, 0);
        applied
            .iter()
            .filter(|applied| applied.decides)
            .filter_map(|applied| applied.limit.amount.as_ref().map(Amount::to_string))
            .collect()
    };
    for narrowest in 0..5 {
        let limits: Vec<Limit> = all.iter().take(narrowest + 1).cloned().collect();
        assert_eq!(deciding(&limits), [(narrowest + 1).to_string()]);
    }
    assert_eq!(deciding(&all), ["5", "6"]);
    assert_eq!(
        applying(&all, &caller, "a/b", false, 0).len(),
        6,
        "those that do not decide are counted where they stand"
    );
    let mut lifted = all.clone();
    lifted[4].amount = None;
    assert_eq!(deciding(&lifted), ["6"], "NULL lifts the limit of its name");
    let mut later = all;
    later[4].starts_at = Some(1);
    later[3].ends_at = Some(0);
    assert_eq!(deciding(&later), ["3", "6"], "one that is not in force overrides nothing");
    let alone = crate::limit::Caller { organization: None, plan: None, ..caller };
    let per_organization = Limit { per: Per::Organization, ..named("x", Scope::Everyone, "", Some(1)) };
    assert!(applying(&[per_organization], &alone, "a/b", false, 0).is_empty(), "nothing to count by");
}

proptest! {
    /// Whatever the limits, a call that is admitted leaves every hard limit kept.
    #[test]
    fn no_hard_limit_is_passed(
        limits in prop::collection::vec((0_i64..50, 0_i64..50, 0_i64..50, any::<bool>()), 0..6), tokens in 0_i64..60,
    ) {
        let limits: Vec<(Limit, i64, i64)> = limits
            .into_iter()
            .map(|(amount, used, held, hard)| {
                (Limit { hard, ..limit(Metric::Tokens, Some(Period::Daily), &amount.to_string()) }, used, held)
            })
            .collect();
        let decision = decided(&limits, &demand(1, tokens), 0);
        let kept = limits.iter().filter(|(limit, ..)| limit.hard).all(|(limit, used, held)| {
            let (before, after) = (Amount::from(used + held), Amount::from(used + held + tokens));
            limit.amount.as_ref().is_some_and(|amount| after <= *amount && (tokens > 0 || before < *amount))
        });
        prop_assert_eq!(decision.is_allowed(), kept);
    }
}

#[test]
fn windows_of_concurrent_calls_have_no_end() {
    let at_once = limit(Metric::Concurrent, None, "1");
    assert_eq!(at_once.window(5), Window { start: Instant::MIN, end: Instant::MAX });
}
