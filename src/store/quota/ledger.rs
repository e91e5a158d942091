//! Rows of the ledger.

use super::{Instant, of_server, to_server};
use crate::lookup;
use crate::pg::session;
use crate::pg::spi::{Arg, arg, timestamp_arg, timestamps_arg};
use crate::pg::text_array::texts_arg;
use model_access_domain::charge::Charge;
use model_access_domain::id;
use model_access_domain::limit::{Amount, Caller};
use model_access_domain::usage::Usage;
use pgrx::Uuid;

lookup!(INSERT, include_str!("../../../sql/queries/ledger_insert.sql"));

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
        lines.iter().map(|line| of(&line.charge).map(|amount| amount.normalized().to_plain_string())).collect();
    texts_arg(texts.iter().map(Option::as_deref))
}

fn others(lines: &[Line]) -> Arg {
    let texts: Vec<Option<String>> =
        lines.iter().map(|line| line.usage.other.to_json().map(|other| other.to_string())).collect();
    texts_arg(texts.iter().map(Option::as_deref))
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
