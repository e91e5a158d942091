//! Windows of quotas: every instant has one, and they follow each other without gap or overlap.

use crate::lines;
use model_access_domain::window::{Calendar, Instant, Period, Window, Zone};

/// A period, a zone, an instant, and perhaps an anchor: words and microseconds since 2000.
pub fn check(input: &[u8]) {
    let mut lines = lines(input);
    let Some(period) = lines.next().and_then(Period::of_word) else { return };
    let Some(zone) = lines.next().and_then(Zone::of_name) else { return };
    let Some(at) = lines.next().and_then(|at| at.parse().ok()) else { return };
    let anchor = lines.next().and_then(|anchor| anchor.parse().ok());
    let calendar = Calendar { period, zone, anchor };
    let window = calendar.window(at);
    assert!(window.start < window.end && window.contains(at), "{calendar:?} {at} {window:?}");
    neighbours_touch(&calendar, window);
    is_about_as_long(period, window);
}

fn neighbours_touch(calendar: &Calendar, window: Window) {
    if window.start > Instant::MIN {
        assert_eq!(calendar.window(window.start), window, "its first instant is inside");
        assert_eq!(calendar.window(window.start - 1).end, window.start, "{calendar:?} has a gap before {window:?}");
    }
    if window.end < Instant::MAX {
        assert_eq!(calendar.window(window.end - 1), window, "its last instant is inside");
        assert_eq!(calendar.window(window.end).start, window.end, "{calendar:?} has a gap after {window:?}");
    }
}

/// Days may have 21 to 27 hours and be skipped once; where a window ends at an infinity there is nothing to measure.
fn is_about_as_long(period: Period, window: Window) {
    let hours = |count: i64| count * 3_600_000_000;
    let (least, most) = match period {
        Period::Minutely => (60_000_000, 60_000_000),
        Period::Hourly => (hours(1), hours(1)),
        Period::Daily => (hours(18), hours(48)),
        Period::Weekly => (hours(6 * 24 - 6), hours(8 * 24)),
        Period::Monthly => (hours(27 * 24 - 6), hours(33 * 24)),
        Period::Yearly => (hours(363 * 24), hours(368 * 24)),
        Period::Lifetime => return,
    };
    if window.start > Instant::MIN && window.end < Instant::MAX {
        assert!((least..=most).contains(&(window.end - window.start)), "{period:?} {window:?}");
    }
}
