//! What calls cost at the prices that are known now, where our own prices said what they cost.

use super::corrections::{self, Correction, Money};
use super::{Instant, amount, amount_or_zero, costs, locks};
use crate::error::Error;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::pg::{memory, session};
use crate::statement;
use crate::store::audit::{self, Author, Decision};
use crate::store::installation::Installation;
use crate::store::prices::Price;
use model_access_domain::charge::markup;
use model_access_domain::limit::Amount;
use model_access_domain::other_usage::OtherUsage;
use model_access_domain::usage::Usage;
use pgrx::Uuid;
use serde_json::{Value, json};

statement!(PRICES, include_str!("../../../sql/queries/reprice_prices.sql"));
statement!(ROWS, include_str!("../../../sql/queries/reprice_rows.sql"));

/// So many rows are read and corrected at once.
const CHUNK: i32 = 1000;

/// Which rows, and why.
pub struct Repricing<'a> {
    /// Of this model.
    pub model: &'a str,
    /// From then on.
    pub from: Instant,
    /// Until before then.
    pub to: Instant,
    /// Who wants it, and why.
    pub author: &'a Author,
}

/// What was done.
#[derive(Default)]
pub struct Repriced {
    /// Rows whose cost is our own or unknown, and that were not voided.
    pub seen: i64,
    /// Of these: those that cost something else now.
    pub corrected: i64,
    /// Of these: those whose price is not known.
    pub unknown: i64,
    /// What the corrections come to.
    pub change: Money,
}

/// A price and when it held.
struct Held {
    price: Price,
    from: Instant,
    to: Option<Instant>,
}

/// A row of the ledger.
struct Line {
    id: Uuid,
    occurred_at: Instant,
    usage: Usage,
    markup_percent: Amount,
    /// Nobody has ever said what it cost.
    is_unknown: bool,
    net: Money,
    is_voided: bool,
    /// Its cost was computed from its parts, whatever they are.
    is_computed: bool,
}

fn line(row: &Row) -> Option<Line> {
    let count = |position| row.get::<i64>(position).unwrap_or_default();
    let other = row.get::<String>(10).and_then(|text| serde_json::from_str(&text).ok());
    let [cost, markup, total] = [13, 14, 15].map(|position| amount_or_zero(row, position));
    Some(Line {
        id: row.get::<Uuid>(1)?,
        occurred_at: row.timestamp(2)?,
        usage: Usage {
            prompt_tokens: count(3),
            completion_tokens: count(4),
            cached_tokens: count(5),
            cache_write_tokens: count(6),
            reasoning_tokens: count(7),
            total_tokens: count(8),
            requests: row.get::<i32>(9).unwrap_or_default(),
            other: other.map(|kept| OtherUsage::of_json(&kept)).unwrap_or_default(),
        },
        markup_percent: amount(row, 11).unwrap_or_default(),
        is_unknown: row.get::<bool>(12) == Some(true),
        net: Money { cost, markup, total },
        is_voided: row.get::<bool>(16) == Some(true),
        is_computed: row.get::<bool>(17) == Some(true),
    })
}

/// The price that held at an instant, else the first one after it.
fn price_of(prices: &[Held], at: Instant) -> Option<&Price> {
    let in_force = |held: &&Held| held.from <= at && held.to.is_none_or(|to| at < to);
    let found = prices.iter().rev().find(in_force).or_else(|| prices.iter().find(|held| held.from > at));
    found.map(|held| &held.price)
}

/// What usage costs. Where only the sum of its tokens is known, the most that it can cost, as it was when it was stored.
fn cost(price: &Price, line: &Line) -> Option<Amount> {
    let Line { usage, occurred_at: at, .. } = line;
    if knows_only_the_sum(line) {
        return costs::most(price, usage, *at);
    }
    Some(price.pricing.as_ref().ok()?.bill(usage, *at).ok()?.total)
}

