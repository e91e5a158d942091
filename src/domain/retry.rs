//! Whether and when a request is made again.

use jiff::fmt::rfc2822;
use std::time::Duration;

/// So often one address is asked.
pub const MAX_ATTEMPTS: u32 = 4;
/// The first pause of our own; each next one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// What came of a request that was not answered as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The server answered with a status.
    Status(u16),
    /// There was no answer, or it broke off.
    Broken,
}

/// How long to wait before the next attempt; `None` when there is none.
///
/// Asked again is what may pass by itself: a lost connection, 429, and the server's own errors. `asked_pause` is what the server
/// asked for; one that is longer than what is `left` of the time is not waited for.
pub fn pause(trouble: Trouble, attempts: u32, asked_pause: Option<Duration>, left: Duration) -> Option<Duration> {
    let may_pass = match trouble {
        Trouble::Broken => true,
        Trouble::Status(status) => status == 429 || (500..600).contains(&status) && status != 501 && status != 505,
    };
    let own = FIRST_PAUSE.saturating_mul(1 << attempts.saturating_sub(1).min(16));
    let wanted = asked_pause.unwrap_or_default().max(own);
    (may_pass && attempts < MAX_ATTEMPTS && wanted < left).then_some(wanted)
}

/// The value of a header `Retry-After`: seconds, or a date; `now` in seconds of the unix epoch.
pub fn retry_after(value: &str, now: i64) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(Duration::from_secs(u64::from(seconds)));
    }
    Some(Duration::from_secs(u64::try_from(http_date(value)?.saturating_sub(now)).unwrap_or_default()))
}

/// An instant of a header, in seconds of the unix epoch.
pub fn http_date(value: &str) -> Option<i64> {
    let parsed = rfc2822::DateTimeParser::new().parse_timestamp(value.trim().replace("GMT", "+0000"));
    parsed.ok().map(|at| at.as_second())
}

/// Whether a `Last-Modified` alone tells one version from the next: seconds do not where another one came in the same second, so
/// it must have been older than a minute when it was sent (RFC 9110, 8.8.2.2).
pub fn is_strong(last_modified: &str, sent: i64) -> bool {
    http_date(last_modified).is_some_and(|at| sent.saturating_sub(at) >= 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Duration = Duration::from_secs(60);

    #[test]
    fn only_what_may_pass_is_asked_again() {
        for (trouble, again) in [
            (Trouble::Broken, true),
            (Trouble::Status(429), true),
            (Trouble::Status(500), true),
            (Trouble::Status(503), true),
            (Trouble::Status(501), false),
            (Trouble::Status(400), false),
            (Trouble::Status(404), false),
            (Trouble::Status(301), false),
        ] {
            assert_eq!(pause(trouble, 1, None, LEFT).is_some(), again, "{trouble:?}");
        }
    }

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..=5).map(|attempts| pause(Trouble::Broken, attempts, None, LEFT)).collect();
        let expected = [Some(500), Some(1000), Some(2000), None, None];
        assert_eq!(pauses, expected.map(|pause| pause.map(Duration::from_millis)));
        assert_eq!(pause(Trouble::Broken, 1, None, Duration::from_millis(500)), None);
    }

    #[test]
    fn a_server_may_ask_for_more_but_not_for_ever() {
        let asked = |seconds| pause(Trouble::Status(429), 1, Some(Duration::from_secs(seconds)), LEFT);
        assert_eq!(asked(0), Some(FIRST_PAUSE));
        assert_eq!(asked(7), Some(Duration::from_secs(7)));
        assert_eq!(asked(60), None);
        assert_eq!(asked(u64::MAX), None);
    }

    #[test]
    fn a_last_modified_of_just_now_tells_nothing() {
        let value = "Wed, 21 Oct 2015 07:28:00 GMT";
        let at = 1_445_412_480;
        for (value, sent, strong) in [
            (value, at, false),
            (value, at + 59, false),
            (value, at + 60, true),
            (value, at - 60, false),
            ("soon", at, false),
        ] {
            assert_eq!(is_strong(value, sent), strong, "{value} at {sent}");
        }
    }

    #[test]
    fn both_spellings_of_retry_after_are_read() {
        let now = 1_445_412_480; // Wed, 21 Oct 2015 07:28:00 GMT
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Wed, 21 Oct 2015 07:28:30 GMT", Some(30)),
            ("Wed, 21 Oct 2015 07:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("99999999999999", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
