//! Rows of the ledger.

use super::{Instant, amount, of_server, to_server};
use crate::pg::arrays::texts_arg;
use crate::pg::composite::{numeric, optional_jsonb};
use crate::pg::session;
use crate::pg::shape::Kind::{Big, Instant as At, Integer, Json, Number, Text, Uuid as Id};
use crate::pg::spi::{Arg, Row, Snapshot, arg, timestamp_arg, timestamps_arg};
use crate::{lookup, written};
use model_access_domain::charge::Charge;
use model_access_domain::id;
use model_access_domain::limit::{Amount, Caller, shortest};
use model_access_domain::usage::Usage;
use pgrx::Uuid;

lookup!(INSERT, include_str!("../../../sql/queries/ledger_insert.sql"));
lookup!(RECEIPT, include_str!("../../../sql/queries/ledger_receipt.sql"));
written!(
    ROW,
    c"ai_usage",
    [
        (c"id", Id),
        (c"user_id", Id),
        (c"organization_id", Id),
        (c"tier", Text),
        (c"plan", Text),
        (c"model", Text),
        (c"tokens_used", Big),
        (c"prompt_tokens", Big),
        (c"completion_tokens", Big),
        (c"cached_tokens", Big),
        (c"cache_write_tokens", Big),
        (c"reasoning_tokens", Big),
        (c"requests", Integer),
        (c"reservation_id", Id),
        (c"idempotency_key", Text),
        (c"created_at", At),
        (c"occurred_at", At),
        (c"price_id", Big),
        (c"cost_source", Text),
        (c"cost_usd", Number),
        (c"markup_percent", Number),
        (c"markup_usd", Number),
        (c"total_usd", Number),
        (c"computed_usd", Number),
        (c"other_usage", Json)
    ]
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
    /// What a row says that nobody changed on its way.
    fn of(line: &Line) -> Self {
        let charge = &line.charge;
        Self {
            model: line.model.to_owned(),
            tokens: line.usage.total_tokens,
            usd: [charge.cost_usd.clone(), charge.markup_usd(), charge.total_usd()]
                .map(|usd| usd.as_ref().map(shortest)),
            cost_source: charge.source.word().to_owned(),
        }
    }

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

/// Stores usage of one call, and returns what the ledger says of it then; `None` where the row did not come to be.
pub fn store(line: &Line, now: Instant) -> Option<Stored> {
    if ROW.with(|rows| rows.insert(&[row_args(line, now)])).is_some() {
        return Some(Stored::of(line));
    }
    insert_by_statement(std::slice::from_ref(line), now);
    read_back(line.id, line.occurred_at)
}

/// A row, whenever it was committed; `None` when it is no longer kept.
pub fn read_back(usage_id: Uuid, occurred_at: Instant) -> Option<Stored> {
    let args = [arg(usage_id), timestamp_arg(occurred_at)];
    RECEIPT.with(|query| query.first(Snapshot::Fresh, &args, Stored::read))
}

/// The columns of [`ROW`].
fn row_args(line: &Line, now: Instant) -> [Arg; 25] {
    let number = |amount: Option<&Amount>| numeric(amount.map(shortest).as_ref());
    let Line { caller, usage, charge, .. } = line;
    [
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
        optional_jsonb(usage.other.to_json()),
    ]
}

/// Stores usage.
pub fn insert(lines: &[Line], now: Instant) {
    let rows: Vec<_> = lines.iter().map(|line| row_args(line, now)).collect();
    if !lines.is_empty() && ROW.with(|table| table.insert(&rows)).is_none() {
        insert_by_statement(lines, now);
    }
}

fn insert_by_statement(lines: &[Line], now: Instant) {
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
