//! The day on which a provider takes a model away.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// A day of the calendar.
pub type Day = Date;

/// Longer texts are no dates: an instant with nanoseconds and an offset has 35 characters.
const MAX_CHARS: usize = 40;

/// The day that a text names: `2026-12-01`, or the UTC day of an instant such as `2026-12-01T23:30:00-05:00`.
///
/// `None` for whatever else: a day that there is not, a year that does not have four digits, words.
pub fn of_text(text: &str) -> Option<Day> {
    let (day, time) = (text.get(..10)?, text.get(10..)?);
    let digits = |part: Option<&str>| part.is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let is_day = digits(day.get(..4)) && digits(day.get(5..7)) && digits(day.get(8..10));
    if !is_day || text.len() > MAX_CHARS || !(time.is_empty() || time.starts_with(['T', 't', ' '])) {
        return None;
    }
    let of_instant = || text.parse::<Timestamp>().ok().map(|instant| instant.to_zoned(jiff::tz::TimeZone::UTC).date());
    // Without an offset the day is the one that is written.
    let date = of_instant().or_else(|| text.parse::<DateTime>().ok().map(DateTime::date))?;
    (date.year() > 0).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_day_is_read_from_a_date_or_an_instant() {
        let rows = [
            ("2026-12-01", Some("2026-12-01")),
            ("9999-01-01", Some("9999-01-01")),
            ("2024-02-29", Some("2024-02-29")),
            ("2026-12-01T00:00:00Z", Some("2026-12-01")),
            ("2026-12-01T23:59:59.999999999Z", Some("2026-12-01")),
            ("2026-12-01 08:00:00+00:00", Some("2026-12-01")),
            ("2026-12-01T23:30:00-05:00", Some("2026-12-02")),
            ("2026-12-01T00:30:00+02:00", Some("2026-11-30")),
            ("2026-12-01T23:30:00", Some("2026-12-01")),
            ("2026-02-30", None),
            ("2026-13-01", None),
            ("2025-02-29T00:00:00Z", None),
            ("0000-01-01", None),
            ("0001-01-01T00:00:00+05:00", None),
            ("2026-12-01x", None),
            ("2026-12-01T", None),
            ("2026-12-01T25:00:00Z", None),
            ("2026-12", None),
            ("20261201", None),
            ("+002026-12-01", None),
            ("-002026-12-01", None),
            ("01.12.2026", None),
            ("infinity", None),
            ("soon", None),
            ("", None),
            (" 2026-12-01", None),
            ("٢٠٢٦-١٢-٠١", None),
        ];
        for (text, expected) in rows {
            assert_eq!(of_text(text).map(|date| date.to_string()).as_deref(), expected, "{text}");
        }
        assert_eq!(of_text(&format!("2026-12-01T{}", "0".repeat(1_000_000))), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_day_or_none(text in "\\PC{0,50}") {
            let _ = of_text(&text);
        }

        #[test]
        fn what_is_read_reads_the_same_again(text in "[0-9]{4}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9](Z|[+-]0[0-9]:00)?)?") {
            if let Some(date) = of_text(&text) {
                prop_assert_eq!(date.to_string().len(), 10);
                prop_assert_eq!(of_text(&date.to_string()), Some(date));
            }
        }
    }
}
