//! Tests of [`super`].

use super::*;
use Period::{Daily, Hourly, Lifetime, Minutely, Monthly, Weekly, Yearly};
use jiff::Span;
use proptest::prelude::*;

const HOUR: i64 = 3600 * SECOND;
const CIVIL: [Period; 4] = [Daily, Weekly, Monthly, Yearly];

/// An instant from a date-time with its offset.
fn instant(text: &str) -> Instant {
    text.parse::<Timestamp>().unwrap().as_microsecond() - UNIX_TO_2000
}

fn calendar(period: Period, zone: &str, anchor: &str) -> Calendar {
    let anchor = Some(anchor).filter(|text| !text.is_empty()).map(instant);
    Calendar { period, zone: Zone::of_name(zone).unwrap(), anchor }
}

/// Each row: zone, anchor, and two windows' boundaries: before, between, after.
fn assert_neighbours(period: Period, rows: &[(&str, &str, [&str; 3])]) {
    for (zone, anchor, boundaries) in rows {
        let calendar = calendar(period, zone, anchor);
        let [before, between, after] = boundaries.map(instant);
        let (left, right) = (Window { start: before, end: between }, Window { start: between, end: after });
        let rows = [(before - 1, None), (before, Some(left)), (between - 1, Some(left)), (between, Some(right))];
        for (at, expected) in rows.into_iter().chain([(after - 1, Some(right)), (after, None)]) {
            let got = calendar.window(at);
            assert!(got.contains(at), "{calendar:?} {at}");
            match expected {
                Some(window) => assert_eq!(got, window, "{period:?} {zone} {anchor} {boundaries:?} {at}"),
                None => assert!(got.end == before || got.start == after, "{period:?} {zone} {anchor} {boundaries:?}"),
            }
        }
    }
}

#[test]
fn words_and_names_are_read_or_unknown() {
    for period in Period::ALL {
        assert_eq!(Period::of_word(period.word()), Some(period));
    }
    assert!(["", "Daily", "day", "concurrent"].iter().all(|word| Period::of_word(word).is_none()));
    assert!(["UTC", "Asia/Tokyo", "america/new_york", "Europe/Kiev"].iter().all(|name| Zone::of_name(name).is_some()));
    assert!(["", "Mars/Base", "+03:00", "Etc/Unknown", "../UTC"].iter().all(|name| Zone::of_name(name).is_none()));
}

