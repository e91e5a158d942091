//! The windows in which quotas count: half-open, without gap or overlap, in elapsed or in civil time of a zone.
//!
//! A boundary number `k` has a civil date-time, computed from the anchor and `k` alone, and that an instant. Those
//! instants never fall when `k` rises, for no zone ever skipped more than the day between two boundaries; but two may
//! be one where a whole day is skipped (Pacific/Apia, 2011-12-30). So the window of an instant lies between the last
//! boundary not after it and the first one after it; the instant's civil time finds both within a step or two.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use std::sync::LazyLock;

/// Microseconds since 2000-01-01 00:00 UTC, as PostgreSQL stores a timestamptz; `i64::MIN` and `MAX` are infinite.
pub type Instant = i64;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// From 1970 to 2000.
const UNIX_TO_2000: i64 = 10_957 * DAY;
/// Civil boundaries are told apart from the year −9600 to 9600: whole cycles of 400 years, well inside jiff's range. Of
/// PostgreSQL's instants that leaves out the years beyond 9600, which share one window.
const CYCLE: i64 = 146_097 * DAY;
const FIRST: Instant = -29 * CYCLE;
const LAST: Instant = 19 * CYCLE;
/// 2001-01-01 00:00: a midnight, a Monday, the first of a month and of a year.
const NO_ANCHOR: i64 = 366 * DAY;

/// How often a limit starts anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Every 60 seconds.
    Minutely,
    /// Every 3600 seconds, whatever the clocks do.
    Hourly,
    /// Every civil day: 23 or 25 hours when the clocks change.
    Daily,
    /// Every seven civil days.
    Weekly,
    /// Every civil month.
    Monthly,
    /// Every civil year.
    Yearly,
    /// Never.
    Lifetime,
}

impl Period {
    const ALL: [Self; 7] =
        [Self::Minutely, Self::Hourly, Self::Daily, Self::Weekly, Self::Monthly, Self::Yearly, Self::Lifetime];

    /// Reads `quota_limits.period`.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.word() == word)
    }

    /// The word that is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Minutely => "minutely",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Yearly => "yearly",
            Self::Lifetime => "lifetime",
        }
    }

    fn step(self) -> Step {
        match self {
            Self::Minutely => Step::Elapsed(60 * SECOND),
            Self::Hourly => Step::Elapsed(3600 * SECOND),
            Self::Daily => Step::Days(DAY),
            Self::Weekly => Step::Days(7 * DAY),
            Self::Monthly => Step::Months(1),
            Self::Yearly => Step::Months(12),
            Self::Lifetime => Step::Endless,
        }
    }
}

#[derive(Clone, Copy)]
enum Step {
    /// Microseconds of elapsed time.
    Elapsed(i64),
    /// Whole civil days, in microseconds.
    Days(i64),
    Months(i64),
    Endless,
}

/// From `start` on until before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first instant inside.
    pub start: Instant,
    /// The first instant outside; infinity has none outside.
    pub end: Instant,
}

impl Window {
    const ENDLESS: Self = Self { start: Instant::MIN, end: Instant::MAX };

    /// Whether the instant lies inside. A window that ends at infinity holds infinity too.
    pub fn contains(&self, at: Instant) -> bool {
        self.start <= at && (at < self.end || self.end == Instant::MAX)
    }
}

/// A time zone of the bundled IANA database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of limits that name none.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Reads an IANA name (`UTC`, `Asia/Tokyo`) in any case of letters.
    pub fn of_name(name: &str) -> Option<Self> {
        static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
        DATABASE.get(name).ok().filter(|zone| !zone.is_unknown()).map(Self)
    }

    /// The civil time of an instant, in microseconds since 2000-01-01 00:00 on the zone's own calendar.
    fn civil(&self, at: Instant) -> Option<i64> {
        let seconds = self.0.to_offset(timestamp(at)?).seconds();
        at.checked_add(i64::from(seconds) * SECOND)
    }

    /// The instant of a civil time: after a gap by as much as the time lies in it, the first of two in a fold.
    fn instant(&self, civil: DateTime) -> Option<Instant> {
        let timestamp = self.0.to_ambiguous_timestamp(civil).compatible().ok()?;
        Some(timestamp.as_microsecond() - UNIX_TO_2000)
    }
}

/// When a limit counts anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// How often.
    pub period: Period,
    /// In whose civil time days, weeks, months and years begin.
    pub zone: Zone,
    /// An instant at which one window begins, in the past or the future. Without one they begin at whole minutes and
    /// hours of UTC, at local midnight, on Mondays, on the 1st, on 1 January. Of an anchor that falls into the repeated
    /// hour of a clock change the first occurrence counts, and one beyond the years −9600 to 9600 counts as none.
    pub anchor: Option<Instant>,
}

