use super::*;
use proptest::prelude::*;
use serde_json::json;

const STRICT: &str = r#"{"breaker": {"failures": 2, "cool_down_seconds": 10, "successes": 2, "probes": 2, "probe_timeout_seconds": 5}, "execution_timeout_seconds": 30}"#;

fn settings() -> Settings {
    Settings::of_config(&serde_json::from_str(STRICT).unwrap_or_default())
}

fn at(seconds: i64) -> Instant {
    seconds * SECOND
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A breaker that opened at second 0.
fn opened() -> Breaker {
    let mut breaker = Breaker::default();
    breaker.report(&settings(), id(1), false, at(0));
    breaker.report(&settings(), id(2), false, at(0));
    breaker
}

/// A half-open one with the executions 3 and 4 as probes.
fn half_open() -> Breaker {
    let mut breaker = opened();
    for execution in [3, 4] {
        assert_eq!(breaker.acquire(&settings(), id(99), at(10)), Ok(()));
        breaker.begin(&settings(), id(execution), None, at(10));
    }
    breaker
}

#[test]
fn settings_that_make_no_sense_are_the_defaults() {
    let default = Settings {
        failures: 5,
        cool_down: at(60),
        successes: 2,
        probes: 1,
        probe_timeout: at(60),
        execution_timeout: at(600),
    };
    for config in [
        json!(null),
        json!([]),
        json!({"breaker": 7}),
        json!({"breaker": {"failures": 0, "probes": "2", "successes": 1.5, "cool_down_seconds": -1, "probe_timeout_seconds": 86401}}),
        json!({"execution_timeout_seconds": null}),
    ] {
        assert_eq!(Settings::of_config(&config), default, "{config}");
    }
    let own = Settings::of_config(&json!({"breaker": {"probes": 3}, "execution_timeout_seconds": 1}));
    assert_eq!((own.probes, own.execution_timeout, own.failures), (3, at(1), 5));
}

#[test]
fn it_opens_after_failures_in_a_row() {
    let mut breaker = Breaker::default();
    breaker.report(&settings(), id(1), false, at(0));
    breaker.report(&settings(), id(2), true, at(1));
    breaker.report(&settings(), id(3), false, at(2));
    assert_eq!((breaker.state, breaker.failures), (State::Closed, 1));
    breaker.report(&settings(), id(4), false, at(3));
    assert_eq!((breaker.state, breaker.failures, breaker.opened_at), (State::Open, 2, Some(at(3))));
}

#[test]
fn an_open_one_refuses_until_the_cool_down_is_over() {
    for (now, expected) in [
        (at(0), Err((Closed::CircuitOpen, 10))),
        (at(9), Err((Closed::CircuitOpen, 1))),
        (at(10) - 1, Err((Closed::CircuitOpen, 1))),
        (at(10), Ok(())),
        (at(-100), Err((Closed::CircuitOpen, 10))),
    ] {
        assert_eq!(opened().passes(&settings(), now), expected, "{now}");
    }
}

#[test]
fn a_clock_that_was_set_back_delays_once() {
    let mut breaker = opened();
    assert_eq!(breaker.acquire(&settings(), id(99), at(-100)), Err((Closed::CircuitOpen, 10)));
    assert_eq!(breaker.acquire(&settings(), id(99), at(-90)), Ok(()));
    assert_eq!(breaker.acquire(&settings(), id(99), at(-200)), Ok(()));
    assert_eq!(breaker.acquire(&settings(), id(99), at(-200)), Err((Closed::ProbesOut, 5)));
    assert_eq!(breaker.acquire(&settings(), id(99), at(-195)), Ok(()));
}

#[test]
fn results_that_come_while_it_is_open_change_nothing() {
    for succeeded in [true, false] {
        let mut breaker = opened();
        breaker.report(&settings(), id(9), succeeded, at(5));
        assert_eq!(breaker, opened());
    }
}

#[test]
fn half_open_lets_as_many_probes_through_as_are_allowed() {
    let mut breaker = half_open();
    assert_eq!(breaker.acquire(&settings(), id(99), at(12)), Err((Closed::ProbesOut, 5)));
    breaker.report(&settings(), id(3), true, at(12));
    assert_eq!((breaker.state, breaker.successes), (State::HalfOpen, 1));
    assert_eq!(breaker.acquire(&settings(), id(99), at(12)), Ok(()));
    assert_eq!(breaker.acquire(&settings(), id(99), at(12)), Err((Closed::ProbesOut, 5)));
    breaker.report(&settings(), id(4), true, at(13));
    assert_eq!(breaker, Breaker { opened_at: Some(at(0)), ..Breaker::default() });
}

#[test]
fn a_probe_that_fails_opens_it_again() {
    let mut breaker = half_open();
    breaker.report(&settings(), id(3), true, at(11));
    breaker.report(&settings(), id(4), false, at(12));
    let expected = Breaker { state: State::Open, failures: 2, opened_at: Some(at(12)), ..Breaker::default() };
    assert_eq!(breaker, expected);
}

#[test]
fn who_is_no_probe_has_no_say_in_half_open() {
    for succeeded in [true, false] {
        let mut breaker = half_open();
        breaker.begin(&settings(), id(7), None, at(11));
        breaker.report(&settings(), id(7), succeeded, at(12));
        breaker.report(&settings(), id(8), succeeded, at(12));
        assert_eq!(breaker, half_open());
    }
}

#[test]
fn a_probe_that_runs_is_out_for_as_long_as_it_may_run() {
    let mut breaker = half_open();
    assert_eq!(breaker.acquire(&settings(), id(99), at(15)), Err((Closed::ProbesOut, 5)));
    assert_eq!(breaker.acquire(&settings(), id(99), at(40) - 1), Err((Closed::ProbesOut, 1)));
    breaker.report(&settings(), id(3), true, at(39));
    breaker.report(&settings(), id(4), true, at(39));
    assert_eq!(breaker.state, State::Closed, "slow as it is");
}

#[test]
fn a_probe_that_never_begins_gives_its_place_up_soon() {
    let mut breaker = opened();
    assert_eq!(breaker.acquire(&settings(), id(99), at(10)), Ok(()));
    assert_eq!(breaker.acquire(&settings(), id(99), at(11)), Ok(()));
    assert_eq!(breaker.acquire(&settings(), id(99), at(14)), Err((Closed::ProbesOut, 1)));
    breaker.begin(&settings(), id(3), None, at(15));
    let expected = vec![Probe { id: Some(id(99)), at: at(15), execution: Some(id(3)) }];
    assert_eq!(breaker.probes, expected, "the first one is gone, and nobody's place to take");
    breaker.begin(&settings(), id(4), None, at(16));
    assert_eq!(breaker.probes, expected, "so is the second");
}

#[test]
fn who_names_a_probe_gets_it() {
    let mut breaker = opened();
    assert_eq!(breaker.acquire(&settings(), id(71), at(10)), Ok(()));
    assert_eq!(breaker.acquire(&settings(), id(72), at(10)), Ok(()));
    // One that did not ask takes the first place, then whoever has it comes, and the other one.
    breaker.begin(&settings(), id(3), None, at(11));
    breaker.begin(&settings(), id(4), Some(id(71)), at(11));
    breaker.begin(&settings(), id(5), Some(id(73)), at(11));
    breaker.begin(&settings(), id(6), Some(id(72)), at(11));
    let probes: Vec<_> = breaker.probes.iter().map(|probe| (probe.id, probe.execution)).collect();
    assert_eq!(probes, [(Some(id(71)), Some(id(4))), (Some(id(72)), Some(id(6)))]);
    breaker.report(&settings(), id(3), false, at(12));
    breaker.report(&settings(), id(5), false, at(12));
    assert_eq!(breaker.state, State::HalfOpen);
    // One whose time is over is nobody's.
    let mut breaker = opened();
    assert_eq!(breaker.acquire(&settings(), id(71), at(10)), Ok(()));
    breaker.begin(&settings(), id(3), Some(id(71)), at(15));
    assert_eq!(breaker.probes, []);
}

#[test]
fn a_probe_that_runs_for_too_long_is_replaced_and_comes_too_late() {
    let mut breaker = half_open();
    assert_eq!(breaker.acquire(&settings(), id(99), at(40)), Ok(()));
    breaker.report(&settings(), id(3), false, at(41));
    breaker.report(&settings(), id(4), true, at(41));
    assert_eq!((breaker.state, breaker.successes, breaker.probes.len()), (State::HalfOpen, 0, 1));
}

#[test]
fn that_a_probe_ran_for_too_long_is_a_failure_and_no_success() {
    let mut breaker = half_open();
    breaker.report(&settings(), id(3), true, at(3600));
    assert_eq!((breaker.state, breaker.successes, breaker.probes.len()), (State::HalfOpen, 0, 0));
    let mut breaker = half_open();
    breaker.report(&settings(), id(3), false, at(3600));
    assert_eq!(breaker.state, State::Open);
}

#[test]
fn words_are_the_tables() {
    for state in State::ALL {
        assert_eq!(State::of_word(state.word()), state);
    }
    assert_eq!(State::of_word("ajar"), State::Closed);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Acquire,
    Begin(bool),
    Report(u8, bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Acquire),
        2 => any::<bool>().prop_map(Step::Begin),
        3 => (any::<u8>(), any::<bool>()).prop_map(|(which, succeeded)| Step::Report(which, succeeded)),
    ]
}

