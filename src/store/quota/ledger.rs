//! Rows of the ledger.

use super::{Instant, amount, counters, of_server, to_server};
use crate::lookup;
use crate::pg::arrays::texts_arg;
use crate::pg::composite::numeric;
use crate::pg::session;
use crate::pg::spi::{Arg, Row, Snapshot, arg, timestamp_arg, timestamps_arg};
use model_access_domain::charge::Charge;
use model_access_domain::counter::Slot;
use model_access_domain::id;
use model_access_domain::limit::{Amount, Caller, shortest};
use model_access_domain::usage::Usage;
use pgrx::Uuid;

lookup!(INSERT, include_str!("../../../sql/queries/ledger_insert.sql"));

lookup!(
    INSERT_ONE,
    concat!(
        "WITH counter AS (\n",
        include_str!("../../../sql/queries/quota_counter_write_one.sql"),
        ")\n",
        include_str!("../../../sql/queries/ledger_insert_one.sql")
    )
);
lookup!(
    SETTLE_ONE,
    concat!(
        "WITH counter AS (\n",
        include_str!("../../../sql/queries/quota_counter_write_one.sql"),
        ")\n",
        include_str!("../../../sql/queries/reservation_settle.sql"),
        include_str!("../../../sql/queries/ledger_insert_one.sql")
    )
);

/// Usage to be stored.
pub struct Line<'a> {
    /// Its key.
    pub id: Uuid,
    /// Who used.
    pub caller: &'a Caller,
    /// Which model.
    pub model: &'a str,
    /// How much.
    pub usage: Usage,
    /// The reservation that is settled.
    pub reservation: Option<Uuid>,
    /// The caller's key.
    pub key: Option<&'a str>,
    /// When the call was admitted.
    pub occurred_at: Instant,
    /// The price row that was in force then.
    pub price_id: Option<i64>,
    /// What it costs.
    pub charge: Charge,
}

/// A new key of now.
pub fn new_id(now: Instant) -> Uuid {
    to_server(id::ordered(now, of_server(session::random_uuid())))
}

fn amounts(lines: &[Line], of: impl Fn(&Charge) -> Option<Amount>) -> Arg {
    let texts: Vec<Option<String>> =
        lines.iter().map(|line| of(&line.charge).map(|amount| shortest(&amount).to_plain_string())).collect();
    texts_arg(texts.iter().map(Option::as_deref))
}

fn others(lines: &[Line]) -> Arg {
    let texts: Vec<Option<String>> =
        lines.iter().map(|line| line.usage.other.to_json().map(|other| other.to_string())).collect();
    texts_arg(texts.iter().map(Option::as_deref))
}

/// What the ledger says of a row that was stored.
pub struct Stored {
    /// The model.
    pub model: String,
    /// Tokens in all.
    pub tokens: i64,
    /// Cost, markup and total in USD; NULL while not known.
    pub usd: [Option<Amount>; 3],
    /// Where the cost comes from.
    pub cost_source: String,
}

impl Stored {
    /// From the six columns of `ledger_receipt.sql`.
    pub fn read(row: &Row) -> Self {
        Self {
            model: row.get::<String>(1).unwrap_or_default(),
            tokens: row.get::<i64>(2).unwrap_or_default(),
            usd: [3, 4, 5].map(|position| amount(row, position)),
            cost_source: row.get::<String>(6).unwrap_or_default(),
        }
    }
}

/// Stores usage of one call and the counter that counts it, by one statement; `None` where the row did not come to be.
pub fn insert_one(line: &Line, counter: Option<&Slot>, now: Instant) -> Option<Stored> {
    let args = one_args(line, counter, now);
    INSERT_ONE.with(|query| query.first(Snapshot::Latest, &args, Stored::read))
}

/// As [`insert_one`], and ends the reservation that is settled, with what it holds. It is locked, and so is the counter.
pub fn settle_one(line: &Line, counter: Option<&Slot>, fingerprint: i64, now: Instant) -> Option<Stored> {
    let mut args = one_args(line, counter, now);
    args.push(arg(fingerprint));
    SETTLE_ONE.with(|query| query.first(Snapshot::Latest, &args, Stored::read))
}

fn one_args(line: &Line, counter: Option<&Slot>, now: Instant) -> Vec<Arg> {
    let number = |amount: Option<&Amount>| numeric(amount.map(shortest).as_ref());
    let Line { caller, usage, charge, .. } = line;
    let mut args = Vec::with_capacity(34);
    args.extend(counters::row_args(counter));
    args.extend([
        arg(line.id),
        arg(to_server(caller.user)),
        arg(caller.organization.map(to_server)),
        arg(caller.tier.as_str()),
        arg(caller.plan.as_deref()),
        arg(line.model),
        arg(usage.total_tokens),
        arg(usage.prompt_tokens),
        arg(usage.completion_tokens),
        arg(usage.cached_tokens),
        arg(usage.cache_write_tokens),
        arg(usage.reasoning_tokens),
        arg(usage.requests),
        arg(line.reservation),
        arg(line.key),
        timestamp_arg(now),
        timestamp_arg(line.occurred_at),
        arg(line.price_id),
        arg(charge.source.word()),
        number(charge.cost_usd.as_ref()),
        number(Some(&charge.markup_percent)),
        number(charge.markup_usd().as_ref()),
        number(charge.total_usd().as_ref()),
        number(charge.computed_usd.as_ref()),
        arg(usage.other.to_json().map(|other| other.to_string())),
    ]);
    args
}

/// Stores usage.
pub fn insert(lines: &[Line], now: Instant) {
    if lines.is_empty() {
        return;
    }
    let counts = |of: fn(&Usage) -> i64| arg(lines.iter().map(|line| of(&line.usage)).collect::<Vec<i64>>());
    let args = [
        arg(lines.iter().map(|line| line.id).collect::<Vec<Uuid>>()),
        arg(lines.iter().map(|line| to_server(line.caller.user)).collect::<Vec<Uuid>>()),
        arg(lines.iter().map(|line| line.caller.organization.map(to_server)).collect::<Vec<Option<Uuid>>>()),
        texts_arg(lines.iter().map(|line| Some(line.caller.tier.as_str()))),
        texts_arg(lines.iter().map(|line| line.caller.plan.as_deref())),
        texts_arg(lines.iter().map(|line| Some(line.model))),
        counts(|usage| usage.total_tokens),
        counts(|usage| usage.prompt_tokens),
        counts(|usage| usage.completion_tokens),
        counts(|usage| usage.cached_tokens),
        counts(|usage| usage.cache_write_tokens),
        counts(|usage| usage.reasoning_tokens),
        arg(lines.iter().map(|line| line.usage.requests).collect::<Vec<i32>>()),
        arg(lines.iter().map(|line| line.reservation).collect::<Vec<Option<Uuid>>>()),
        texts_arg(lines.iter().map(|line| line.key)),
        timestamp_arg(now),
        timestamps_arg(lines.iter().map(|line| line.occurred_at).collect()),
        arg(lines.iter().map(|line| line.price_id).collect::<Vec<Option<i64>>>()),
        texts_arg(lines.iter().map(|line| Some(line.charge.source.word()))),
        amounts(lines, |charge| charge.cost_usd.clone()),
        amounts(lines, |charge| Some(charge.markup_percent.clone())),
        amounts(lines, Charge::markup_usd),
        amounts(lines, Charge::total_usd),
        amounts(lines, |charge| charge.computed_usd.clone()),
        others(lines),
    ];
    INSERT.with(|query| query.execute(&args));
}