#[test]
fn minutes_and_hours_are_elapsed_time() {
    let minutes = [
        ("UTC", "", ["1999-12-31T23:59:00Z", "2000-01-01T00:00:00Z", "2000-01-01T00:01:00Z"]),
        (
            "UTC",
            "2030-01-01T00:00:12.5Z",
            ["2026-05-05T05:04:12.5Z", "2026-05-05T05:05:12.5Z", "2026-05-05T05:06:12.5Z"],
        ),
    ];
    assert_neighbours(Minutely, &minutes);
    let hours = [
        ("Asia/Kolkata", "", ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z"]),
        (
            "America/New_York",
            "",
            ["2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00", "2026-11-01T02:00:00-05:00"],
        ),
        (
            "America/New_York",
            "2020-01-01T00:20:00Z",
            ["2026-03-08T01:20-05:00", "2026-03-08T03:20-04:00", "2026-03-08T04:20-04:00"],
        ),
        ("UTC", "2020-01-01T00:20:00Z", ["1969-12-31T23:20:00Z", "1970-01-01T00:20:00Z", "1970-01-01T01:20:00Z"]),
    ];
    assert_neighbours(Hourly, &hours);
}

#[test]
fn days_begin_at_midnight_or_at_the_time_of_the_anchor() {
    let rows = [
        ("UTC", "", ["1999-12-30T00:00Z", "1999-12-31T00:00Z", "2000-01-01T00:00Z"]),
        ("Asia/Tokyo", "", ["2026-03-08T00:00+09", "2026-03-09T00:00+09", "2026-03-10T00:00+09"]),
        (
            "Asia/Tokyo",
            "2031-07-01T18:30:00.25+09",
            ["2026-03-08T18:30:00.25+09", "2026-03-09T18:30:00.25+09", "2026-03-10T18:30:00.25+09"],
        ),
        ("America/New_York", "", ["2026-03-07T00:00-05", "2026-03-08T00:00-05", "2026-03-09T00:00-04"]),
        ("America/New_York", "", ["2026-10-31T00:00-04", "2026-11-01T00:00-04", "2026-11-02T00:00-05"]),
        (
            "America/New_York",
            "2020-01-01T02:30-05",
            ["2026-03-07T02:30-05", "2026-03-08T03:30-04", "2026-03-09T02:30-04"],
        ),
        (
            "America/New_York",
            "2020-01-01T01:30-05",
            ["2026-10-31T01:30-04", "2026-11-01T01:30-04", "2026-11-02T01:30-05"],
        ),
        ("Australia/Lord_Howe", "", ["2026-10-03T00:00+10:30", "2026-10-04T00:00+10:30", "2026-10-05T00:00+11"]),
        (
            "Australia/Lord_Howe",
            "2026-01-01T02:15+11",
            ["2026-10-03T02:15+10:30", "2026-10-04T02:45+11", "2026-10-05T02:15+11"],
        ),
        (
            "Australia/Lord_Howe",
            "2026-01-01T01:45+11",
            ["2026-04-04T01:45+11", "2026-04-05T01:45+11", "2026-04-06T01:45+10:30"],
        ),
    ];
    assert_neighbours(Daily, &rows);
}

/// Half past one comes twice; that it is before a quarter to two the second time too does not bring the day back.
#[test]
fn a_repeated_hour_lies_in_one_day() {
    let calendar = calendar(Daily, "America/New_York", "2020-01-01T01:45-05");
    let day = Window { start: instant("2026-11-01T01:45-04"), end: instant("2026-11-02T01:45-05") };
    for at in ["2026-11-01T01:45-04", "2026-11-01T01:30-05", "2026-11-01T01:45-05"] {
        assert_eq!(calendar.window(instant(at)), day, "{at}");
    }
    assert_eq!(calendar.window(instant("2026-11-01T01:30-04")).end, day.start);
}

#[test]
fn days_without_a_midnight_and_days_that_never_were() {
    let rows = [
        ("America/Sao_Paulo", "", ["2018-11-03T00:00-03", "2018-11-04T01:00-02", "2018-11-05T00:00-02"]),
        ("Africa/Cairo", "", ["2026-04-23T00:00+02", "2026-04-24T01:00+03", "2026-04-25T00:00+03"]),
        ("Africa/Cairo", "", ["2026-10-29T00:00+03", "2026-10-30T00:00+02", "2026-10-31T00:00+02"]),
        ("Pacific/Apia", "", ["2011-12-29T00:00-10", "2011-12-31T00:00+14", "2012-01-01T00:00+14"]),
        ("Pacific/Apia", "2020-01-01T15:00+14", ["2011-12-29T15:00-10", "2011-12-31T15:00+14", "2012-01-01T15:00+14"]),
        ("Pacific/Kwajalein", "", ["1993-08-20T00:00-12", "1993-08-22T00:00+12", "1993-08-23T00:00+12"]),
    ];
    assert_neighbours(Daily, &rows);
    let friday = "2011-12-02T00:00-10";
    assert_neighbours(
        Weekly,
        &[("Pacific/Apia", friday, ["2011-12-23T00:00-10", "2011-12-31T00:00+14", "2012-01-06T00:00+14"])],
    );
    let thirtieth = "2011-03-30T00:00-10";
    assert_neighbours(
        Monthly,
        &[("Pacific/Apia", thirtieth, ["2011-11-30T00:00-10", "2011-12-31T00:00+14", "2012-01-30T00:00+14"])],
    );
}

#[test]
fn weeks_begin_on_monday_or_on_the_weekday_of_the_anchor() {
    let rows = [
        ("UTC", "", ["2020-12-21T00:00Z", "2020-12-28T00:00Z", "2021-01-04T00:00Z"]),
        ("UTC", "", ["2025-12-29T00:00Z", "2026-01-05T00:00Z", "2026-01-12T00:00Z"]),
        ("UTC", "", ["1969-12-22T00:00Z", "1969-12-29T00:00Z", "1970-01-05T00:00Z"]),
        ("America/New_York", "", ["2026-03-02T00:00-05", "2026-03-09T00:00-04", "2026-03-16T00:00-04"]),
        ("Asia/Tokyo", "2026-01-01T08:00+09", ["2025-12-25T08:00+09", "2026-01-01T08:00+09", "2026-01-08T08:00+09"]),
        ("Asia/Tokyo", "2040-01-05T08:00+09", ["2025-12-25T08:00+09", "2026-01-01T08:00+09", "2026-01-08T08:00+09"]),
    ];
    assert_neighbours(Weekly, &rows);
}

#[test]
fn months_begin_on_the_first_or_on_the_day_of_the_anchor_without_drifting() {
    let (last, tokyo) = ("2026-01-31T09:30Z", "2024-02-29T07:00+09");
    let rows = [
        ("UTC", "", ["2024-02-01T00:00Z", "2024-03-01T00:00Z", "2024-04-01T00:00Z"]),
        ("UTC", "", ["1999-12-01T00:00Z", "2000-01-01T00:00Z", "2000-02-01T00:00Z"]),
        ("America/New_York", "", ["2026-03-01T00:00-05", "2026-04-01T00:00-04", "2026-05-01T00:00-04"]),
        ("UTC", last, ["2026-01-31T09:30Z", "2026-02-28T09:30Z", "2026-03-31T09:30Z"]),
        ("UTC", last, ["2026-03-31T09:30Z", "2026-04-30T09:30Z", "2026-05-31T09:30Z"]),
        ("UTC", last, ["2024-01-31T09:30Z", "2024-02-29T09:30Z", "2024-03-31T09:30Z"]),
        ("UTC", "2050-05-31T00:00Z", ["1999-12-31T00:00Z", "2000-01-31T00:00Z", "2000-02-29T00:00Z"]),
        ("Asia/Tokyo", tokyo, ["2025-01-29T07:00+09", "2025-02-28T07:00+09", "2025-03-29T07:00+09"]),
    ];
    assert_neighbours(Monthly, &rows);
}

#[test]
fn years_begin_in_january_or_on_the_day_of_the_anchor() {
    let leap = "2024-02-29T12:00Z";
    let rows = [
        ("UTC", "", ["1999-01-01T00:00Z", "2000-01-01T00:00Z", "2001-01-01T00:00Z"]),
        ("America/New_York", "", ["2025-01-01T00:00-05", "2026-01-01T00:00-05", "2027-01-01T00:00-05"]),
        ("Asia/Tokyo", "2040-04-01T00:00+09", ["2025-04-01T00:00+09", "2026-04-01T00:00+09", "2027-04-01T00:00+09"]),
        ("UTC", leap, ["2024-02-29T12:00Z", "2025-02-28T12:00Z", "2026-02-28T12:00Z"]),
        ("UTC", leap, ["2027-02-28T12:00Z", "2028-02-29T12:00Z", "2029-02-28T12:00Z"]),
        ("UTC", leap, ["2099-02-28T12:00Z", "2100-02-28T12:00Z", "2101-02-28T12:00Z"]),
        (
            "UTC",
            "2026-12-31T23:59:59.999999Z",
            ["1969-12-31T23:59:59.999999Z", "1970-12-31T23:59:59.999999Z", "1971-12-31T23:59:59.999999Z"],
        ),
    ];
    assert_neighbours(Yearly, &rows);
}

#[test]
fn every_instant_up_to_infinity_has_a_window() {
    let edges = [
        Instant::MIN,
        Instant::MIN + 1,
        FIRST - 1,
        FIRST,
        FIRST + 1,
        0,
        LAST - 1,
        LAST,
        Instant::MAX - 1,
        Instant::MAX,
    ];
    for (period, zone) in
        Period::ALL.into_iter().flat_map(|period| ["UTC", "Asia/Tokyo", "America/New_York"].map(|zone| (period, zone)))
    {
        let last_hour_ends_at_infinity = Some(Instant::MAX % HOUR);
        for anchor in edges.map(Some).into_iter().chain([None, last_hour_ends_at_infinity]) {
            let calendar = Calendar { anchor, ..calendar(period, zone, "") };
            for at in edges {
                let window = calendar.window(at);
                assert!(window.start < window.end && window.contains(at), "{calendar:?} {at} {window:?}");
                assert_eq!(calendar.window(window.start), window, "{calendar:?} {at}");
                assert_eq!(calendar.window(window.end - 1), window, "{calendar:?} {at}");
                assert!(window.end == Instant::MAX || calendar.window(window.end).start == window.end);
            }
        }
    }
    assert_eq!(calendar(Lifetime, "UTC", "2026-01-01T00:00Z").window(0), Window::ENDLESS);
    assert_eq!(calendar(Daily, "UTC", "").window(LAST).end, Instant::MAX);
}

/// Walks from window to window and fails at a gap, an overlap, or an instant that sees another window.
fn assert_tiles(calendar: &Calendar, from: Instant, until: Instant) {
    let mut window = calendar.window(from);
    assert!(window.contains(from), "{calendar:?} {from}");
    while window.end < until {
        let next = calendar.window(window.end);
        assert_eq!(next.start, window.end, "{calendar:?}");
        for at in [next.end - 1, next.start + (next.end - next.start) / 2] {
            assert_eq!(calendar.window(at), next, "{calendar:?} {at}");
        }
        window = next;
    }
}

/// The order of boundaries rests on what zones have done so far, so every clock change of every zone is looked at.
#[test]
fn windows_tile_around_every_clock_change_there_is() {
    let horizon = timestamp(instant("2040-01-01T00:00Z")).unwrap();
    let mut changes = 0_i64;
    for name in TimeZoneDatabase::bundled().available() {
        let Some(zone) = Zone::of_name(name.as_str()) else { continue };
        for change in zone.0.following(Timestamp::MIN).take_while(|change| change.timestamp() < horizon) {
            let at = change.timestamp().as_microsecond() - UNIX_TO_2000;
            changes += 1;
            // Times of day all around the clock, and those of the change itself before and after it.
            let anchor = [at - 1, at, at + 30 * 60 * SECOND, changes * 7 * HOUR / 5].get(changes as usize % 4).copied();
            for period in CIVIL {
                let calendar = Calendar { period, zone: zone.clone(), anchor };
                assert_tiles(&calendar, at - 2 * DAY, at + 2 * DAY);
                let around = (-8..=8).map(|quarters| at + quarters * HOUR / 4);
                around.for_each(|at| assert!(calendar.window(at).contains(at), "{calendar:?} {at}"));
            }
        }
    }
    assert!(changes > 10_000, "{changes}");
}

/// The window found slowly: boundaries by jiff's own civil arithmetic, the nearest of many on both sides.
fn by_search(calendar: &Calendar, anchor: Instant, at: Instant) -> Window {
    let (length, step): (i64, fn(i64) -> Span) = match calendar.period {
        Daily => (24 * HOUR, |number| Span::new().days(number)),
        Weekly => (7 * 24 * HOUR, |number| Span::new().weeks(number)),
        Monthly => (30 * 24 * HOUR + 10 * HOUR + 29 * 60 * SECOND, |number| Span::new().months(number)),
        _ => (365 * 24 * HOUR + 6 * HOUR, |number| Span::new().years(number)),
    };
    let origin = calendar.zone.0.to_datetime(timestamp(anchor).unwrap());
    let near = (at - anchor) / length;
    let boundaries: Vec<Instant> = (near - 4..=near + 4)
        .map(|number| calendar.zone.instant(origin.checked_add(step(number)).unwrap()).unwrap())
        .collect();
    let start = boundaries.iter().copied().filter(|boundary| *boundary <= at).max();
    let end = boundaries.into_iter().filter(|boundary| *boundary > at).min();
    Window { start: start.unwrap(), end: end.unwrap() }
}

fn any_calendar(periods: &[Period]) -> impl Strategy<Value = Calendar> + use<> {
    let zones: Vec<Zone> =
        TimeZoneDatabase::bundled().available().filter_map(|name| Zone::of_name(name.as_str())).collect();
    let anchor = prop::option::of(any_instant());
    (prop::sample::select(periods.to_vec()), prop::sample::select(zones), anchor)
        .prop_map(|(period, zone, anchor)| Calendar { period, zone, anchor })
}

/// From 1970 to 2100, half of them at whole hours.
fn any_instant() -> impl Strategy<Value = Instant> {
    let (from, until) = (instant("1970-01-01T00:00Z"), instant("2100-01-01T00:00Z"));
    prop_oneof![from..until, (from / HOUR..until / HOUR).prop_map(|hours| hours * HOUR)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn windows_hold_their_instants_and_meet(calendar in any_calendar(&Period::ALL), at in any_instant()) {
        let window = calendar.window(at);
        prop_assert!(window.start <= at && at < window.end);
        prop_assert_eq!(calendar.window(window.start), window);
        prop_assert_eq!(calendar.window(window.end - 1), window);
        if calendar.period != Lifetime {
            prop_assert_eq!(calendar.window(window.end).start, window.end);
            prop_assert_eq!(calendar.window(window.start - 1).end, window.start);
        }
    }

    #[test]
    fn two_instants_share_a_window_or_their_windows_are_apart(
        calendar in any_calendar(&Period::ALL), left in any_instant(), distance in 0..60 * DAY,
    ) {
        let (first, second) = (calendar.window(left), calendar.window(left + distance));
        prop_assert!(first == second || first.end <= second.start);
        prop_assert_eq!(calendar.window(left), first);
    }

    #[test]
    fn windows_are_those_found_by_searching(
        calendar in any_calendar(&CIVIL), anchor in any_instant(), at in any_instant(),
    ) {
        let calendar = Calendar { anchor: Some(anchor), ..calendar };
        prop_assert_eq!(calendar.window(at), by_search(&calendar, anchor, at));
    }
}