/// Whether how the tokens divide is not known. An image or a search without any token is known as well as can be.
fn knows_only_the_sum(line: &Line) -> bool {
    let Usage { prompt_tokens, completion_tokens, other, .. } = line.usage;
    !line.is_computed && prompt_tokens == 0 && completion_tokens == 0 && other == OtherUsage::default()
}

/// Brings rows whose cost is our own, or unknown, in line with the prices of their instants, by corrections. Costs that a
/// provider or an application said, and rows that were voided, stay.
pub fn reprice(installation: &Installation, repricing: &Repricing, now: Instant) -> Result<Repriced, Error> {
    installation.as_owner(|| {
        locks::lock_corrections();
        let held =
            |row: &Row| Some(Held { price: Price::read(row, 1)?, from: row.timestamp(3)?, to: row.timestamp(4) });
        let found = PRICES.with(|query| query.rows(Snapshot::Fresh, &[arg(repricing.model)], held));
        let prices: Vec<Held> = found.into_iter().flatten().collect();
        let mut done = Repriced::default();
        let mut last = Some((Uuid::from_bytes([0; 16]), Instant::MIN));
        while let Some(after) = last {
            last = memory::given_back(|| chunk(repricing, &prices, after, now, &mut done))?;
        }
        if done.corrected > 0 {
            note(repricing, &done);
        }
        Ok(done)
    })
}

fn note(repricing: &Repricing, done: &Repriced) {
    let decision = Decision {
        action: "usage_repriced",
        resource_type: "model",
        resource_id: repricing.model,
        organization: None,
        old: Value::Null,
        new: json!({
            "from": session::iso_8601(repricing.from),
            "to": session::iso_8601(repricing.to),
            "rows_corrected": done.corrected,
            "change": done.change.told(),
        }),
    };
    audit::note(decision, repricing.author);
}

/// Reprices some rows after one; returns the last of them, `None` when there are no more.
fn chunk(
    repricing: &Repricing,
    prices: &[Held],
    after: (Uuid, Instant),
    now: Instant,
    done: &mut Repriced,
) -> Result<Option<(Uuid, Instant)>, Error> {
    let args = [
        arg(repricing.model),
        timestamp_arg(repricing.from),
        timestamp_arg(repricing.to),
        arg(after.0),
        timestamp_arg(after.1),
        arg(i64::from(CHUNK)),
    ];
    let lines: Vec<Line> = ROWS.with(|query| query.rows(Snapshot::Fresh, &args, line)).into_iter().flatten().collect();
    let last = lines.last().map(|line| (line.id, line.occurred_at));
    let mut corrections = Vec::new();
    for line in lines.into_iter().filter(|line| !line.is_voided) {
        done.seen += 1;
        let price = price_of(prices, line.occurred_at);
        match price.and_then(|price| Some((price.id, cost(price, &line)?))) {
            None => done.unknown += 1,
            Some((price_id, cost)) => corrections.extend(correction(line, price_id, cost)),
        }
    }
    if !corrections.is_empty() {
        let reason = repricing.author.reason.as_deref().unwrap_or_default();
        corrections::insert(&corrections, "repriced", reason, now)?;
    }
    for Correction { change, .. } in corrections {
        done.corrected += 1;
        done.change.cost += change.cost;
        done.change.total += change.total;
        done.change.markup += change.markup;
    }
    Ok(last)
}

/// What makes a row cost what it should; `None` when it does. A cost that was not known is told even when it is nothing.
fn correction(line: Line, price_id: i64, cost: Amount) -> Option<Correction> {
    let markup = markup(&cost, &line.markup_percent);
    let total = &cost + &markup;
    let change = Money { cost: cost - line.net.cost, markup: markup - line.net.markup, total: total - line.net.total };
    (line.is_unknown || change != Money::default()).then_some(Correction {
        of: line.id,
        occurred_at: line.occurred_at,
        change,
        price_id: Some(price_id),
    })
}