impl Calendar {
    /// The window that holds the instant: never empty, for any instant at all.
    ///
    /// Of days and longer periods one window reaches from −infinity to the first boundary of the year −9600, and one
    /// from the last boundary before 9600 to infinity.
    pub fn window(&self, at: Instant) -> Window {
        let anchor = self.anchor.filter(|anchor| (FIRST..LAST).contains(anchor));
        let origin = || anchor.and_then(|anchor| self.zone.civil(anchor)).unwrap_or(NO_ANCHOR);
        match self.period.step() {
            Step::Endless => Window::ENDLESS,
            Step::Elapsed(length) => elapsed(at, anchor.unwrap_or(0), length),
            Step::Days(length) => self.civil_window(&Days { length, phase: origin().rem_euclid(length) }, at),
            Step::Months(length) => match date_time(origin()) {
                Some(origin) => self.civil_window(&Months { length, origin }, at),
                None => Window::ENDLESS,
            },
        }
    }

    fn civil_window(&self, grid: &impl Grid, at: Instant) -> Window {
        let at = at.clamp(FIRST, LAST - 1);
        let Some(mut number) = self.zone.civil(at).and_then(|civil| grid.number(civil)) else {
            return Window::ENDLESS;
        };
        let (mut start, mut end) = (self.boundary(grid, number), self.boundary(grid, number + 1));
        while start > at {
            number -= 1;
            (start, end) = (self.boundary(grid, number), start);
        }
        while end <= at {
            number += 1;
            (start, end) = (end, self.boundary(grid, number + 1));
        }
        Window { start, end }
    }

    fn boundary(&self, grid: &impl Grid, number: i64) -> Instant {
        match grid.civil(number).and_then(|civil| self.zone.instant(civil)) {
            Some(instant) if FIRST < instant && instant < LAST => instant,
            Some(instant) if instant <= FIRST => Instant::MIN,
            None if number < 0 => Instant::MIN,
            _ => Instant::MAX,
        }
    }
}

/// Numbered civil boundaries, rising with their numbers; number 0 lies near the year 0 or 2000.
trait Grid {
    /// The number of the last boundary not after a civil time.
    fn number(&self, civil: i64) -> Option<i64>;
    /// The boundary of that number; `None` beyond the calendar.
    fn civil(&self, number: i64) -> Option<DateTime>;
}

struct Days {
    length: i64,
    phase: i64,
}

impl Grid for Days {
    fn number(&self, civil: i64) -> Option<i64> {
        Some((civil - self.phase).div_euclid(self.length))
    }

    fn civil(&self, number: i64) -> Option<DateTime> {
        date_time(number * self.length + self.phase)
    }
}

struct Months {
    length: i64,
    origin: DateTime,
}

impl Grid for Months {
    fn number(&self, civil: i64) -> Option<i64> {
        let civil = date_time(civil)?;
        let month = i64::from(civil.year()) * 12 + i64::from(civil.month()) - i64::from(self.origin.month());
        let number = month.div_euclid(self.length);
        Some(if self.civil(number)? > civil { number - 1 } else { number })
    }

    fn civil(&self, number: i64) -> Option<DateTime> {
        let month = number * self.length + i64::from(self.origin.month()) - 1;
        let year = i16::try_from(month.div_euclid(12)).ok()?;
        let first = Date::new(year, i8::try_from(month.rem_euclid(12) + 1).ok()?, 1).ok()?;
        // From the anchor's own day each time: a February in between does not turn the 31st into the 28th for good.
        let day = self.origin.day().min(first.days_in_month());
        Some(DateTime::from_parts(Date::new(year, first.month(), day).ok()?, self.origin.time()))
    }
}

/// Steps of elapsed time, cut off at the infinities. Infinity lies in the last window.
fn elapsed(at: Instant, anchor: Instant, length: i64) -> Window {
    let at = at.min(Instant::MAX - 1);
    let inside = (at.rem_euclid(length) - anchor.rem_euclid(length)).rem_euclid(length);
    Window { start: at.saturating_sub(inside), end: at.saturating_add(length - inside) }
}

fn timestamp(at: Instant) -> Option<Timestamp> {
    Timestamp::from_microsecond(at.checked_add(UNIX_TO_2000)?).ok()
}

/// The civil date-time so many microseconds after 2000-01-01 00:00.
fn date_time(civil: i64) -> Option<DateTime> {
    timestamp(civil).map(|timestamp| Offset::UTC.to_datetime(timestamp))
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
