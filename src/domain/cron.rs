//! When a job of pg_cron runs next.

use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// pg_cron's own spelling of an interval: `30 seconds`.
fn seconds(schedule: &str) -> Option<i64> {
    let (number, unit) = schedule.trim().split_once(' ')?;
    let unit_is_known = unit.trim().eq_ignore_ascii_case("seconds") || unit.trim().eq_ignore_ascii_case("second");
    number.parse().ok().filter(|seconds| unit_is_known && (1..60).contains(seconds))
}

/// The next instant of a schedule after `now`, both in seconds of the unix epoch; `None` for one that cannot be read or never
/// comes. `zone` is what pg_cron's clock shows.
///
/// Five fields, as cron has them; `$` for the last day of a month is pg_cron's.
pub fn next_run(schedule: &str, zone: &str, now: i64) -> Option<i64> {
    if let Some(seconds) = seconds(schedule) {
        return now.checked_add(seconds);
    }
    let zone = if zone.eq_ignore_ascii_case("GMT") { TimeZone::UTC } else { TimeZone::get(zone).ok()? };
    let after = Timestamp::from_second(now).ok()?.to_zoned(zone);
    if !is_plain(schedule) {
        return None;
    }
    // Where one of the two fields of days begins with a star both must hold, else one of them.
    let both =
        schedule.split_whitespace().enumerate().any(|(place, field)| [2, 4].contains(&place) && field.starts_with('*'));
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).dom_and_dow(both).build();
    let next = parser.parse(&schedule.replace('$', "L")).ok()?.find_next_occurrence(&after, false).ok()?;
    Some(next.timestamp().as_second())
}

/// Whether pg_cron reads a schedule as it is meant: five fields, or an interval of seconds. It ignores a sixth field, which others
/// read as a first one of seconds.
pub fn is_plain(schedule: &str) -> bool {
    seconds(schedule).is_some() || schedule.split_whitespace().count() == 5 && !schedule.contains(['#', 'L', 'W', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21 20:00:00 UTC, a Saturday.
    const NOW: i64 = 1_795_291_200;

    fn next(schedule: &str, zone: &str) -> Option<String> {
        next_run(schedule, zone, NOW).map(|at| Timestamp::from_second(at).unwrap().to_string())
    }

    #[test]
    fn the_next_run_is_the_first_one_after_now() {
        for (schedule, zone, expected) in [
            ("17 3 * * *", "GMT", Some("2026-11-22T03:17:00Z")),
            ("0 20 * * *", "GMT", Some("2026-11-22T20:00:00Z")),
            ("*/5 * * * *", "GMT", Some("2026-11-21T20:05:00Z")),
            ("17 3 * * *", "Asia/Tokyo", Some("2026-11-22T18:17:00Z")),
            ("0 0 $ * *", "GMT", Some("2026-11-30T00:00:00Z")),
            ("0 0 1 1 *", "UTC", Some("2027-01-01T00:00:00Z")),
            ("30 seconds", "GMT", Some("2026-11-21T20:00:30Z")),
            ("60 seconds", "GMT", None),
            ("0 0 31 2 *", "GMT", None),
            ("soon", "GMT", None),
            ("0 22 1,15 * */2", "GMT", Some("2026-12-01T22:00:00Z")),
            ("0 22 1,15 * 1", "GMT", Some("2026-11-23T22:00:00Z")),
            ("57 21 21 * * *", "GMT", None),
            ("5 0 * * * 2099", "GMT", None),
            ("0 0 * * 1#2", "GMT", None),
            ("17 3 * * *", "Nowhere/At_all", None),
            ("", "GMT", None),
        ] {
            assert_eq!(next(schedule, zone).as_deref(), expected, "{schedule} in {zone}");
        }
    }
}