proptest! {
    /// In whatever order calls come, also when clocks go back: no more probes are out than allowed, from open there is no way to
    /// closed but through half-open and M successes of probes, and every way to open is a failure.
    #[test]
    fn probes_are_bounded_and_only_their_successes_close(
        steps in prop::collection::vec((step(), -20_i64..40), 0..200), probes in 1_usize..4, successes in 1_i64..4,
    ) {
        let settings = Settings { probes, successes, ..settings() };
        let (mut breaker, mut now, mut begun, mut asked, mut good) = (Breaker::default(), 0, 0_u128, 1000_u128, 0);
        for (step, elapsed) in steps {
            now += at(elapsed);
            let before = breaker.clone();
            match step {
                Step::Acquire => {
                    asked += 1;
                    let passed = breaker.acquire(&settings, id(asked), now);
                    prop_assert_eq!(passed, before.passes(&settings, now));
                    if let Err((_, wait)) = passed {
                        prop_assert!((1..=10).contains(&wait));
                    }
                    prop_assert!(before.state != State::Closed || (passed.is_ok() && breaker == before));
                }
                Step::Begin(named) => {
                    begun += 1;
                    breaker.begin(&settings, id(begun), named.then(|| id(asked)), now);
                }
                Step::Report(which, succeeded) => {
                    let execution = id(u128::from(which) % (begun + 1));
                    let own = before.probes.iter().find(|probe| probe.execution == Some(execution));
                    let (is_probe, in_time) = (own.is_some(), own.is_some_and(|probe| probe.left(&settings, now) > 0));
                    breaker.report(&settings, execution, succeeded, now);
                    if before.state == State::HalfOpen && in_time && succeeded {
                        good += 1;
                    }
                    prop_assert!(before.state == State::Open || breaker.state != State::Open || !succeeded);
                    let same = breaker.state == before.state && breaker.successes == before.successes;
                    prop_assert!(before.state != State::HalfOpen || is_probe || same);
                }
            }
            if before.state != State::HalfOpen && breaker.state == State::HalfOpen {
                prop_assert_eq!(before.state, State::Open);
                good = 0;
            }
            if before.state != State::Closed && breaker.state == State::Closed {
                prop_assert_eq!(before.state, State::HalfOpen);
                prop_assert_eq!(good, successes);
            }
            prop_assert!(breaker.probes.len() <= probes);
            prop_assert!(breaker.state == State::HalfOpen || breaker.probes.is_empty());
        }
    }
}
