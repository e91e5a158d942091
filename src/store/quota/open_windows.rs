//! How far back the windows reach that are open.

use super::Instant;
use crate::error::Error;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, timestamp_arg};
use crate::statement;
use model_access_domain::limit::{Limit, Source};
use model_access_domain::window::{Calendar, Period, Zone};

statement!(
    CALENDARS,
    "SELECT pg_catalog.min(l.limit_id), l.period, l.time_zone, l.anchor FROM public.quota_limits AS l
      WHERE l.period IS NOT NULL GROUP BY l.period, l.time_zone, l.anchor"
);
statement!(
    COUNTERS,
    "SELECT pg_catalog.min(u.window_start) FROM public.quota_usage AS u
      WHERE u.window_end OPERATOR(pg_catalog.>) $1 AND u.window_start OPERATOR(pg_catalog.>) '-infinity'"
);

/// Windows that ended so long ago, a day in microseconds, count as open: a call that began before may still be at work.
const MARGIN: i64 = 86_400_000_000;

/// The earliest beginning of a window that is open: of limits, of counters, of the models' own limits. Those that never began,
/// as for life, aside. 55000 for a limit that cannot be understood.
pub fn earliest(now: Instant) -> Result<Instant, Error> {
    let at = now.saturating_sub(MARGIN);
    let of_models = Limit::of_model(Source::Monthly, "", None).window(at).start;
    if session::public_relation(c"quota_limits").is_none() {
        return Ok(of_models);
    }
    let calendars: Vec<Calendar> =
        CALENDARS.with(|query| query.rows(Snapshot::Fresh, &[], calendar)).into_iter().collect::<Result<_, _>>()?;
    let limits = calendars.iter().map(|calendar| calendar.window(at).start).filter(|start| *start != Instant::MIN);
    let counters =
        COUNTERS.with(|query| query.first(Snapshot::Fresh, &[timestamp_arg(at)], |row| row.timestamp(1))).flatten();
    Ok(limits.chain(counters).fold(of_models, Instant::min))
}

fn calendar(row: &Row) -> Result<Calendar, Error> {
    let text = |position| row.get::<String>(position).unwrap_or_default();
    let broken = |column, value| Error::BrokenLimit(row.get::<i64>(1).unwrap_or_default(), column, value);
    Ok(Calendar {
        period: Period::of_word(&text(2)).ok_or_else(|| broken("period", text(2)))?,
        zone: Zone::of_name(&text(3)).ok_or_else(|| broken("time_zone", text(3)))?,
        anchor: row.timestamp(4),
    })
}
